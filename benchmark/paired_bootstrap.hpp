#pragma once

#include <cstdint>
#include <vector>

namespace hyperego {

/// A mean and a percentile interval.
struct BootstrapInterval {
  double mean = 0;
  double lower = 0;
  double upper = 0;
};

/// The mean over strata (tasks) of the mean of paired differences (one for each seed), with a percentile interval from
/// `resamples` draws with replacement of the differences within each stratum (Efron & Tibshirani, An Introduction to
/// the Bootstrap, 1993, ch. 13). The strata stay as they are: the interval speaks about these tasks and new seeds, not
/// about new tasks. O(resamples × differences); deterministic.
/// @throws InvalidInput where there is no stratum or one is empty, or for a level outside (0, 1).
[[nodiscard]] BootstrapInterval stratified_bootstrap(const std::vector<std::vector<double>>& differences,
                                                     double level = 0.95, std::uint64_t resamples = 10000);

}  // namespace hyperego
