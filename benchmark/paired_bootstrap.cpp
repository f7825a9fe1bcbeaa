#include <hyperego/benchmark/paired_bootstrap.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/quantile.hpp>
#include <hyperego/core/rng.hpp>

#include <algorithm>
#include <numeric>

namespace hyperego {
BootstrapInterval stratified_bootstrap(const std::vector<std::vector<double>>& differences, double level,
                                       std::uint64_t resamples) {
  if (differences.empty()) throw InvalidInput("differences", "is empty; give at least one task");
  if (!(level > 0 && level < 1)) throw InvalidInput("level", "is outside (0, 1)");
  if (resamples == 0) throw InvalidInput("resamples", "is 0; give at least 1");
  const auto strata = static_cast<double>(differences.size());
  BootstrapInterval interval;
  for (const auto& stratum : differences) {
    if (stratum.empty()) throw InvalidInput("differences", "holds a task without seeds");
    interval.mean +=
        std::accumulate(stratum.begin(), stratum.end(), 0.0) / static_cast<double>(stratum.size()) / strata;
  }
  std::vector<double> means(resamples, 0);
  for (std::uint64_t r = 0; r < resamples; ++r) {
    Rng rng(0, "paired-bootstrap", r);
    for (const auto& stratum : differences) {
      double sum = 0;
      for (std::size_t i = 0; i < stratum.size(); ++i) sum += stratum[rng.below(stratum.size())];
      means[r] += sum / static_cast<double>(stratum.size()) / strata;
    }
  }
  std::sort(means.begin(), means.end());
  interval.lower = quantile_of_sorted(means, (1 - level) / 2);
  interval.upper = quantile_of_sorted(means, (1 + level) / 2);
  return interval;
}

}  // namespace hyperego
