#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hyperego {

/// The L∞ star discrepancy of points in [0, 1]^f, one row each: the largest difference, over all boxes with a corner at
/// the origin, between a box's volume and the share of points in it. Exact, over the grid of the points' coordinates:
/// O(n^f), so for f ≤ 4 and n ≤ 64.
/// @throws InvalidInput for no or too many points, more than four columns, or a value outside [0, 1].
[[nodiscard]] double star_discrepancy(const Eigen::MatrixXd& points);

/// Rows of `points` (ascending) that make up a subset of `count` with a small star discrepancy: from `starts` drawn
/// subsets, members are exchanged for others as long as one exchange helps, and the best is kept.
///
/// F. Clément, C. Doerr, L. Paquete: "Heuristic approaches to obtain low-discrepancy point sets via subset selection",
/// J. Complexity 83, 2024. Deterministic in the seed.
/// @throws InvalidInput unless 1 ≤ count ≤ min(n, 64), and as star_discrepancy().
[[nodiscard]] std::vector<std::size_t> low_discrepancy_subset(const Eigen::MatrixXd& points, std::size_t count,
                                                              std::uint64_t seed = 0, int starts = 10);

}  // namespace hyperego
