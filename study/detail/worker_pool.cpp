#include <hyperego/study/detail/worker_pool.hpp>
#include <hyperego/study/resource_shortage.hpp>

#include <chrono>
#include <cmath>
#include <exception>
#include <poll.h>
#include <system_error>
#include <utility>

namespace hyperego::detail {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// Ends early when the stop signal is raised.
void pause(double seconds, const StopSignal& stop) {
  pollfd watched{stop.descriptor(), POLLIN, 0};
  (void)::poll(&watched, 1, static_cast<int>(std::ceil(seconds * 1e3)));
}

}  // namespace

WorkerPool::WorkerPool(std::size_t workers, Evaluator& evaluator, const StopSignal& stop, const RunOptions& options)
    : evaluator_(evaluator), stop_(stop), options_(options) {
  threads_.reserve(workers);
  try {
    for (std::size_t i = 0; i < workers; ++i) threads_.emplace_back([this] { work(); });
  } catch (const std::system_error& error) {
    close();
    fail_to_get("workers", "no thread for worker " + std::to_string(threads_.size() + 1), error.code().value());
  }
}

void WorkerPool::close() {
  {
    const std::lock_guard lock(mutex_);
    closing_ = true;
  }
  submitted_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void WorkerPool::submit(PendingTrial trial) {
  ++busy_;
  {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(trial));
  }
  submitted_.notify_one();
}

bool WorkerPool::wait_for_result(double seconds) {
  std::unique_lock lock(mutex_);
  return finished_.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return !results_.empty(); });
}

std::vector<WorkerPool::Result> WorkerPool::collect() {
  std::unique_lock lock(mutex_);
  finished_.wait(lock, [this] { return !results_.empty(); });
  busy_ -= results_.size();
  return std::exchange(results_, {});
}

void WorkerPool::work() {
  for (;;) {
    PendingTrial trial;
    {
      std::unique_lock lock(mutex_);
      submitted_.wait(lock, [this] { return closing_ || !queue_.empty(); });
      if (closing_) return;
      trial = std::move(queue_.front());
      queue_.pop_front();
    }
    Result result = evaluated(trial);
    {
      const std::lock_guard lock(mutex_);
      results_.push_back(std::move(result));
    }
    finished_.notify_one();
  }
}

Outcome WorkerPool::attempt(const PendingTrial& trial) const {
  try {
    return evaluator_.evaluate(trial.trial, trial.configuration, trial.seed);
  } catch (const EvaluationRefused&) {
    throw;
  } catch (const ResourceShortage&) {
    throw;
  } catch (const std::exception& error) {
    return {.status = TrialStatus::failed, .message = error.what()};
  } catch (...) {
    return {.status = TrialStatus::failed, .message = "the evaluation threw something that is no std::exception"};
  }
}

WorkerPool::Result WorkerPool::evaluated(const PendingTrial& trial) const {
  try {
    return evaluated_with_attempts(trial);
  } catch (const EvaluationRefused& refusal) {
    return {trial.trial, {.status = TrialStatus::lost, .message = refusal.what()}, false, true};
  }
}

WorkerPool::Result WorkerPool::evaluated_with_attempts(const PendingTrial& trial) const {
  double back_off = options_.back_off_s;
  for (int remaining = options_.attempts;; --remaining) {
    if (stop_) return {trial.trial, {.status = TrialStatus::lost}, true};
    const auto start = Clock::now();
    Outcome outcome;
    std::string shortage;
    try {
      outcome = attempt(trial);
    } catch (const ResourceShortage& error) {
      outcome.status = TrialStatus::lost;
      shortage = error.what();
    }
    if (outcome.seconds == 0) outcome.seconds = seconds_since(start);
    if (outcome.status != TrialStatus::lost || remaining <= 1) {
      const bool interrupted = outcome.status == TrialStatus::lost && stop_;
      return {trial.trial, std::move(outcome), interrupted, false, shortage};
    }
    pause(back_off, stop_);
    back_off *= 2;
  }
}

}  // namespace hyperego::detail
