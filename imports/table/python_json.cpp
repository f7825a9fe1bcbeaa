#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/table/cell.hpp>
#include <hyperego/imports/table/python_json.hpp>

#include <nlohmann/json.hpp>

#include <cctype>
#include <string_view>

namespace hyperego {
namespace {

/// Words that are no JSON become "" or null of the same length, so that places in messages stay what they are.
void replace_words(std::string& text) {
  constexpr std::string_view words[][2] = {{"-Infinity", "null     "}, {"Infinity", "null    "}, {"NaN", "\"\" "}};
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && in_string) {
      ++i;
    } else if (text[i] == '"') {
      in_string = !in_string;
    }
    if (in_string) continue;
    const bool in_word = i > 0 && (std::isalnum(static_cast<unsigned char>(text[i - 1])) != 0 || text[i - 1] == '"');
    for (const auto& [word, stand_in] : words) {
      if (in_word || text.compare(i, word.size(), word) != 0) continue;
      text.replace(i, word.size(), stand_in);
      i += word.size() - 1;
      break;
    }
  }
}

}  // namespace

nlohmann::ordered_json parse_python_json(std::string text, const std::string& where) {
  if (text.find('N') != std::string::npos || text.find("Infinity") != std::string::npos) replace_words(text);
  return parse_json(text, where);
}

nlohmann::ordered_json read_python_json(const std::filesystem::path& file) {
  return parse_python_json(read_text_file(file), file.string());
}

std::vector<std::pair<std::size_t, nlohmann::ordered_json>> parse_json_lines(const std::string& text,
                                                                             const std::string& where) {
  std::vector<std::pair<std::size_t, nlohmann::ordered_json>> values;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const bool is_torn = end == text.size();
    const std::string line(trimmed(std::string_view(text).substr(begin, end - begin)));
    begin = end + 1;
    ++number;
    if (line.empty()) continue;
    try {
      values.emplace_back(number, parse_python_json(line, where + ":" + std::to_string(number)));
    } catch (const InvalidInput&) {
      if (!is_torn || values.empty()) throw;
    }
  }
  return values;
}

std::optional<double> number_or_nothing(const JsonReader& reader) {
  return reader.is_number() ? std::optional(reader.number()) : std::nullopt;
}

}  // namespace hyperego
