#pragma once

#include <string>
#include <string_view>

namespace hyperego::detail {

/// Text for an element or a quoted attribute: & < > " ' as character references; control characters but tab and line
/// feed as U+FFFD.
[[nodiscard]] std::string html_escaped(std::string_view text);

/// JSON text for inside a script element: < > & and U+2028, U+2029 as \u escapes, which mean the same to JSON (they
/// occur in strings only).
[[nodiscard]] std::string json_for_script(std::string_view json);

/// The Base64 (RFC 4648) of the bytes that hexadecimal digits stand for.
[[nodiscard]] std::string base64_of_hexadecimal(std::string_view digits);

}  // namespace hyperego::detail
