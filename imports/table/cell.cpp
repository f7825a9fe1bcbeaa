#include <hyperego/imports/table/cell.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <string>

namespace hyperego {
namespace {

/// The listed value nearest to a number, for lists whose steps were added up in floating point.
std::optional<double> nearest_listed(const Hyperparameter& hyperparameter, double number) {
  for (std::size_t i = 0; i < hyperparameter.cardinality(); ++i) {
    const Value value = hyperparameter.value_of(static_cast<double>(i));
    const auto* listed = std::get_if<double>(&value);
    if (listed != nullptr && std::abs(*listed - number) <= 1e-9 * std::max(std::abs(*listed), std::abs(number))) {
      return static_cast<double>(i);
    }
  }
  return std::nullopt;
}

bool is_listed(const Hyperparameter& hyperparameter) {
  return !std::holds_alternative<FloatDomain>(hyperparameter.domain) &&
         !std::holds_alternative<IntegerDomain>(hyperparameter.domain);
}

/// Whichever of the listed values is written like the text.
std::optional<double> code_of_text(const Hyperparameter& hyperparameter, const std::string& text) {
  if (const auto code = hyperparameter.code_of(Value(text))) return code;
  if (!is_listed(hyperparameter)) return std::nullopt;
  for (std::size_t i = 0; i < hyperparameter.cardinality(); ++i) {
    const auto code = static_cast<double>(i);
    if (to_string(hyperparameter.value_of(code)) == text) return code;
  }
  return std::nullopt;
}

}  // namespace

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
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
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

std::optional<double> code_of(const Hyperparameter& hyperparameter, const Cell& cell) {
  if (!cell) return std::nullopt;
  if (const auto* number = std::get_if<double>(&*cell); number != nullptr && !std::isfinite(*number))
    return std::nullopt;
  if (const auto* text = std::get_if<std::string>(&*cell)) {
    // A choice may be called "None" or "1", so that what it is called comes first.
    if (const auto code = code_of_text(hyperparameter, *text)) return code;
  } else if (const auto code = hyperparameter.code_of(*cell)) {
    return code;
  }
  if (const auto boolean = boolean_of(cell)) {
    if (const auto code = hyperparameter.code_of(Value(*boolean))) return code;
  }
  if (const auto number = number_of(cell); number && std::isfinite(*number)) {
    if (const auto code = hyperparameter.code_of(Value(*number))) return code;
    if (const auto code = is_listed(hyperparameter) ? nearest_listed(hyperparameter, *number) : std::nullopt)
      return code;
  }
  return is_listed(hyperparameter) ? code_of_text(hyperparameter, to_string(*cell)) : std::nullopt;
}

}  // namespace hyperego
