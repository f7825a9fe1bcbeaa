#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace hyperego {

/// parse_json() for what programs print: NaN, Infinity and their other spellings (nan, inf, in any case, with a sign),
/// which JSON does not have, and numbers beyond the range of a double stand for values that are not finite.
/// O(length). @throws InvalidInput as parse_json() for everything else.
[[nodiscard]] nlohmann::ordered_json parse_json_with_non_finite(std::string_view text, const std::string& where);

}  // namespace hyperego
