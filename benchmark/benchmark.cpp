#include <hyperego/benchmark/benchmark.hpp>
#include <hyperego/benchmark/result_files.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>
#include <hyperego/core/parallel.hpp>

#include <nlohmann/json.hpp>

#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace hyperego {
namespace {

namespace fs = std::filesystem;

struct Job {
  std::size_t task = 0, optimizer = 0, seed = 0;
  std::optional<RunRecord> record = {};
  std::string failure = {};
};

std::string name_of(const BenchmarkSuite& suite, const std::vector<BenchmarkTask>& tasks, const Job& job) {
  return tasks[job.task].name + ", " + suite.optimizers[job.optimizer].label + ", seed " +
         std::to_string(suite.seeds[job.seed]);
}

/// The record that is there already, checked to be the one that is meant.
std::optional<RunRecord> recorded(const BenchmarkSuite& suite, const std::vector<BenchmarkTask>& tasks,
                                  const fs::path& directory, const Job& job) {
  const CompetingOptimizer& optimizer = suite.optimizers[job.optimizer];
  const BenchmarkTask& task = tasks[job.task];
  const fs::path file = run_file(directory, task.name, optimizer.label, suite.seeds[job.seed]);
  std::error_code error;
  if (!fs::exists(file, error)) return std::nullopt;
  RunRecord run = read_run(file, task);
  const bool same = run.task == task.name && run.optimizer == optimizer.label && run.seed == suite.seeds[job.seed] &&
                    (optimizer.is_external() ||
                     run.identity == run_identity(suite.tasks[job.task], task, optimizer, suite.seeds[job.seed]));
  if (!same) {
    throw InvalidInput(file.string(),
                       "holds a run of another task, budget, optimizer or options; choose another directory "
                       "with --out, or remove the file to have it made again");
  }
  return run;
}

void make_runs(const BenchmarkSuite& suite, const std::vector<BenchmarkTask>& tasks, const fs::path& directory,
               std::vector<Job>& jobs, const std::vector<std::size_t>& missing, const BenchmarkRunOptions& options,
               const StopSignal& stop) {
  std::atomic<std::size_t> next{0};
  std::mutex reporting;
  std::size_t done = jobs.size() - missing.size();
  const auto work = [&] {
    set_threads_of_this_thread(1);
    for (std::size_t i = next++; i < missing.size() && !stop; i = next++) {
      Job& job = jobs[missing[i]];
      const CompetingOptimizer& optimizer = suite.optimizers[job.optimizer];
      try {
        job.record = run_once(suite.tasks[job.task], tasks[job.task], optimizer, suite.seeds[job.seed], stop);
        if (!job.record) continue;
        keep_run(directory, *job.record);
      } catch (const std::exception& error) {
        job.record.reset();
        job.failure = error.what();
      }
      const std::lock_guard<std::mutex> lock(reporting);
      if (options.progress) options.progress(++done, jobs.size());
    }
  };
  std::vector<std::thread> workers;
  for (std::size_t w = 0; w < std::min(options.threads, missing.size()); ++w) workers.emplace_back(work);
  for (std::thread& worker : workers) worker.join();
}

/// Every job of the suite, with its run where there is one.
std::vector<Job> recorded_jobs(const BenchmarkSuite& suite, const std::vector<BenchmarkTask>& tasks,
                               const fs::path& directory) {
  std::vector<Job> jobs;
  for (std::size_t t = 0; t < tasks.size(); ++t) {
    for (std::size_t o = 0; o < suite.optimizers.size(); ++o) {
      for (std::size_t s = 0; s < suite.seeds.size(); ++s) {
        jobs.push_back({t, o, s});
        jobs.back().record = recorded(suite, tasks, directory, jobs.back());
      }
    }
  }
  return jobs;
}

/// The runs of those optimizers that have all of theirs.
BenchmarkRuns collected(const BenchmarkSuite& suite, const std::vector<BenchmarkTask>& tasks, std::vector<Job>& jobs) {
  std::vector<std::string> absent(suite.optimizers.size());
  for (const Job& job : jobs) {
    if (!job.record && absent[job.optimizer].empty()) absent[job.optimizer] = name_of(suite, tasks, job);
  }
  BenchmarkRuns runs{.seeds = suite.seeds.size()};
  for (std::size_t o = 0; o < suite.optimizers.size(); ++o) {
    if (absent[o].empty()) runs.optimizers.push_back(suite.optimizers[o].label);
    if (!absent[o].empty()) {
      runs.left_out.push_back("\"" + suite.optimizers[o].label + "\" is left out: there is no run of " + absent[o]);
    }
  }
  for (Job& job : jobs) {
    if (absent[job.optimizer].empty()) runs.records.push_back(std::move(*job.record));
  }
  return runs;
}

void make_folders(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw StoreError(folder.string(), "cannot be made: " + error.message());
}

}  // namespace

fs::path run_file(const fs::path& directory, const std::string& task, const std::string& optimizer,
                  std::uint64_t seed) {
  return directory / "runs" / folder_name(task) / folder_name(optimizer) / (std::to_string(seed) + ".json");
}

void keep_run(const fs::path& directory, const RunRecord& run) {
  const fs::path file = run_file(directory, run.task, run.optimizer, run.seed);
  make_folders(file.parent_path());
  write_file_atomically(file, to_json(run).dump() + "\n");
}

BenchmarkRuns run_benchmark(const BenchmarkSuite& suite, const std::vector<BenchmarkTask>& tasks,
                            const fs::path& directory, const BenchmarkRunOptions& options, const StopSignal& stop) {
  if (options.threads == 0) throw InvalidInput("threads", "is 0; give at least 1");
  check_result_files(directory);
  make_folders(directory);
  const FileLock lock(directory / "lock");
  std::vector<Job> jobs = recorded_jobs(suite, tasks, directory);
  std::vector<std::size_t> missing;
  for (std::size_t j = 0; j < jobs.size(); ++j) {
    if (!jobs[j].record && !suite.optimizers[jobs[j].optimizer].is_external()) missing.push_back(j);
  }
  write_suite_file(directory, suite);
  make_runs(suite, tasks, directory, jobs, missing, options, stop);
  for (const Job& job : jobs) {
    if (!job.failure.empty()) throw Error(name_of(suite, tasks, job), job.failure);
  }
  if (stop) return {.seeds = suite.seeds.size()};
  BenchmarkRuns runs = collected(suite, tasks, jobs);
  runs.made = missing.size();
  return runs;
}

BenchmarkRuns read_runs(const BenchmarkSuite& suite, const std::vector<BenchmarkTask>& tasks,
                        const fs::path& directory) {
  std::vector<Job> jobs = recorded_jobs(suite, tasks, directory);
  return collected(suite, tasks, jobs);
}

}  // namespace hyperego
