#include "output.hpp"

#include <hyperego/core/error.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/core/utf8.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "terminal.hpp"
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace hyperego::cli {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// The widest cell of each column of `header`.
std::vector<std::size_t> column_widths(const std::vector<std::string>& header, const Rows& rows) {
  std::vector<std::size_t> widths(header.size());
  const auto measure = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], display_width(printable(row[i])));
    }
  };
  measure(header);
  for (const auto& row : rows) measure(row);
  return widths;
}

/// What stands for a character that is not to reach a terminal; empty for all others.
std::string escape_of(std::string_view character) {
  if (character == "\n") return "\\n";
  if (character == "\r") return "\\r";
  if (character == "\t") return "\\t";
  const auto first = static_cast<unsigned char>(character.front());
  if (first < 0x20 || first == 0x7f) return fmt::format("\\x{:02x}", first);
  if (character.size() == 2 && first == 0xC2) {
    const auto second = static_cast<unsigned char>(character[1]);
    return second < 0xA0 ? fmt::format("\\u{:04x}", second) : std::string{};
  }
  // Line separators, and marks that turn the direction of what follows them: U+2028–202E and U+2066–2069.
  if (character >= "\xE2\x80\xA8" && character <= "\xE2\x80\xAE")
    return fmt::format("\\u20{:02x}", 0x28 + static_cast<unsigned char>(character[2]) - 0xA8);
  if (character >= "\xE2\x81\xA6" && character <= "\xE2\x81\xA9")
    return fmt::format("\\u20{:02x}", 0x66 + static_cast<unsigned char>(character[2]) - 0xA6);
  return {};
}

[[noreturn]] void fail_to_print(int error) {
  if (error == EPIPE) throw StoreError("stdout", "cannot be written: its reader has gone; what was done is kept");
  if (error == EBADF)
    throw StoreError("stdout", "is closed, so that nobody can read the answer; what was done is kept");
  throw StoreError("stdout",
                   "cannot be written: " + std::generic_category().message(error) + "; what was done is kept");
}

bool can_be_written(int descriptor) {
  const int flags = ::fcntl(descriptor, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

}  // namespace

std::string printable(const std::string& text) {
  const std::string valid = valid_utf8(text);
  std::string result;
  result.reserve(valid.size());
  for (std::size_t at = 0; at < valid.size();) {
    const std::string_view character = std::string_view(valid).substr(at, utf8_length(valid, at));
    const std::string escape = escape_of(character);
    result += escape.empty() ? character : std::string_view(escape);
    at += character.size();
  }
  return result;
}

std::string one_sentence(const std::string& message) {
  constexpr std::size_t most = 2000;
  if (message.size() <= most) return printable(message);
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
  return printable(message.substr(0, end)) + fmt::format(" … ({} bytes more)", message.size() - end);
}

std::string indented_lines(const std::string& text) {
  std::string result;
  for (std::size_t start = 0; start <= text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    result += "  " + printable(text.substr(start, end - start)) + "\n";
    start = end + 1;
  }
  return result;
}

void add_output_options(CLI::App& command, OutputOptions& options) {
  auto* pretty = command.add_flag("--pretty", options.pretty, "A table for people (the default on a terminal)");
  command.add_flag("--json", options.json, "JSON (the default elsewhere)")->excludes(pretty);
}

bool shows_table(const OutputOptions& options) {
  return options.pretty || (!options.json && ::isatty(STDOUT_FILENO) == 1);
}

void hold_standard_streams() {
  for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) (void)::open("/dev/null", O_RDONLY);  // the lowest number
  }
}

void require_stdout() {
  if (!can_be_written(STDOUT_FILENO)) fail_to_print(EBADF);
}

void print(const std::string& text) {
  const std::string valid = valid_utf8(text);
  errno = 0;
  if (std::fwrite(valid.data(), 1, valid.size(), stdout) == valid.size() && std::fflush(stdout) == 0) return;
  fail_to_print(errno);
}

void print_data(const OutputOptions& options, const nlohmann::ordered_json& json,
                const std::function<std::string()>& table) {
  if (shows_table(options)) {
    print(table());
  } else {
    print(dump_utf8(json) + "\n");
  }
}

void note(const std::string& message) {
  const std::string line = "hyperego: " + one_sentence(message) + "\n";
  (void)std::fwrite(line.data(), 1, line.size(), stderr);  // where stderr is full or closed, nobody is left to be told
}

std::string table_text(const std::vector<std::string>& header, const Rows& rows) {
  const std::vector<std::size_t> widths = column_widths(header, rows);
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
      const std::string cell = printable(row[i]);
      line += cell + std::string(widths[i] - display_width(cell) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  add(header);
  for (const auto& row : rows) add(row);
  return text;
}

std::size_t table_width(const std::vector<std::string>& header, const Rows& rows) {
  std::size_t width = 0;
  for (const std::size_t column : column_widths(header, rows)) width += column + 2;
  return width - std::min<std::size_t>(width, 2);
}

std::string short_number(double value) { return number_text(value, 6); }

std::string short_text(const nlohmann::ordered_json& value) {
  if (value.is_null()) return "-";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return short_number(value.get<double>());
  if (value.is_structured()) {
    std::string text;
    for (const auto& [name, element] : value.items()) {
      text += (text.empty() ? "" : ", ") + (value.is_object() ? name + " = " : "") + short_text(element);
    }
    return text.empty() ? "-" : text;
  }
  return dump_utf8(value);
}

}  // namespace hyperego::cli
