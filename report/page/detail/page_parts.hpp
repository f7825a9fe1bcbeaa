#pragma once

#include <string_view>

namespace hyperego::detail {

/// A file that is part of every page, and its SHA-256 in hexadecimal digits.
struct PagePart {
  std::string_view text;
  std::string_view sha256;
};

[[nodiscard]] PagePart page_style();
[[nodiscard]] PagePart page_script();
[[nodiscard]] PagePart echarts_script();

}  // namespace hyperego::detail
