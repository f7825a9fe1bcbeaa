#pragma once

#include <string_view>

namespace hyperego {

/// The version of this library, as in "0.1.0".
[[nodiscard]] std::string_view version();

}  // namespace hyperego
