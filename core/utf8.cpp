#include <hyperego/core/utf8.hpp>

#include <nlohmann/json.hpp>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

unsigned byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

/// How many bytes a character has that begins with `first`, and what its second byte may be; 0 for no beginning.
std::size_t expected_length(unsigned first, unsigned& least, unsigned& most) {
  least = 0x80;
  most = 0xBF;
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return 2;
  if (first >= 0xE0 && first <= 0xEF) {
    if (first == 0xE0) least = 0xA0;  // what fits into fewer bytes is not well-formed
    if (first == 0xED) most = 0x9F;   // nor are surrogates
    return 3;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (first == 0xF0) least = 0x90;
    if (first == 0xF4) most = 0x8F;  // up to U+10FFFF
    return 4;
  }
  return 0;
}

/// A copy whose strings are valid.
ordered_json with_valid_strings(const ordered_json& json) {
  if (json.is_string()) return valid_utf8(json.get_ref<const std::string&>());
  if (json.is_array()) {
    ordered_json copy = ordered_json::array();
    for (const ordered_json& element : json) copy.push_back(with_valid_strings(element));
    return copy;
  }
  if (!json.is_object()) return json;
  ordered_json copy = ordered_json::object();
  for (const auto& [name, value] : json.items()) copy[valid_utf8(name)] = with_valid_strings(value);
  return copy;
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  unsigned least = 0;
  unsigned most = 0;
  const std::size_t length = expected_length(byte_at(text, at), least, most);
  if (length == 0 || text.size() - at < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    const unsigned next = byte_at(text, at + i);
    if (next < least || next > most) return 0;
    least = 0x80;
    most = 0xBF;
  }
  return length;
}

std::string valid_utf8(std::string_view text) {
  constexpr auto digits = "0123456789abcdef";
  std::string valid;
  valid.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text, at);
    if (length > 0) {
      valid.append(text, at, length);
    } else {
      const unsigned byte = byte_at(text, at);
      valid += {'\\', 'x', digits[byte >> 4U], digits[byte & 0xFU]};
    }
    at += length > 0 ? length : 1;
  }
  return valid;
}

std::string dump_utf8(const ordered_json& json, int indent) {
  try {
    return json.dump(indent);
  } catch (const ordered_json::type_error&) {  // a string that is not UTF-8; rare, so that the copy is worth it
    return with_valid_strings(json).dump(indent);
  }
}

}  // namespace hyperego
