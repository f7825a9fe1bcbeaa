#pragma once

#include <span>

namespace hyperego {

/// The quantile of level in [0, 1] of at least one value in ascending order, linear between the order statistics (type
/// 7 of Hyndman & Fan, The American Statistician 50(4), 1996). O(1).
[[nodiscard]] double quantile_of_sorted(std::span<const double> sorted, double level);

}  // namespace hyperego
