#pragma once

#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <cstdint>
#include <vector>

namespace hyperego {

struct RelevanceTestOptions {
  /// Permutations of a hyperparameter's values; the smallest p-value is 1 / (permutations + 1).
  std::size_t permutations = 39;
  /// The test looks at no more trials than this: the first ones of a fixed random order.
  Eigen::Index most_trials = 150;
  std::uint64_t seed = 0;
  int threads = 0;  ///< 0: OpenMP's choice; the p-values do not depend on it

  /// @throws InvalidInput naming the field.
  void validate() const;
};

/// For every searched hyperparameter the p-value of "the target does not depend on it".
///
/// The statistic is the largest log marginal likelihood over the hyperparameter's own length scale and the noise, all
/// other parameters being those of `surrogate`. Its distribution under the hypothesis comes from permuting the
/// hyperparameter's values among the trials in which it is active (Ojala & Garriga, JMLR 11, 2010), so that p is
/// uniform for independently drawn trials; those of an optimizer are not, and their p-values are approximate.
/// A hyperparameter that never varied has p = 1. O(permutations d n³) with n ≤ most_trials.
[[nodiscard]] std::vector<double> relevance_p_values(const GaussianProcessSurrogate& surrogate,
                                                     const RelevanceTestOptions& options = {});

}  // namespace hyperego
