#pragma once

#include <Eigen/Core>

#include <cstdint>

namespace hyperego {

/// The `index`-th scalarisation weight vector of a stratified sequence for `objectives` ≥ 1 objectives: non-negative,
/// sum 1.
///
/// The sequence covers *directions* evenly: a point of a low-discrepancy sequence in [0,1)^m, mapped to the positive
/// part of the unit sphere and divided by its sum. For two objectives that is an angle in [0, π/2] from the
/// golden-ratio sequence; for more, a Kronecker sequence with the plastic-number generalisation (M. Roberts 2018),
/// pushed through the half-normal quantile, whose direction is uniform. `seed` shifts the sequence (Cranley–Patterson
/// rotation). O(m).
[[nodiscard]] Eigen::VectorXd stratified_weights(int objectives, std::uint64_t index, std::uint64_t seed);

}  // namespace hyperego
