#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace hyperego::detail {

/// The "id" of a request that cannot be read as a whole: broken JSON, bytes that are not UTF-8, a name given twice,
/// nested too deep, cut off. Null where none can be made out. O(length).
[[nodiscard]] nlohmann::ordered_json request_id(std::string_view line);

}  // namespace hyperego::detail
