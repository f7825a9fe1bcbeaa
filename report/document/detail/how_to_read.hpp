#pragma once

#include <string>
#include <string_view>

namespace hyperego::detail {

/// How to read a figure of a kind: what a mark is, where good is, what not to conclude.
/// @throws std::out_of_range for a kind that is none.
[[nodiscard]] std::string how_to_read(std::string_view kind);

}  // namespace hyperego::detail
