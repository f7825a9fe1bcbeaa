#pragma once

#include <hyperego/benchmark/run_record.hpp>
#include <hyperego/benchmark/suite.hpp>
#include <hyperego/benchmark/task.hpp>
#include <hyperego/study/stop_signal.hpp>

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace hyperego {

/// Every run of a suite, task by task, optimizer by optimizer, seed by seed.
struct BenchmarkRuns {
  std::vector<RunRecord> records = {};
  std::size_t seeds = 0;
  std::vector<std::string> optimizers = {};  ///< labels; those of which a run is missing are left out
  std::vector<std::string> left_out = {};    ///< why, one sentence each
  std::size_t made = 0;                      ///< runs that were made now and not read

  [[nodiscard]] const RunRecord& record(std::size_t task, std::size_t optimizer, std::size_t seed) const {
    return records[(task * optimizers.size() + optimizer) * seeds + seed];
  }
};

struct BenchmarkRunOptions {
  std::size_t threads = 1;  ///< runs at the same time, each on one thread; results do not depend on it
  /// Called after every run with the numbers of runs that are done and wanted; from one thread at a time.
  std::function<void(std::size_t done, std::size_t wanted)> progress = {};
};

/// Where a run lies: DIR/runs/TASK/OPTIMIZER/SEED.json.
[[nodiscard]] std::filesystem::path run_file(const std::filesystem::path& directory, const std::string& task,
                                             const std::string& optimizer, std::uint64_t seed);

/// Writes a run where run_file() says, by a rename. @throws StoreError
void keep_run(const std::filesystem::path& directory, const RunRecord& run);

/// Makes the runs that `directory` does not hold yet and reads the others. A run becomes a file by one rename when it
/// is complete, so a killed benchmark loses nothing but the runs it was in. External optimizers are only read; one with
/// a missing run is left out by name.
/// @throws InvalidInput where a file holds a run of something else; StoreError where the directory is in use or cannot
/// be written; Error naming the first run that failed, when all others are done.
/// Stopped early, it returns without records.
[[nodiscard]] BenchmarkRuns run_benchmark(const BenchmarkSuite& suite, const std::vector<BenchmarkTask>& tasks,
                                          const std::filesystem::path& directory, const BenchmarkRunOptions& options,
                                          const StopSignal& stop);

/// The runs that `directory` holds; none is made. An optimizer with a missing run is left out by name.
/// @throws InvalidInput where a file holds a run of something else.
[[nodiscard]] BenchmarkRuns read_runs(const BenchmarkSuite& suite, const std::vector<BenchmarkTask>& tasks,
                                      const std::filesystem::path& directory);

}  // namespace hyperego
