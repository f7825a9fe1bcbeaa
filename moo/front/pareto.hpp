#pragma once

#include <Eigen/Core>

#include <vector>

namespace hyperego {

/// a ≤ b in every objective (all minimised); true for equal points. O(m).
[[nodiscard]] bool weakly_dominates(const Eigen::Ref<const Eigen::VectorXd>& a,
                                    const Eigen::Ref<const Eigen::VectorXd>& b);

/// a ≤ b in every objective and a < b in at least one. O(m).
[[nodiscard]] bool dominates(const Eigen::Ref<const Eigen::VectorXd>& a, const Eigen::Ref<const Eigen::VectorXd>& b);

/// What becomes of several equal non-dominated points: none dominates the others, so by default all stay.
enum class EqualPoints { keep_all, keep_first };

/// Rows of `points` (one row per point, all minimised) that no other row dominates, in ascending order of row number.
/// O(n log n) for two objectives, O(n log n + n f m) with f non-dominated points otherwise.
/// @throws InvalidInput when a coordinate is NaN.
[[nodiscard]] std::vector<Eigen::Index> non_dominated(const Eigen::Ref<const Eigen::MatrixXd>& points,
                                                      EqualPoints equal = EqualPoints::keep_all);

/// Splits the rows into fronts: the first holds the non-dominated ones, each further one those that become
/// non-dominated without the fronts before it; equal points share a front; ascending row numbers within a front.
/// Efficient non-dominated sorting with binary search (Zhang, Tian, Cheng, Jin, IEEE TEVC 19(2), 2015): O(m n²) at
/// worst, O(m n log n) comparisons when there are many fronts.
/// @throws InvalidInput when a coordinate is NaN.
[[nodiscard]] std::vector<std::vector<Eigen::Index>> non_dominated_sort(
    const Eigen::Ref<const Eigen::MatrixXd>& points);

/// Crowding distance of NSGA-II (Deb, Pratap, Agarwal, Meyarivan, IEEE TEVC 6(2), 2002) of each row within the whole
/// set: the sum over objectives of the gap between its two neighbours, relative to the objective's range; infinite for
/// the first and the last in an objective. Objectives in which all rows agree add nothing; equal values are ordered by
/// row number. O(m n log n).
/// @throws InvalidInput when a coordinate is NaN.
[[nodiscard]] Eigen::VectorXd crowding_distance(const Eigen::Ref<const Eigen::MatrixXd>& points);

/// The best value of each objective over all rows. @throws InvalidInput without rows.
[[nodiscard]] Eigen::VectorXd ideal_point(const Eigen::Ref<const Eigen::MatrixXd>& points);

/// The worst value of each objective over the non-dominated rows. @throws InvalidInput without rows or with NaN.
[[nodiscard]] Eigen::VectorXd nadir_point(const Eigen::Ref<const Eigen::MatrixXd>& points);

}  // namespace hyperego
