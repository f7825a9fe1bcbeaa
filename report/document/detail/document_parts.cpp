#include <hyperego/core/number_text.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/how_to_read.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <utility>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

template <typename... Values>
std::string formatted(const char* format, Values... values) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

}  // namespace

ordered_json empty_table(std::vector<std::string> columns) {
  return {{"columns", std::move(columns)}, {"rows", ordered_json::array()}};
}

ordered_json empty_section(const std::string& id, const std::string& title) {
  return {{"id", id},
          {"title", title},
          {"text", ordered_json::array()},
          {"figures", ordered_json::array()},
          {"tables", ordered_json::array()}};
}

void add_figure(ordered_json& section, const std::string& id, const std::string& title, const std::string& caption,
                ordered_json chart, ordered_json data) {
  std::string reading = how_to_read(chart.at("kind").get<std::string>());
  section["figures"].push_back({{"id", id},
                                {"title", title},
                                {"caption", caption},
                                {"reading", std::move(reading)},
                                {"chart", std::move(chart)},
                                {"data", std::move(data)}});
}

void add_table(ordered_json& section, const std::string& id, const std::string& title, const ordered_json& table) {
  section["tables"].push_back(
      {{"id", id}, {"title", title}, {"columns", table.at("columns")}, {"rows", table.at("rows")}});
}

std::string in_words(double value) { return number_text(value); }

std::string counted(std::uint64_t count, const std::string& singular) {
  return std::to_string(count) + " " + singular + (count == 1 ? "" : "s");
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " and " : ", ";
    text += names[i];
  }
  return text;
}

std::string duration_in_words(double seconds) {
  if (seconds < 60) return formatted("%.3g s", seconds);
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 3600) return formatted("%lld min %02lld s", whole / 60, whole % 60);
  return formatted("%lld h %02lld min", whole / 3600, whole % 3600 / 60);
}

std::string time_in_words(double seconds) {
  if (!(seconds > 0)) return {};
  const auto whole = static_cast<std::time_t>(seconds);
  std::tm parts{};
  if (::gmtime_r(&whole, &parts) == nullptr) return {};
  std::array<char, 64> text{};
  const std::size_t length = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return std::string(text.data(), length);
}

double beside_gain(double value, double gain) { return std::abs(value) <= 1e-6 * std::abs(gain) ? 0.0 : value; }

ordered_json number_or_null(double value) { return std::isfinite(value) ? ordered_json(value) : ordered_json(nullptr); }

std::string value_in_words(const nlohmann::ordered_json& value) {
  if (value.is_number_float()) return number_text(value.get<double>());
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace hyperego::detail
