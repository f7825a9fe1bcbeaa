#pragma once

#include <hyperego/core/objective.hpp>

#include <Eigen/Core>

namespace hyperego {

/// What is left of one objective's values without those that only stand for a failure.
struct OrdinaryValues {
  double best = 0, worst = 0;
  double range = 0;  ///< worst − best; |worst| or else 1 where that is 0
};

/// Tells penalties from measured values; every value is ordinary where nothing is said against it.
///
/// Values beyond ±1e100 are never ordinary, unless all are so. Of the others let y(1) ≤ … ≤ y(n) be sorted. Those after
/// y(k) are penalties where y(k+1) ≥ 1, the gap y(k+1) − y(k) exceeds c times the extent max(y(k) − y(1), |y(1)|,
/// |y(k)|) > 0, and they look like stand-ins:
/// - one value, which three trials or more share: c = 30;
/// - at most half of all values, y(k) > y(1), and few of them differ (two, or a third), or they lie within a tenth of
///   the gap, or they are at most a quarter of all: c = 1000.
/// A continuous spread over many decades has no such gap, and an objective that reaches 0 in half of its trials leaves
/// others that differ among themselves. Of logarithms the extent is y(k) − y(1) alone, at least ln 10, and c = 2.
/// O(n log n).
/// @param minimised finite values, lower is better, at least one
/// @param transform the scale that they are on
[[nodiscard]] OrdinaryValues ordinary_values(const Eigen::Ref<const Eigen::VectorXd>& minimised,
                                             Objective::Transform transform = Objective::Transform::none);

/// Minimised, the worst value of an objective's trials that is no penalty: a coordinate of a hypervolume's reference.
/// The rule is applied on the scale on which the objective is modelled. Where all other values are one, it is that
/// value and its size (or 1) more, so that they lie inside.
[[nodiscard]] double worst_ordinary(const Objective& objective, const Eigen::Ref<const Eigen::VectorXd>& minimised);

/// Draws in values that would drown all others, in place, and counts them; every other value stays as it is, to the
/// bit. With ordinary_values() the r-th of R distinct penalties becomes worst + range (1 + r / R), r = 0 … R − 1, and
/// values below the best likewise best − range (1 + r / R): their order counts, their size does not. Where all values
/// lie beyond ±1e100 they follow 1e100 (1 + ln(|y| / 1e100)), which keeps their order and can be squared. O(n log n).
Eigen::Index draw_in_penalties(Eigen::Ref<Eigen::VectorXd> minimised,
                               Objective::Transform transform = Objective::Transform::none);

}  // namespace hyperego
