#include "terminal.hpp"

#include <hyperego/core/utf8.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <sys/ioctl.h>
#include <unistd.h>

namespace hyperego::cli {
namespace {

struct Range {
  char32_t first, last;
};

constexpr std::array combining{Range{0x300, 0x36F},   Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF},
                               Range{0x200B, 0x200F}, Range{0x20D0, 0x20FF}, Range{0xFE00, 0xFE0F},
                               Range{0xFE20, 0xFE2F}};
constexpr std::array wide{Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0x4DBF},
                          Range{0x4E00, 0xA4CF},   Range{0xA960, 0xA97C},   Range{0xAC00, 0xD7A3},
                          Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},
                          Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF},
                          Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};

template <typename Ranges>
bool is_in(char32_t character, const Ranges& ranges) {
  return std::any_of(ranges.begin(), ranges.end(),
                     [character](const Range& range) { return range.first <= character && character <= range.last; });
}

/// Of a well-formed character of `length` bytes.
char32_t code_point(std::string_view bytes) {
  constexpr std::array<unsigned, 5> lead_bits{0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t value = static_cast<unsigned char>(bytes.front()) & lead_bits[bytes.size()];
  for (const char c : bytes.substr(1)) value = value << 6U | (static_cast<unsigned char>(c) & 0x3FU);
  return value;
}

std::size_t width_of(std::string_view character) {
  const char32_t point = code_point(character);
  return is_in(point, combining) ? 0 : is_in(point, wide) ? 2 : 1;
}

/// The longest beginning that takes at most `columns`, in bytes, and what it takes.
std::size_t fitting(const std::string& text, std::size_t columns, std::size_t& taken) {
  taken = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = std::max<std::size_t>(1, utf8_length(text, at));
    const std::size_t width = utf8_length(text, at) == 0 ? 1 : width_of(std::string_view(text).substr(at, length));
    if (taken + width > columns) break;
    taken += width;
    at += length;
  }
  return at;
}

std::size_t columns_of_environment() {
  constexpr std::size_t customary = 80;
  const char* text = std::getenv("COLUMNS");
  if (text == nullptr) return customary;
  std::size_t columns = 0;
  const std::string_view digits(text);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), columns);
  return error == std::errc{} && end == digits.data() + digits.size() && columns > 0 ? columns : customary;
}

}  // namespace

std::optional<std::size_t> terminal_columns(int descriptor) {
  if (::isatty(descriptor) != 1) return std::nullopt;
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return columns_of_environment();
}

bool terminal_has_cursor() {
  const char* terminal = std::getenv("TERM");
  return terminal != nullptr && *terminal != '\0' && std::string_view(terminal) != "dumb";
}

std::size_t display_width(const std::string& text) {
  std::size_t width = 0;
  (void)fitting(text, std::string::npos, width);
  return width;
}

std::string cut_to_width(const std::string& text, std::size_t columns) {
  std::size_t width = 0;
  if (fitting(text, columns, width) == text.size()) return text;
  if (columns == 0) return {};
  return text.substr(0, fitting(text, columns - 1, width)) + "…";
}

std::string wrapped(const std::string& line, std::size_t columns) {
  std::string text;
  std::size_t used = 0;
  for (std::size_t start = 0; start < line.size();) {
    const std::size_t end = std::min(line.find(' ', start), line.size());
    const std::string word = line.substr(start, end - start);
    const std::size_t width = display_width(word);
    const bool fits = used == 0 || used + 1 + width <= columns;
    if (start > 0) text += fits ? ' ' : '\n';
    text += word;
    used = fits && start > 0 ? used + 1 + width : width;
    start = end + 1;
  }
  return text;
}

}  // namespace hyperego::cli
