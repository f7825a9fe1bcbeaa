#include <hyperego/imports/table/cell.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <string>

namespace hyperego {
std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

bool is_missing(const Cell& cell) {
  static const std::array<std::string_view, 9> words{"", "na", "n/a", "#n/a", "<na>", "nan", "nat", "none", "null"};
  if (!cell) return true;
  if (const auto* number = std::get_if<double>(&*cell)) return std::isnan(*number);
  const auto* text = std::get_if<std::string>(&*cell);
  if (text == nullptr || trimmed(*text).size() > 4) return false;
  return std::find(words.begin(), words.end(), lower_case(trimmed(*text))) != words.end();
}

std::optional<double> number_of(std::string_view text) {
  text = trimmed(text);
  if (text.size() > 1 && text.front() == '+' && text[1] != '-' && text[1] != '+') text.remove_prefix(1);
  if (text.empty()) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (end != text.data() + text.size()) return std::nullopt;
  // 1e400 is as good as infinite, 1e-400 is 0, whatever else from_chars() makes of them.
  if (error == std::errc::result_out_of_range) return std::strtod(std::string(text).c_str(), nullptr);
  return error == std::errc{} ? std::optional(value) : std::nullopt;
}

std::optional<double> number_of(const Cell& cell) {
  if (!cell) return std::nullopt;
  if (const auto* number = std::get_if<double>(&*cell)) return *number;
  if (const auto* number = std::get_if<std::int64_t>(&*cell)) return static_cast<double>(*number);
  if (const auto* text = std::get_if<std::string>(&*cell)) return number_of(std::string_view(*text));
  return std::nullopt;
}

std::optional<bool> boolean_of(const Cell& cell) {
  if (!cell) return std::nullopt;
  if (const auto* boolean = std::get_if<bool>(&*cell)) return *boolean;
  const auto* text = std::get_if<std::string>(&*cell);
  if (text == nullptr || text->size() > 5) return std::nullopt;
  const std::string word = lower_case(*text);
  if (word == "true") return true;
  if (word == "false") return false;
  return std::nullopt;
}

}  // namespace hyperego
