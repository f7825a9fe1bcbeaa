#pragma once

#include <hyperego/benchmark/suite.hpp>
#include <hyperego/benchmark/task.hpp>
#include <hyperego/study/stop_signal.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

/// One trial of a run, raw.
struct RecordedTrial {
  std::shared_ptr<const nlohmann::ordered_json> configuration = {};  ///< {"name": value, …}; null where not recorded
  Eigen::VectorXd objectives = {};                                   ///< raw direction; empty for a failed trial
  double ask_seconds = 0;                                            ///< wall clock of the ask
  std::optional<double> ask_cpu_seconds = {};  ///< processor time of it, which other programs do not lengthen
};

/// One optimizer on one task with one seed: the content of a run file.
struct RunRecord {
  std::string task = {};
  std::string optimizer = {};
  std::uint64_t seed = 0;
  std::string identity = {};  ///< run_identity() of what was run; empty in files that others wrote
  std::vector<RecordedTrial> trials = {};
};

/// A digest of all that a run's trials depend on: space, objectives, evaluator, budget, initial design, options, seed.
/// Not of the program's version, which the file only mentions.
[[nodiscard]] std::string run_identity(const TaskDefinition& definition, const BenchmarkTask& task,
                                       const CompetingOptimizer& optimizer, std::uint64_t seed);

/// Asks, evaluates and tells trials until the budget is spent or the space is exhausted, on the calling thread: one at
/// a time, or as many as the optimizer has workers. They are recorded in the order in which they end. Trials whose
/// objectives are not finite, or whose evaluation throws, have failed. Nothing where it was stopped before the end.
[[nodiscard]] std::optional<RunRecord> run_once(const TaskDefinition& definition, const BenchmarkTask& task,
                                                const CompetingOptimizer& optimizer, std::uint64_t seed,
                                                const StopSignal& stop);

[[nodiscard]] nlohmann::ordered_json to_json(const RunRecord& run);
/// Reads a run file of this task (format: docs/benchmark-suites.md).
/// @throws InvalidInput naming the file and member.
[[nodiscard]] RunRecord read_run(const std::filesystem::path& file, const BenchmarkTask& task);

}  // namespace hyperego
