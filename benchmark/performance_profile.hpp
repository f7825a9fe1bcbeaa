#pragma once

#include <hyperego/benchmark/benchmark.hpp>
#include <hyperego/benchmark/task.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace hyperego {

/// How often an optimizer is the fastest, and how far behind it is where it is not.
///
/// A problem is a task with a seed. It is solved by an optimizer at the first trial at which the hypervolume has made
/// 1 − `tolerance` of the way from the worst optimizer's after the initial design to the best one's at the end (the
/// convergence test of Moré & Wild, SIAM J. Optim. 20(1), 2009). The cost is the number of that trial; its ratio to the
/// smallest cost of any optimizer is what E. D. Dolan & J. J. Moré, "Benchmarking optimization software with
/// performance profiles", Math. Program. 91, 2002, draw: ρ(α), the share of problems with a ratio of at most α.
struct PerformanceProfile {
  std::string suite = {};
  std::vector<std::string> optimizers = {};
  std::size_t problems = 0;
  double tolerance = 0.1;
  std::vector<std::vector<double>> ratios = {};  ///< by optimizer: of the problems that it solves, ascending, from 1

  /// ρ of an optimizer.
  [[nodiscard]] double share(std::size_t optimizer, double ratio) const;
};

/// @throws InvalidInput where every optimizer is left out, or `tolerance` is not in (0, 1).
[[nodiscard]] PerformanceProfile performance_profile(const BenchmarkSuite& suite,
                                                     const std::vector<BenchmarkTask>& tasks, const BenchmarkRuns& runs,
                                                     double tolerance = 0.1);

/// ρ at 1, 1.25, 1.5, 2, 4 and of all that is solved.
[[nodiscard]] nlohmann::ordered_json to_json(const PerformanceProfile& profile);
[[nodiscard]] std::string to_text(const PerformanceProfile& profile);

/// One HTML page without scripts: ρ over log2 α, and the table.
[[nodiscard]] std::string profile_page(const PerformanceProfile& profile);
/// Its figure alone, an SVG file with its colours.
[[nodiscard]] std::string profile_svg(const PerformanceProfile& profile);

}  // namespace hyperego
