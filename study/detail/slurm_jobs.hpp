#pragma once

#include <hyperego/study/detail/slurm_refusal.hpp>
#include <hyperego/study/stop_signal.hpp>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyperego::detail {

/// What a state of Slurm means for a trial.
enum class SlurmFate { active, completed, failed, timed_out, lost };

struct SlurmTaskState {
  SlurmFate fate = SlurmFate::active;
  std::string state;  ///< as Slurm has it, with its reason: "TIMEOUT (TimeLimit)"
};

/// PENDING and all that may still run are active; FAILED and OUT_OF_MEMORY failed; TIMEOUT timed_out; whatever is not
/// the program's doing (PREEMPTED, NODE_FAIL, BOOT_FAIL, CANCELLED, DEADLINE, REVOKED) lost. Words that are not known
/// count as active: a newer Slurm may have more of them.
[[nodiscard]] SlurmFate slurm_fate(const std::string& state);

/// (name of the job, task of its array) → state. Names, not numbers: a controller that crashed before it saved its
/// state gives the same number to another job.
using SlurmStates = std::map<std::pair<std::string, int>, SlurmTaskState>;

/// Lines "JOB|TASK|STATE|REASON|NAME" of squeue, or "JOB_TASK|STATE|EXIT|NAME" of sacct; others are passed over.
[[nodiscard]] SlurmStates parse_squeue(const std::string& text);
[[nodiscard]] SlurmStates parse_sacct(const std::string& text);

/// "1234" or "1234;cluster" → both parts. Nothing where it is no job.
[[nodiscard]] std::optional<std::pair<std::string, std::string>> parse_job(const std::string& text);

/// What came of a call of sbatch.
struct Submission {
  std::string job = {};      ///< empty where there is none
  std::string cluster = {};  ///< where Slurm named one
  SlurmRefusal refusal = SlurmRefusal::none;
  std::string message = {};  ///< Slurm's own words
};

/// Calls of Slurm's programs. Not thread-safe.
class SlurmJobs {
 public:
  explicit SlurmJobs(const StopSignal* stop) : stop_(stop) {}

  /// Submits `script` as an array of `count` tasks. The number of the job goes to `answer`, which sbatch itself writes
  /// and holds a lock (flock) on, so that it outlives this process.
  [[nodiscard]] Submission submit(const std::filesystem::path& script, const std::string& name, std::size_t count,
                                  const std::vector<std::pair<std::string, std::string>>& options,
                                  const std::filesystem::path& directory, const std::filesystem::path& answer) const;
  /// MaxArraySize as the controller has it. Nothing where it does not say.
  [[nodiscard]] std::optional<std::size_t> most_tasks() const;
  /// The job that `answer` names, once whoever writes to it has ended.
  [[nodiscard]] static Submission recorded(const std::filesystem::path& answer);
  /// The job of that name. Nothing where Slurm cannot be asked; an empty job where there is none.
  [[nodiscard]] std::optional<Submission> find(const std::string& name) const;
  /// The tasks of these jobs that Slurm still knows, asked for together. Nothing where Slurm cannot be asked.
  [[nodiscard]] std::optional<SlurmStates> states(const std::vector<std::string>& jobs, const std::string& cluster);
  /// Cancels what is left of the job of that name. False where Slurm cannot be asked.
  [[nodiscard]] static bool cancel(const std::string& name);

 private:
  const StopSignal* stop_;
  bool has_accounting_ = true;
};

}  // namespace hyperego::detail
