#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hyperego {

/// One record of a delimited text.
struct DelimitedRecord {
  std::size_t line = 1;  ///< the line it begins on, from 1
  std::vector<std::string> cells;
};

/// The records of a text as RFC 4180 has it, with any delimiter: quoted cells may hold delimiters, line ends and
/// doubled quotation marks; blanks around other cells do not count; lines end with LF, CRLF or CR; a byte order mark
/// and empty lines are passed over.
/// @throws InvalidInput naming `where` and the line for a quotation that is not finished or that text follows.
[[nodiscard]] std::vector<DelimitedRecord> parse_delimited(const std::string& text, char delimiter,
                                                           const std::string& where);

/// The cells of a text with commas. @throws as parse_delimited().
[[nodiscard]] std::vector<std::vector<std::string>> parse_csv(const std::string& text, const std::string& where);

/// Comma, semicolon or tab: the one that divides the first records into equally many cells, most of them; as Excel's
/// first line "sep=;" says where there is one.
[[nodiscard]] char delimiter_of(const std::string& text, const std::string& where);

/// @throws InvalidInput naming `where` and the line for bytes that are no UTF-8 text.
void require_utf8(const std::string& text, const std::string& where);

}  // namespace hyperego
