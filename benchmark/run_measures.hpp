#pragma once

#include <hyperego/benchmark/run_record.hpp>
#include <hyperego/benchmark/task.hpp>

#include <optional>
#include <vector>

namespace hyperego {

/// How good a run was, after every trial and at its end.
struct RunMeasures {
  /// Of all points evaluated so far, normalised by the task's bounds, after 1 … B trials. Where a run ended before the
  /// budget was spent, its last value stands for the rest.
  std::vector<double> hypervolume = {};
  double area = 0;                             ///< mean of those B values: the area under the curve
  std::optional<double> regret = {};           ///< best known hypervolume − the last value; can be negative
  std::optional<double> log10_regret = {};     ///< log10 max(regret, 1e-6)
  std::optional<double> igd_plus = {};         ///< to the known front, normalised; at the end
  double ask_seconds = 0;                      ///< mean over trials
  std::optional<double> ask_cpu_seconds = {};  ///< the same, where it was recorded for every trial

  [[nodiscard]] double last() const { return hypervolume.back(); }
};

/// One hypervolume for every trial that enters the front. @throws InvalidInput as hypervolume().
[[nodiscard]] RunMeasures measure(const BenchmarkTask& task, const RunRecord& run);

}  // namespace hyperego
