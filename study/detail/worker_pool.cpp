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

/// Of one evaluation: to the pool, from its thread.
class WorkerPool::Channel final : public EvaluationChannel {
 public:
  Channel(WorkerPool& pool, std::uint64_t trial) : pool_(pool), trial_(trial) {
    const std::lock_guard lock(pool_.mutex_);
    pool_.channels_[trial] = this;
  }
  ~Channel() override {
    const std::lock_guard lock(pool_.mutex_);
    pool_.channels_.erase(trial_);
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  void report(const IntermediateReport& report) override {
    {
      const std::lock_guard lock(pool_.mutex_);
      pool_.reports_.push_back({trial_, report});
    }
    pool_.finished_.notify_one();
  }
  [[nodiscard]] const StopSignal* stop() const override { return &stop_; }
  void raise() { stop_.raise(); }

 private:
  WorkerPool& pool_;
  std::uint64_t trial_;
  StopSignal stop_;
};

WorkerPool::WorkerPool(std::size_t workers, Evaluator& evaluator, const StopSignal& stop, bool listens)
    : evaluator_(evaluator), stop_(stop), listens_(listens) {
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

std::vector<EvaluationResult> WorkerPool::results_within(std::optional<double> seconds) {
  if (busy_ == 0) {
    pause(seconds.value_or(0), stop_);
    return {};
  }
  const auto has_any = [this] { return !results_.empty() || !reports_.empty(); };
  std::unique_lock lock(mutex_);
  if (seconds) {
    (void)finished_.wait_for(lock, std::chrono::duration<double>(*seconds), has_any);
  } else {
    finished_.wait(lock, has_any);
  }
  busy_ -= results_.size();
  return std::exchange(results_, {});
}

std::vector<WorkerPool::Report> WorkerPool::reports() {
  const std::lock_guard lock(mutex_);
  return std::exchange(reports_, {});
}

void WorkerPool::stop(std::uint64_t trial) {
  const std::lock_guard lock(mutex_);
  if (const auto channel = channels_.find(trial); channel != channels_.end()) channel->second->raise();
}

Outcome WorkerPool::run(const PendingTrial& trial) {
  if (!listens_) return evaluator_.evaluate(trial.trial, trial.configuration, trial.seed);
  Channel channel(*this, trial.trial);
  return evaluator_.run(trial, channel);
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
    EvaluationResult result = evaluated(trial);
    {
      const std::lock_guard lock(mutex_);
      results_.push_back(std::move(result));
    }
    finished_.notify_one();
  }
}

EvaluationResult WorkerPool::evaluated(const PendingTrial& trial) {
  using Kind = EvaluationResult::Kind;
  EvaluationResult result{trial.trial, {.status = TrialStatus::lost, .message = "it had not begun when the run ended"}};
  if (stop_) return result;
  const auto start = Clock::now();
  try {
    result.outcome = run(trial);
  } catch (const EvaluationRefused& refusal) {
    result.outcome.message = refusal.what();
    result.kind = Kind::refused;
  } catch (const ResourceShortage& shortage) {
    result.outcome.message = shortage.what();
    result.kind = Kind::no_room;
  } catch (const std::exception& error) {
    result.outcome = {.status = TrialStatus::failed, .message = error.what()};
  } catch (...) {
    result.outcome = {.status = TrialStatus::failed,
                      .message = "the evaluation threw something that is no std::exception"};
  }
  if (result.outcome.seconds == 0) result.outcome.seconds = seconds_since(start);
  return result;
}

}  // namespace hyperego::detail
