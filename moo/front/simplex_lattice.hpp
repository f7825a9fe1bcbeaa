#pragma once

#include <Eigen/Core>

namespace hyperego {

/// The simplex lattice of Das & Dennis (SIAM J. Optim. 8(3), 1998): every vector with coordinates in {0, 1/h, …, 1}
/// that sum to one, h = `partitions`; one row each, C(h + m − 1, m − 1) rows, in ascending lexicographic order.
/// @throws InvalidInput when `dimension` or `partitions` is below 1.
[[nodiscard]] Eigen::MatrixXd simplex_lattice(int dimension, int partitions);

/// The finest simplex lattice with at most `count` rows, but never coarser than one partition (the unit vectors).
/// @throws InvalidInput when `dimension` is below 1.
[[nodiscard]] Eigen::MatrixXd simplex_lattice_within(int dimension, Eigen::Index count);

}  // namespace hyperego
