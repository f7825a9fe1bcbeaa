#pragma once

#include <string>

namespace hyperego::detail {

/// The beginning of a text for a message, in quotes: at most 80 characters of valid UTF-8, then "…" for the rest;
/// control characters and bytes that are no UTF-8 are \n, \r, \t or \xHH, quotes and backslashes stay as they are.
[[nodiscard]] std::string quoted_line(const std::string& text);

}  // namespace hyperego::detail
