#pragma once

#include <Eigen/Core>

namespace hyperego {

/// How many values of one objective were drawn in before models saw them.
struct DrawnIn {
  Eigen::Index values = 0;     ///< of either kind, each counted once
  Eigen::Index penalties = 0;  ///< separated from the rest as only a stand-in for a failure is
  Eigen::Index huge = 0;       ///< beyond 1e100 in size, where squares and products leave double precision
};

/// Draws in values that would drown all others, in place; every other value stays as it is, to the bit.
///
/// Values beyond ±1e100 follow 1e100 (1 + ln(|y| / 1e100)), which keeps their order and is finite when squared.
/// Let y(1) ≤ … ≤ y(n) be sorted. The values after y(k), k ≥ n / 2, are penalties where y(k) > y(1) and the gap
/// y(k+1) − y(k) is more than 1000 times both y(k) − y(1) and max(|y(1)|, |y(k)|): a continuous spread over many
/// decades has no such gap. The r-th of their R distinct values becomes y(k) + (y(k) − y(1)) (1 + r / R), r = 0 … R −
/// 1: their order counts, their size does not. O(n log n).
/// @param minimised finite values, lower is better
DrawnIn draw_in_penalties(Eigen::Ref<Eigen::VectorXd> minimised);

}  // namespace hyperego
