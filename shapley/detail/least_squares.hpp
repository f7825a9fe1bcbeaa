#pragma once

#include <hyperego/shapley/detail/coalition_samples.hpp>
#include <hyperego/shapley/detail/estimator_task.hpp>

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
};

inline constexpr int jackknife_groups = 16;

[[nodiscard]] RegressionSample draw_for_regression(EstimatorTask& task, CoalitionSamples& samples,
                                                   const std::vector<std::size_t>& counts);

/// Normal equations ΦᵀWΦ, ΦᵀWy kept per jackknife group, so that leaving a group out costs a subtraction.
class GroupedNormalEquations {
 public:
  /// @param columns c columns of targets beside y that are regressed on Φ as well (ΦᵀWC), may have 0 columns.
  GroupedNormalEquations(const Eigen::MatrixXd& features, const Eigen::VectorXd& weights, const Eigen::VectorXd& values,
                         const Eigen::MatrixXd& columns, const std::vector<int>& group);

  /// `without` = −1: all rows. Otherwise without that group, the sampled rows that remain scaled up to stand for it.
  [[nodiscard]] Eigen::MatrixXd gram(int without) const { return combined(gram_, without); }
  [[nodiscard]] Eigen::MatrixXd cross(int without) const { return combined(cross_, without); }
  [[nodiscard]] Eigen::VectorXd right(int without) const { return combined(right_, without); }

 private:
  std::vector<Eigen::MatrixXd> gram_;  // index 0: enumerated rows; g + 1: group g
  std::vector<Eigen::MatrixXd> cross_;
  std::vector<Eigen::MatrixXd> right_;

  [[nodiscard]] static Eigen::MatrixXd combined(const std::vector<Eigen::MatrixXd>& parts, int without);
};

/// Solves the normal equations, with the sum of the solution fixed where `sum` is given. A gram matrix that is
/// numerically singular gets a ridge of 1e-10 of its mean diagonal and `ridge` is set.
[[nodiscard]] Eigen::VectorXd solve_normal_equations(const Eigen::MatrixXd& gram, const Eigen::VectorXd& right,
                                                     const double* sum, bool& ridge);

/// The estimate with all groups, and standard errors by the grouped jackknife: √((G−1)/G Σ_g (θ_g − θ̄)²).
void jackknife(EstimatorTask& task, bool sampled, const std::function<Eigen::VectorXd(int without)>& solve);

}  // namespace hyperego::detail
