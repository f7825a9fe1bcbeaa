#pragma once

#include <hyperego/shapley/estimators/detail/coalition_samples.hpp>
#include <hyperego/shapley/estimators/detail/control_variate.hpp>
#include <hyperego/shapley/estimators/detail/estimator_task.hpp>

#include <Eigen/Core>

#include <functional>
#include <vector>

namespace hyperego::detail {

/// Coalitions drawn for a weighted least squares fit.
struct RegressionSample {
  std::vector<Coalition> coalitions;
  Eigen::VectorXd values;  ///< remainders
  std::vector<int> sizes;  ///< |S|
  std::vector<double>
      per;  ///< how many coalitions of its size each one stands for: C(n, |S|) / number drawn; 1 if enumerated
  std::vector<int>
      group;  ///< of the jackknife, the same for complements; −1 for enumerated coalitions, which carry no error
  ControlVariate control;  ///< its values are taken off `values` already
};

inline constexpr int jackknife_groups = 16;

/// Draws, evaluates, and takes off a control variate that is 0 at ∅ and all of the remainder at N.
[[nodiscard]] RegressionSample draw_for_regression(EstimatorTask& task, CoalitionSamples& samples,
                                                   const std::vector<std::size_t>& counts, int control_order);

/// Normal equations ΦᵀWΦ, ΦᵀWy kept per jackknife group, so that leaving a group out costs a subtraction.
class GroupedNormalEquations {
 public:
  /// @param columns c columns of targets beside y that are regressed on Φ as well (ΦᵀWC), may have 0 columns.
  GroupedNormalEquations(const Eigen::MatrixXd& features, const Eigen::VectorXd& weights, const Eigen::VectorXd& values,
                         const Eigen::MatrixXd& columns, const std::vector<int>& group);

  /// `without` = −1: all rows (lower triangle of gram). Otherwise without that group, the sampled rows that remain
  /// scaled up to stand for it.
  [[nodiscard]] Eigen::MatrixXd gram(int without) const { return combined(gram_, without); }
  [[nodiscard]] Eigen::MatrixXd cross(int without) const { return combined(cross_, without); }
  [[nodiscard]] Eigen::VectorXd right(int without) const { return combined(right_, without); }

 private:
  struct Parts {
    std::vector<Eigen::MatrixXd> parts;  // index 0: enumerated rows; g + 1: group g. Of gram only the lower triangle.
    Eigen::MatrixXd sampled;             // sum over the groups
  };
  Parts gram_;
  Parts cross_;
  Parts right_;

  [[nodiscard]] static Eigen::MatrixXd combined(const Parts& parts, int without);
};

/// Solves the normal equations (lower triangle of `gram`), with the sum of the solution fixed where `sum` is given. A
/// gram matrix that is numerically singular gets a ridge of 1e-10 of its mean diagonal and `ridge` is set.
[[nodiscard]] Eigen::VectorXd solve_normal_equations(const Eigen::MatrixXd& gram, const Eigen::VectorXd& right,
                                                     const double* sum, bool& ridge);

/// The estimate with all groups, the index of the control variate added, and standard errors by the grouped jackknife:
/// √((G−1)/G Σ_g (θ_g − θ̄)²).
void jackknife(EstimatorTask& task, const RegressionSample& sample,
               const std::function<Eigen::VectorXd(int without)>& solve);

}  // namespace hyperego::detail
