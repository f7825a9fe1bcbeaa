#pragma once

#include <Eigen/Core>

#include <cstdint>

namespace hyperego {

/// The `index`-th point of a low-discrepancy sequence in [0,1)^dimension: Kronecker's with the powers of the
/// generalised golden ratio (M. Roberts 2018), shifted by `seed` (Cranley–Patterson rotation). O(dimension).
[[nodiscard]] Eigen::VectorXd stratified_point(int dimension, std::uint64_t index, std::uint64_t seed);

/// The `index`-th scalarisation weight vector of a stratified sequence for `objectives` ≥ 1 objectives: non-negative,
/// sum 1.
///
/// The sequence covers *directions* evenly: a point of a low-discrepancy sequence in [0,1)^m, mapped to the positive
/// part of the unit sphere and divided by its sum. For two objectives that is an angle in [0, π/2] from the
/// golden-ratio sequence; for more, a point in [0,1)^m pushed through the half-normal quantile, whose direction is
/// uniform. O(m).
[[nodiscard]] Eigen::VectorXd stratified_weights(int objectives, std::uint64_t index, std::uint64_t seed);

}  // namespace hyperego
