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

/// Writes to stdout, as valid UTF-8. @throws StoreError where it cannot be written: it is closed, its reader has gone,
/// the disk is full.
void print(const std::string& text);
/// @throws StoreError where stdout is closed: for commands whose answer must not be lost.
void require_stdout();
/// Closed standard streams are replaced by /dev/null, opened so that stdout and stderr cannot be written: else the next
/// file that is opened, the journal say, would be taken for one of them.
void hold_standard_streams();
/// JSON on one line, or the table.
void print_data(const OutputOptions& options, const nlohmann::ordered_json& json,
                const std::function<std::string()>& table);

/// Valid UTF-8 without what would move a terminal's cursor or turn its text round: control characters and bytes that
/// are no characters are escaped (\n, \t, \xNN, \uNNNN).
[[nodiscard]] std::string printable(const std::string& text);
/// The same, cut to what can be read: names may be megabytes long.
[[nodiscard]] std::string one_sentence(const std::string& message);

/// A line on stderr.
void note(const std::string& message);

/// Lines of text, each printable, indented by two spaces.
[[nodiscard]] std::string indented_lines(const std::string& text);

/// Left-aligned columns, two spaces between them; numbers as given.
[[nodiscard]] std::string table_text(const std::vector<std::string>& header,
                                     const std::vector<std::vector<std::string>>& rows);

/// Columns that the table takes on a terminal.
[[nodiscard]] std::size_t table_width(const std::vector<std::string>& header,
                                      const std::vector<std::vector<std::string>>& rows);

/// A number for people: six significant digits.
[[nodiscard]] std::string short_number(double value);
/// The same for any JSON value: strings bare, null as "-", lists as "a, b", objects as "a = 1, b = 2".
[[nodiscard]] std::string short_text(const nlohmann::ordered_json& value);

}  // namespace hyperego::cli
