#pragma once

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace hyperego::cli {

/// How a command's data are shown: JSON, or a table where a person looks (on a terminal, or with --pretty).
struct OutputOptions {
  bool pretty = false;
  bool json = false;
};

void add_output_options(CLI::App& command, OutputOptions& options);

[[nodiscard]] bool shows_table(const OutputOptions& options);

/// Writes to stdout. @throws Error where it cannot be written.
void print(const std::string& text);
/// JSON on one line, or the table.
void print_data(const OutputOptions& options, const nlohmann::ordered_json& json,
                const std::function<std::string()>& table);

/// Control characters replaced, which would move a terminal's cursor.
[[nodiscard]] std::string printable(std::string text);
/// The same, cut to what can be read: names may be megabytes long.
[[nodiscard]] std::string one_sentence(const std::string& message);

/// A line on stderr.
void note(const std::string& message);

/// Left-aligned columns, two spaces between them; numbers as given.
[[nodiscard]] std::string table_text(const std::vector<std::string>& header,
                                     const std::vector<std::vector<std::string>>& rows);

/// A number for people: six significant digits.
[[nodiscard]] std::string short_number(double value);
/// The same for any JSON value: strings bare, null as "-", lists as "a, b", objects as "a = 1, b = 2".
[[nodiscard]] std::string short_text(const nlohmann::ordered_json& value);

}  // namespace hyperego::cli
