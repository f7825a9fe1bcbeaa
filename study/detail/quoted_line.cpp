#include <hyperego/study/detail/quoted_line.hpp>

#include <algorithm>
#include <cstddef>

namespace hyperego::detail {
namespace {

constexpr std::size_t most_characters = 80;

std::string escaped(unsigned char byte) {
  constexpr auto digits = "0123456789abcdef";
  if (byte == '\n') return "\\n";
  if (byte == '\r') return "\\r";
  if (byte == '\t') return "\\t";
  return {'\\', 'x', digits[byte / 16], digits[byte % 16]};
}

/// Length of the sound UTF-8 character at `at`, or 0 (RFC 3629; the controls of ISO 6429 count as unsound).
std::size_t character_at(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const unsigned first = byte(at);
  if (first < 0x80) return first < 0x20 || first == 0x7f ? 0 : 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0U) != 0x80) return 0;
  }
  const unsigned second = byte(at + 1);
  if (first == 0xc2 && second < 0xa0) return 0;
  if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second >= 0xa0)) return 0;
  if ((first == 0xf0 && second < 0x90) || (first == 0xf4 && second >= 0x90)) return 0;
  return length;
}

}  // namespace

std::string quoted_line(const std::string& text) {
  std::string result = "\"";
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_at(text, at);
    const std::string piece = length > 0 ? text.substr(at, length) : escaped(static_cast<unsigned char>(text[at]));
    width += length > 0 ? 1 : piece.size();
    if (width > most_characters) return result + "…\"";
    result += piece;
    at += std::max<std::size_t>(length, 1);
  }
  return result + "\"";
}

}  // namespace hyperego::detail
