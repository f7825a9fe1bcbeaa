#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/detail/request_id.hpp>

#include <nlohmann/json.hpp>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view blanks = " \t\r\n";

/// The end of the value that begins at `begin`: the first comma or closing bracket outside of strings and of what was
/// opened since; npos where it is cut off.
std::size_t end_of_value(std::string_view text, std::size_t begin) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = begin; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      in_string = c != '"';
      continue;
    }
    if (c == '"') in_string = true;
    if (depth == 0 && (c == ',' || c == '}' || c == ']')) return i;
    if (c == '{' || c == '[') ++depth;
    if (c == '}' || c == ']') --depth;
  }
  return std::string_view::npos;
}

ordered_json value_or_null(std::string_view text) {
  try {
    return parse_json(text, "id");
  } catch (const InvalidInput&) {
    return nullptr;
  }
}

}  // namespace

ordered_json request_id(std::string_view line) {
  std::size_t at = line.find_first_not_of(blanks);
  if (at == std::string_view::npos || line[at] != '{') return nullptr;
  while (at < line.size()) {
    const std::size_t name = line.find_first_not_of(blanks, at + 1);  // behind the bracket or a comma
    if (name == std::string_view::npos) return nullptr;
    const std::size_t end = end_of_value(line, name);
    const std::string_view member = line.substr(name, end == std::string_view::npos ? end : end - name);
    constexpr std::string_view wanted = "\"id\"";
    if (member.substr(0, wanted.size()) == wanted) {
      const std::size_t colon = member.find_first_not_of(blanks, wanted.size());
      const bool is_whole = end != std::string_view::npos;
      return is_whole && colon != std::string_view::npos && member[colon] == ':'
                 ? value_or_null(member.substr(colon + 1))
                 : ordered_json(nullptr);
    }
    if (end == std::string_view::npos || line[end] != ',') return nullptr;
    at = end;
  }
  return nullptr;
}

}  // namespace hyperego::detail
