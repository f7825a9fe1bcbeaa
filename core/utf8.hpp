#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace hyperego {

/// Bytes of the well-formed UTF-8 character (Unicode, table 3-7) that begins at `at`; 0 where none does.
[[nodiscard]] std::size_t utf8_length(std::string_view text, std::size_t at);

/// The text as valid UTF-8: every byte that belongs to no well-formed character becomes `\xNN`. O(n).
[[nodiscard]] std::string valid_utf8(std::string_view text);

/// The JSON as text, its strings as valid_utf8() has them. `indent` as for dump(): −1 for one line.
[[nodiscard]] std::string dump_utf8(const nlohmann::ordered_json& json, int indent = -1);

}  // namespace hyperego
