#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace hyperego::cli {

/// Columns of the terminal that the descriptor is, at this moment; nothing where it is none. Where a terminal does not
/// say, COLUMNS does, or else 80.
[[nodiscard]] std::optional<std::size_t> terminal_columns(int descriptor);

/// Whether escape sequences and carriage returns move its cursor: not where TERM is "dumb" or unset.
[[nodiscard]] bool terminal_has_cursor();

/// Columns that printable text takes: two for wide East Asian characters and emoji, none for combining marks. An
/// approximation of Unicode's tables, for lining up columns.
[[nodiscard]] std::size_t display_width(const std::string& text);

/// The text, or as much of it as fits into so many columns together with "…".
[[nodiscard]] std::string cut_to_width(const std::string& text, std::size_t columns);

/// A line of words, broken at spaces where it would be wider than `columns`; words are left whole.
[[nodiscard]] std::string wrapped(const std::string& line, std::size_t columns);

}  // namespace hyperego::cli
