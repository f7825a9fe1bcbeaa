#pragma once

#include <Eigen/Core>

namespace hyperego {

/// Volume dominated by `points` (one row per point, all objectives minimised) and bounded by `reference`, in the
/// product of the objectives' units; exact up to rounding. A point with any coordinate at or beyond the reference adds
/// nothing; duplicates and dominated points are allowed. No points: 0.
///
/// Two objectives: sort and sweep, O(n log n). Three: dimension sweep, O(n log n). Four: HV4D+, O(n²) (Guerreiro &
/// Fonseca, "Computing and Updating Hypervolume Contributions in Up to Four Dimensions", IEEE TEVC 22(3), 2018). Above:
/// the exclusive-volume recursion of WFG (While, Bradstreet, Barone, "A Fast Way of Calculating Exact Hypervolumes",
/// IEEE TEVC 16(1), 2012) with sorted slices down to HV4D+; exponential in the number of objectives in the worst case.
/// @throws InvalidInput when the widths differ, the reference is not finite, or a coordinate is NaN or −∞.
[[nodiscard]] double hypervolume(const Eigen::Ref<const Eigen::MatrixXd>& points,
                                 const Eigen::Ref<const Eigen::VectorXd>& reference);

/// For each row of `points`, the hypervolume of the set minus that of the set without this row; 0 for dominated points
/// and for each of several equal points. O(n log n) for two objectives, otherwise n hypervolumes of sets limited to one
/// point's box. Differences of rounding size: absolute error of about 1e-15 times the box of the point.
/// @throws InvalidInput as hypervolume().
[[nodiscard]] Eigen::VectorXd hypervolume_contributions(const Eigen::Ref<const Eigen::MatrixXd>& points,
                                                        const Eigen::Ref<const Eigen::VectorXd>& reference);

/// How much the hypervolume of `front` grows when `point` joins: exactly 0 when a row of `front` is at least as good in
/// every objective or the point is not better than the reference. The cost of one hypervolume of the front limited to
/// the point's box, so O(n log n) for two and three objectives.
/// @throws InvalidInput as hypervolume().
[[nodiscard]] double hypervolume_improvement(const Eigen::Ref<const Eigen::VectorXd>& point,
                                             const Eigen::Ref<const Eigen::MatrixXd>& front,
                                             const Eigen::Ref<const Eigen::VectorXd>& reference);

}  // namespace hyperego
