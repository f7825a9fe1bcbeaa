#pragma once

#include <hyperego/surrogate/target_transform.hpp>

#include <Eigen/Core>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace hyperego {

/// The hypervolume that a point is expected to add to a front of two or three minimised objectives, in logarithms. The
/// objectives are independent, each normal on its own scale or on that of a transform.
///
/// What the front leaves undominated below the reference point is tiled with O(n) boxes (l, u). A point y adds to a box
/// Π_j max(0, u_j − max(l_j, y_j)), and for independent normals the expectation of each factor is the difference
/// Ψ(u_j) − Ψ(l_j) of two expected improvements Ψ(c) = E[max(0, c − Y_j)], so the sum over all boxes is exact (compare
/// Yang, Emmerich, Deutz & Bäck, Swarm Evol. Comput. 44, 2019; Daulton, Balandat & Bakshy, NeurIPS 2020). Where T(Y_j)
/// is normal, T⁻¹ is taken as linear between neighbouring cuts, the front's values and 16 more down to the lowest
/// that there can be: Ψ is then a sum of those of the normal, each times the slope of its piece.
class ExpectedHypervolumeImprovement {
 public:
  /// `front`: points × m objectives, m = 2 or 3; those that do not dominate the reference point, and dominated ones,
  /// change nothing. O(n²). @throws InvalidInput for another m, sizes that disagree or values that are not finite.
  /// `transforms`: to the scale on which each objective is normal; none, or one for every objective.
  ExpectedHypervolumeImprovement(const Eigen::MatrixXd& front, const Eigen::VectorXd& reference,
                                 std::span<const TargetTransform> transforms = {});

  struct Value {
    double value = 0;  ///< log E[improvement], finite
    Eigen::Vector3d d_mean = Eigen::Vector3d::Zero();
    Eigen::Vector3d d_deviation = Eigen::Vector3d::Zero();
  };

  /// Means and deviations (> 0) of the m objectives on the scales on which they are normal. O(n). Where the improvement
  /// underflows even relative to that of an empty front, the inner borders of the boxes are neglected: their share is
  /// then below rounding nearly everywhere.
  [[nodiscard]] Value log_value(const Eigen::Ref<const Eigen::VectorXd>& mean,
                                const Eigen::Ref<const Eigen::VectorXd>& deviation, bool with_gradient) const;

  [[nodiscard]] int objectives() const { return objectives_; }
  [[nodiscard]] std::size_t number_of_boxes() const { return boxes_.size(); }

 private:
  /// Borders are numbered within cuts_[j]; number 0 is −∞.
  struct Box {
    std::array<std::uint32_t, 3> lower{};
    std::array<std::uint32_t, 3> upper{};
  };

  void tile(const Eigen::MatrixXd& front, const Eigen::VectorXd& reference,
            std::span<const TargetTransform> transforms);
  [[nodiscard]] std::uint32_t cut(std::size_t j, double at) const;

  int objectives_ = 0;
  void place_normals(std::span<const TargetTransform> transforms);

  std::array<std::vector<double>, 3> cuts_;         // ascending, the last one is the reference
  std::array<std::vector<double>, 3> normal_cuts_;  // the same on the scale on which the objective is normal
  std::array<std::vector<double>, 3> slopes_;       // of cuts by normal cuts, in the piece below each cut
  std::vector<Box> boxes_;
};

}  // namespace hyperego
