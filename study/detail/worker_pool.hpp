#pragma once

#include <hyperego/core/trial.hpp>
#include <hyperego/study/evaluator.hpp>
#include <hyperego/study/runner.hpp>
#include <hyperego/study/stop_signal.hpp>
#include <hyperego/study/study.hpp>

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hyperego::detail {

/// Threads that evaluate trials. One caller submits and collects.
class WorkerPool {
 public:
  struct Result {
    std::uint64_t trial = 0;
    Outcome outcome;
    bool interrupted = false;   ///< the stop signal ended it before it had a result
    bool refused = false;       ///< nothing can be evaluated any more; the outcome's message says why
    std::string shortage = {};  ///< why it could not be tried; there is no outcome then
  };

  /// @throws ResourceShortage where there is no room for so many threads.
  WorkerPool(std::size_t workers, Evaluator& evaluator, const StopSignal& stop, const RunOptions& options);
  /// Waits for evaluations under way; those not begun are dropped.
  ~WorkerPool() { close(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void submit(PendingTrial trial);
  /// Submitted and not collected.
  [[nodiscard]] std::size_t busy() const { return busy_; }
  /// Waits for a result, but no longer than that: whether there is one. Only while busy() > 0.
  [[nodiscard]] bool wait_for_result(double seconds);
  /// All results there are, at least one. Only while busy() > 0.
  [[nodiscard]] std::vector<Result> collect();

 private:
  void close();
  void work();
  [[nodiscard]] Result evaluated(const PendingTrial& trial) const;
  /// @throws EvaluationRefused
  [[nodiscard]] Result evaluated_with_attempts(const PendingTrial& trial) const;
  [[nodiscard]] Outcome attempt(const PendingTrial& trial) const;

  Evaluator& evaluator_;
  const StopSignal& stop_;
  RunOptions options_;
  std::mutex mutex_;
  std::condition_variable submitted_;
  std::condition_variable finished_;
  std::deque<PendingTrial> queue_;
  std::vector<Result> results_;
  std::size_t busy_ = 0;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace hyperego::detail
