#pragma once

#include <cmath>

namespace hyperego {

/// Beyond it squares and products of values leave double precision.
inline constexpr double huge_value = 1e100;

/// `value` where it lies within ±1e100, else ±1e100 (1 + ln(|value| / 1e100)): of the same order among others, and
/// below 1e103 for any finite value.
[[nodiscard]] inline double within_huge(double value) {
  if (std::abs(value) <= huge_value || !std::isfinite(value)) return value;
  return std::copysign(huge_value * (1 + std::log(std::abs(value) / huge_value)), value);
}

}  // namespace hyperego
