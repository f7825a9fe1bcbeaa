#include <hyperego/report/page/detail/html_text.hpp>

#include <cstdint>

namespace hyperego::detail {
namespace {

unsigned nibble(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); }

}  // namespace

std::string html_escaped(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size() + text.size() / 8);
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\'':
        escaped += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n') {
          escaped += "\xEF\xBF\xBD";
        } else {
          escaped += c;
        }
    }
  }
  return escaped;
}

std::string json_for_script(std::string_view json) {
  std::string escaped;
  escaped.reserve(json.size() + json.size() / 16);
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '<') {
      escaped += "\\u003c";
    } else if (c == '>') {
      escaped += "\\u003e";
    } else if (c == '&') {
      escaped += "\\u0026";
    } else if (json.substr(i, 3) == "\xE2\x80\xA8" || json.substr(i, 3) == "\xE2\x80\xA9") {
      escaped += json[i + 2] == '\xA8' ? "\\u2028" : "\\u2029";
      i += 2;
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string base64_of_hexadecimal(std::string_view digits) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < digits.size(); i += 6) {
    std::uint32_t group = 0;
    std::size_t bytes = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group <<= 8U;
      if (i + 2 * k + 1 >= digits.size()) continue;
      group |= nibble(digits[i + 2 * k]) << 4U | nibble(digits[i + 2 * k + 1]);
      ++bytes;
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= bytes ? alphabet[group >> (18U - 6U * k) & 63U] : '=';
    }
  }
  return text;
}

}  // namespace hyperego::detail
