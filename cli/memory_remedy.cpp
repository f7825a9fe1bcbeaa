#include "memory_remedy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace hyperego::cli {
namespace {

/// Matrices of trials × trials that a fit holds at the same time.
constexpr double matrices_of_a_fit = 2;
/// A configuration beside its values.
constexpr double bytes_of_a_sample = 40;

std::string bytes_text(double bytes) {
  const double mebibytes = std::max(1.0, std::ceil(bytes / 1048576));
  return mebibytes < 1024 ? fmt::format("{:.0f} MiB", mebibytes) : fmt::format("{:.1f} GiB", mebibytes / 1024);
}

}  // namespace

WorkSize work_size(const std::vector<TrialTable>& tables, std::optional<std::size_t> samples) {
  WorkSize size{.samples = samples.value_or(default_samples)};
  for (const TrialTable& table : tables) {
    size.trials = std::max(size.trials, table.configurations.size());
    size.hyperparameters = std::max(size.hyperparameters, table.space->size());
  }
  return size;
}

std::string memory_remedy(const std::string& phase, const WorkSize& size) {
  const auto n = static_cast<double>(size.trials);
  if (phase.rfind("model of ", 0) == 0) {
    if (!size.is_process) return fmt::format("a forest of {} trials is grown; take fewer trials", size.trials);
    return fmt::format("a Gaussian process of {} trials takes at least {}; use --surrogate forest, or fewer trials",
                       size.trials, bytes_text(matrices_of_a_fit * 8 * n * n));
  }
  const double sample = bytes_of_a_sample + 8 * static_cast<double>(size.hyperparameters);
  return fmt::format("{} samples take at least {}; take fewer --samples, a smaller --budget or fewer --threads",
                     size.samples, bytes_text(sample * static_cast<double>(size.samples)));
}

}  // namespace hyperego::cli
