#pragma once

#include <Eigen/Core>

namespace hyperego {

// Comparing k methods on N tasks by their ranks, as in Demšar, "Statistical Comparisons of Classifiers over Multiple
// Data Sets", JMLR 7, 2006.

/// Ranks 1 … k within each row of `scores` (one row per task, one column per method), 1 for the greatest; equal scores
/// share the mean of their ranks. @throws InvalidInput for a score that is not finite.
[[nodiscard]] Eigen::MatrixXd ranks_by_row(const Eigen::Ref<const Eigen::MatrixXd>& scores);

/// Whether all methods rank alike.
struct FriedmanTest {
  Eigen::VectorXd mean_ranks;  ///< of each method
  double chi_squared = 0;      ///< Friedman's statistic, corrected for ties; k − 1 degrees of freedom
  double p_chi_squared = 1;
  double f = 0;  ///< Iman & Davenport's statistic, less conservative; k − 1 and (k − 1)(N − 1) degrees of freedom
  double p_f = 1;  ///< infinite f where the ranks are the same on every task
};

/// Friedman's test on `scores` as in ranks_by_row(); p = 1 where all scores of every row are equal.
/// @throws InvalidInput for fewer than two methods or two tasks.
[[nodiscard]] FriedmanTest friedman_test(const Eigen::Ref<const Eigen::MatrixXd>& scores);

/// P(Q > q) for the range Q of k independent standard normal numbers: the studentized range with infinitely many
/// degrees of freedom, k ∫ φ(z) [Φ(z) − Φ(z − q)]^(k−1) dz, by quadrature; absolute error below 1e-9.
/// @throws InvalidInput for k < 2 or negative q.
[[nodiscard]] double studentized_range_tail(double q, int k);

/// The q at which that tail is `alpha` ∈ (0, 1).
[[nodiscard]] double studentized_range_quantile(double alpha, int k);

/// Nemenyi's critical difference: mean ranks of k methods on N tasks that are further apart than this differ at level
/// `alpha`, all pairs considered; q_α / √2 · √(k (k + 1) / 6 N).
[[nodiscard]] double nemenyi_critical_difference(int methods, int tasks, double alpha = 0.05);

/// The p-value of a pair whose mean ranks differ by `difference`, by the same distribution.
[[nodiscard]] double nemenyi_p_value(double difference, int methods, int tasks);

/// Wilcoxon's signed-rank test of paired differences, two-sided and exact for any ties: the distribution over all signs
/// given the absolute values. Differences of 0 are left out.
struct WilcoxonTest {
  int pairs = 0;              ///< that differ
  double positive_ranks = 0;  ///< sum of the ranks of positive differences
  double p = 1;
};

/// O(n³) for n pairs. @throws InvalidInput for a difference that is not finite.
[[nodiscard]] WilcoxonTest wilcoxon_signed_rank(const Eigen::Ref<const Eigen::VectorXd>& differences);

}  // namespace hyperego
