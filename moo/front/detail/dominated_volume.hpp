#pragma once

#include <cstddef>
#include <vector>

namespace hyperego::detail {

/// Points as extents r − f > 0 below a reference, so that the reference is the origin and larger is better.
/// Rows are padded with zeros to a multiple of eight coordinates.
struct Extents {
  explicit Extents(int number_of_objectives)
      : objectives(number_of_objectives), stride((number_of_objectives + 7) / 8 * 8) {}

  int objectives;
  int stride;
  std::vector<double> values{};

  [[nodiscard]] std::size_t count() const { return values.size() / static_cast<std::size_t>(stride); }
  [[nodiscard]] const double* row(std::size_t i) const { return values.data() + i * static_cast<std::size_t>(stride); }
  /// A new row of zeros. Invalidates earlier pointers.
  double* append() {
    values.resize(values.size() + static_cast<std::size_t>(stride), 0.0);
    return values.data() + values.size() - stride;
  }
};

/// Volume of the union of the boxes [0, row]. Any number of objectives; duplicates and dominated rows are allowed.
/// One: O(n); two: O(n log n); three: O(n log n), dimension sweep; four: O(n²), HV4D+; above: WFG recursion.
[[nodiscard]] double dominated_volume(const Extents& extents);

/// The part of the box [0, point] that `others` leave uncovered: the box minus the volume of the others limited to it
/// (the exclusive hypervolume of While et al. 2012). Exactly 0 where one of the others covers the point.
[[nodiscard]] double exclusive_volume(const double* point, const Extents& others);

}  // namespace hyperego::detail
