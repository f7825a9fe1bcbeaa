#include <hyperego/core/error.hpp>
#include <hyperego/core/value.hpp>

#include <nlohmann/json.hpp>

#include <charconv>
#include <cmath>
#include <limits>

namespace hyperego {
namespace {

// Exact: a comparison after conversion to double would call 2^53 + 1 and 2^53 the same.
bool same_number(std::int64_t a, double b) {
  constexpr double two_to_63 = 0x1.0p63;
  return b >= -two_to_63 && b < two_to_63 && std::trunc(b) == b && static_cast<std::int64_t>(b) == a;
}

struct SameValue {
  template <typename T>
  bool operator()(const T& a, const T& b) const {
    return a == b;
  }
  bool operator()(std::int64_t a, double b) const { return same_number(a, b); }
  bool operator()(double a, std::int64_t b) const { return same_number(b, a); }
  template <typename A, typename B>
  bool operator()(const A& /*a*/, const B& /*b*/) const {
    return false;
  }
};

struct Text {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return std::to_string(value); }
  std::string operator()(const std::string& value) const { return value; }
  std::string operator()(const JsonValue& value) const { return value.text; }
  std::string operator()(double value) const {
    char buffer[32];
    const double size = std::abs(value);
    const bool readable_without_exponent = size == 0 || (size >= 1e-5 && size < 1e15);
    const auto format = readable_without_exponent ? std::chars_format::fixed : std::chars_format::scientific;
    const auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value, format);
    return {buffer, end};
  }
};

struct Json {
  nlohmann::ordered_json operator()(const JsonValue& value) const { return nlohmann::ordered_json::parse(value.text); }
  nlohmann::ordered_json operator()(const auto& value) const { return value; }
};

}  // namespace

bool same_value(const Value& a, const Value& b) { return std::visit(SameValue{}, a, b); }

std::string to_string(const Value& value) { return std::visit(Text{}, value); }

nlohmann::ordered_json to_json(const Value& value) { return std::visit(Json{}, value); }

Value any_value_from_json(const nlohmann::ordered_json& json) {
  if (json.is_null() || json.is_structured()) return JsonValue{json.dump()};
  return value_from_json(json, {});
}

Value value_from_json(const nlohmann::ordered_json& json, const std::string& where) {
  using Json = nlohmann::ordered_json;
  switch (json.type()) {
    case Json::value_t::boolean:
      return json.get<bool>();
    case Json::value_t::string:
      return json.get<std::string>();
    case Json::value_t::number_integer:
      return json.get<std::int64_t>();
    case Json::value_t::number_unsigned: {
      const auto number = json.get<std::uint64_t>();
      if (number <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        return static_cast<std::int64_t>(number);
      }
      return static_cast<double>(number);
    }
    case Json::value_t::number_float:
      return json.get<double>();
    default:
      throw InvalidInput(where, std::string("expected a boolean, a number or a string, found ") + json.type_name());
  }
}

}  // namespace hyperego
