#include <hyperego/core/quantile.hpp>

#include <algorithm>
#include <cstddef>

namespace hyperego {

double quantile_of_sorted(std::span<const double> sorted, double level) {
  const double position = level * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (position - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

}  // namespace hyperego
