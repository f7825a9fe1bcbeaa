#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/search_space.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace hyperego {

struct RelevanceTestOptions {
  /// Permutations of a hyperparameter's values; the smallest p-value is 1 / (permutations + 1).
  std::size_t permutations = 39;
  /// Permutations of the targets, which cost next to nothing.
  std::size_t target_permutations = 999;
  /// The test looks at no more trials than this: the first ones of a random order.
  std::size_t most_trials = 150;
  /// Pairs of positions in space.searched() whose values go together: the one explains what the other does, so they are
  /// tested as one and share their p-value.
  std::vector<std::pair<std::size_t, std::size_t>> together = {};
  std::uint64_t seed = 0;
  int threads = 0;  ///< 0: OpenMP's choice; the p-values do not depend on it

  /// @throws InvalidInput naming the field.
  void validate() const;
};

struct RelevanceTest {
  /// Of "the target depends on no hyperparameter".
  double p_value = 1;
  /// Of "the target does not depend on this hyperparameter", for each of space.searched(); 1 where it never varied.
  std::vector<double> p_values;
};

/// Permutation tests of whether a target depends on the hyperparameters of a space at all, and on each of them.
///
/// Targets are replaced by normal scores of their ranks, so that no single value decides.
///
/// *One hyperparameter.* The statistic is the largest log marginal likelihood of a Gaussian process over the
/// hyperparameter's own length scale and the noise. The other parameters come from a process that does not know the
/// hyperparameter; so nothing but a dependence favours the observed values over values permuted among the trials in
/// which it is active, and p is uniform under the hypothesis where values were drawn independently (Phipson & Smyth,
/// Stat. Appl. Genet. Mol. Biol. 9, 2010). Trials of an optimizer were not: their p-values are approximate.
///
/// *None at all.* The statistic is the largest log marginal likelihood over a fixed list of kernels (all length scales
/// alike, or one hyperparameter alone), the signal's variance being profiled out; the targets are permuted.
///
/// O(permutations d n³), n ≤ most_trials. @throws InvalidInput where sizes disagree or a target is not finite.
[[nodiscard]] RelevanceTest test_relevance(const std::shared_ptr<const SearchSpace>& space,
                                           std::span<const Configuration> configurations,
                                           const Eigen::VectorXd& targets, const RelevanceTestOptions& options = {});

}  // namespace hyperego
