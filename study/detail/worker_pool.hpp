#pragma once

#include <hyperego/study/evaluator.hpp>
#include <hyperego/study/schedule.hpp>
#include <hyperego/study/stop_signal.hpp>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace hyperego::detail {

/// Threads that evaluate trials. One caller submits and collects.
class WorkerPool {
 public:
  /// @throws ResourceShortage where there is no room for so many threads.
  /// Where it `listens`, evaluations may report on their way and be stopped one by one.
  WorkerPool(std::size_t workers, Evaluator& evaluator, const StopSignal& stop, bool listens = false);
  /// Waits for evaluations under way; those not begun are dropped.
  ~WorkerPool() { close(); }
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  void submit(PendingTrial trial);
  /// Submitted and not collected.
  [[nodiscard]] std::size_t busy() const { return busy_; }
  /// All results there are. Waits for one, but no longer than that where it is given: there may be none then. Where
  /// nothing is under way, it waits for the time alone, or the stop signal. A trial that had not begun when that was
  /// raised is lost.
  [[nodiscard]] std::vector<EvaluationResult> results_within(std::optional<double> seconds = {});

  struct Report {
    std::uint64_t trial = 0;
    IntermediateReport report = {};
  };
  /// All reports that have come. results_within() returns early where there are some; those of a trial are here before
  /// its result is there.
  [[nodiscard]] std::vector<Report> reports();
  /// Ends an evaluation, if it is still under way.
  void stop(std::uint64_t trial);

 private:
  class Channel;
  void close();
  void work();
  [[nodiscard]] EvaluationResult evaluated(const PendingTrial& trial);
  [[nodiscard]] Outcome run(const PendingTrial& trial);

  Evaluator& evaluator_;
  const StopSignal& stop_;
  std::mutex mutex_;
  std::condition_variable submitted_;
  std::condition_variable finished_;
  std::deque<PendingTrial> queue_;
  std::vector<EvaluationResult> results_;
  std::vector<Report> reports_;
  std::map<std::uint64_t, Channel*> channels_;  // of evaluations under way
  bool listens_ = false;
  std::size_t busy_ = 0;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace hyperego::detail
