#include <hyperego/core/value_index.hpp>

#include <cmath>
#include <functional>
#include <string>
#include <unordered_set>

namespace hyperego {
namespace {

struct HashOfValue {
  std::size_t operator()(bool value) const { return value ? 1 : 2; }
  std::size_t operator()(std::int64_t value) const { return std::hash<std::int64_t>{}(value); }
  // 2.0 is the same as 2.
  std::size_t operator()(double value) const {
    constexpr double two_to_63 = 0x1.0p63;
    const bool is_whole = value >= -two_to_63 && value < two_to_63 && std::trunc(value) == value;
    return is_whole ? (*this)(static_cast<std::int64_t>(value)) : std::hash<double>{}(value);
  }
  std::size_t operator()(const std::string& value) const { return std::hash<std::string>{}(value); }
  std::size_t operator()(const JsonValue& value) const { return std::hash<std::string>{}(value.text); }
};

}  // namespace

std::size_t ValueHash::operator()(const Value& value) const { return std::visit(HashOfValue{}, value); }

ValueIndex::ValueIndex(const std::vector<Value>& values) {
  places_.reserve(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) places_.emplace(values[i], i);
}

std::optional<std::size_t> ValueIndex::find(const Value& value) const {
  const auto found = places_.find(value);
  return found == places_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::pair<std::size_t, std::size_t>> first_repeat(const std::vector<Value>& values) {
  const auto hash = [&](std::size_t i) { return ValueHash{}(values[i]); };
  const auto same = [&](std::size_t i, std::size_t j) { return same_value(values[i], values[j]); };
  std::unordered_set<std::size_t, decltype(hash), decltype(same)> seen(values.size(), hash, same);
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto [like, is_new] = seen.insert(i);
    if (!is_new) return std::pair(i, *like);
  }
  return std::nullopt;
}

}  // namespace hyperego
