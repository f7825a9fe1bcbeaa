#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/non_finite_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <map>
#include <optional>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

/// The end of the string that begins at `begin`, behind its closing quote.
std::size_t end_of_string(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return text.size();
}

bool belongs_to_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '+' || c == '-' || c == '.' || c == '_';
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The value of a word where it is not finite.
std::optional<double> non_finite(std::string_view word) {
  const bool is_negative = word.front() == '-';
  const std::string_view unsigned_word = word.substr(is_negative || word.front() == '+' ? 1 : 0);
  std::string lower(unsigned_word);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); });
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (lower == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (lower == "inf" || lower == "infinity") return is_negative ? -infinity : infinity;
  if (word.front() == '+' || lower.empty() || !is_digit(lower.front())) return std::nullopt;
  const std::string number(word);
  char* end = nullptr;
  const double value = std::strtod(number.c_str(), &end);
  if (end != number.c_str() + number.size() || !std::isinf(value)) return std::nullopt;
  return value;
}

/// Puts the values in the place of the numbers that stand for them: all numbers of a text are counted in its order.
void put_back(ordered_json& json, const std::map<std::size_t, double>& values, std::size_t& count) {
  if (json.is_structured()) {
    for (ordered_json& member : json) put_back(member, values, count);
  } else if (json.is_number()) {
    if (const auto found = values.find(count++); found != values.end()) json = found->second;
  }
}

}  // namespace

ordered_json parse_json_with_non_finite(std::string_view text, const std::string& where) {
  std::string strict(text);
  std::map<std::size_t, double> values;
  std::size_t numbers = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      i = end_of_string(text, i);
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && belongs_to_word(text[end])) ++end;
    if (end == i) {
      ++i;
      continue;
    }
    const std::string_view word = text.substr(i, end - i);
    const auto value = non_finite(word);
    if (value) {
      // As long as before, so that complaints name the right column.
      strict.replace(i, word.size(), "0" + std::string(word.size() - 1, ' '));
      values[numbers] = *value;
    }
    if (value || is_digit(word.front()) || word.front() == '-') ++numbers;
    i = end;
  }
  ordered_json json = parse_json(strict, where);
  std::size_t count = 0;
  if (!values.empty()) put_back(json, values, count);
  return json;
}

}  // namespace hyperego
