#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

/// What `hyperego benchmark` has written, as far as a comparison shows it (docs/benchmark-suites.md).
struct BenchmarkResult {
  struct Spread {
    double mean = 0, deviation = 0;  ///< over seeds
  };
  /// An optimizer on a task.
  struct Method {
    std::string optimizer;
    Spread last = {}, area = {};  ///< hypervolume at the end, mean hypervolume over trials
    std::optional<double> regret = {}, igd_plus = {};
    double ask_s = 0;
    std::vector<Spread> curve = {};  ///< hypervolume after every trial
  };
  struct Task {
    std::string name;
    std::uint64_t trials = 0;
    std::vector<double> ideal = {}, nadir = {};  ///< of the minimised objectives
    std::vector<Method> methods = {};
  };
  /// Mean ranks of the optimizers over tasks by one criterion; 1 is best.
  struct Ranks {
    std::string criterion;
    std::uint64_t tasks = 0;
    std::vector<double> means = {};
    double critical_difference = 0;  ///< Nemenyi, level 0.05
    double p = 1;                    ///< Iman & Davenport
  };
  struct Share {
    double over_trials = 0;
    std::vector<double> after_each_5_percent = {};
  };
  /// One optimizer against the baseline over all tasks.
  struct AgainstBaseline {
    std::string optimizer;
    std::uint64_t better = 0, equal = 0, worse = 0;  ///< tasks
    double difference = 0, lower = 0, upper = 0;     ///< of shares, with a 95 % interval
    double p = 1;                                    ///< Wilcoxon
  };

  std::string suite, baseline;
  double reference = 0;
  std::vector<std::uint64_t> seeds;
  std::vector<std::string> optimizers, left_out;
  std::vector<Task> tasks;
  std::vector<Ranks> ranks;
  std::vector<Share> shares;  ///< of the optimizers
  std::vector<AgainstBaseline> against_baseline;
};

/// Reads summary.json and trials.csv of a benchmark's output folder.
/// @throws InvalidInput naming file and place where they are not what a benchmark writes.
[[nodiscard]] BenchmarkResult read_benchmark_result(const std::filesystem::path& directory);

}  // namespace hyperego
