#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/trial.hpp>
#include <hyperego/study/detail/slurm_jobs.hpp>
#include <hyperego/study/detail/slurm_script.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace hyperego::detail {

/// A wait that grows while nothing happens.
class BackOff {
 public:
  using Clock = std::chrono::steady_clock;
  BackOff(double least_s, double most_s) : least_s_(least_s), most_s_(most_s), current_s_(least_s) {}

  [[nodiscard]] static Clock::duration duration(double seconds) {
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  }
  [[nodiscard]] bool is_due() const { return Clock::now() >= next_; }
  void wait_longer() {
    next_ = Clock::now() + duration(current_s_);
    current_s_ = std::min(current_s_ * 1.5, most_s_);
  }
  void something_happened() {
    current_s_ = least_s_;
    next_ = std::min(next_, Clock::now() + duration(least_s_));
  }

 private:
  double least_s_;
  double most_s_;
  double current_s_;
  Clock::time_point next_{};
};

/// One call of evaluate(), waiting for its outcome.
struct SlurmTicket {
  std::uint64_t trial = 0;
  Configuration configuration;
  std::uint64_t seed = 0;
  std::optional<Outcome> outcome = {};
  std::optional<double> fidelity = {};  ///< as PendingTrial
  std::optional<std::uint64_t> continues = {};
  std::optional<std::string> refusal = {};  ///< why Slurm will never take it, instead of an outcome
};

/// A job array: a folder, and what Slurm calls it.
struct SlurmArray {
  std::filesystem::path folder;
  std::string name;
  std::size_t count = 0;
  std::string job = {};  ///< empty while it is not known
  std::string cluster = {};
  bool is_unsure = false;  ///< sbatch was called and named no job: Slurm may have one of this name all the same
  BackOff submission{2, 60};

  [[nodiscard]] std::filesystem::path script() const { return folder / "array.sh"; }
  /// Where sbatch writes the number of the job.
  [[nodiscard]] std::filesystem::path answer() const { return folder / "job"; }
};

/// One task of an array whose end a ticket waits for.
struct SlurmTask {
  std::shared_ptr<SlurmTicket> ticket;
  std::shared_ptr<SlurmArray> array;
  int index = 0;
  std::optional<TaskResult> result = {};  ///< of a program that was killed: Slurm knows why
  std::optional<SlurmTaskState> state = {};
  std::optional<BackOff::Clock::time_point> ended = {};  ///< when Slurm was first heard to say so
  int missing = 0;                                       ///< answers in a row that did not mention it
};

}  // namespace hyperego::detail
