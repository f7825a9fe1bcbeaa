#include "output.hpp"

#include <hyperego/core/error.hpp>
#include <hyperego/core/number_text.hpp>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <unistd.h>

namespace hyperego::cli {
namespace {

/// Characters, not bytes, so that names with accents line up.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

}  // namespace

std::string printable(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text;
}

std::string one_sentence(const std::string& message) {
  constexpr std::size_t most = 2000;
  if (message.size() <= most) return printable(message);
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
  return printable(message.substr(0, end)) + fmt::format(" … ({} bytes more)", message.size() - end);
}

void add_output_options(CLI::App& command, OutputOptions& options) {
  auto* pretty = command.add_flag("--pretty", options.pretty, "A table for people (the default on a terminal)");
  command.add_flag("--json", options.json, "JSON (the default elsewhere)")->excludes(pretty);
}

bool shows_table(const OutputOptions& options) {
  return options.pretty || (!options.json && ::isatty(STDOUT_FILENO) == 1);
}

void print(const std::string& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  throw Error("stdout", "cannot be written: " + std::generic_category().message(errno));
}

void print_data(const OutputOptions& options, const nlohmann::ordered_json& json,
                const std::function<std::string()>& table) {
  if (shows_table(options)) {
    print(table());
  } else {
    print(json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
  }
}

void note(const std::string& message) { fmt::print(stderr, "hyperego: {}\n", one_sentence(message)); }

std::string table_text(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths(header.size());
  const auto measure = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  };
  measure(header);
  for (const auto& row : rows) measure(row);
  std::string text;
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i) {
      line += printable(row[i]) + std::string(widths[i] - width_of(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  add(header);
  for (const auto& row : rows) add(row);
  return text;
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
  return value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace hyperego::cli
