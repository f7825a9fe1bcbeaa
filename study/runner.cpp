#include <hyperego/study/detail/worker_pool.hpp>
#include <hyperego/study/runner.hpp>

#include <chrono>

namespace hyperego {
namespace {

/// Running time of a study, over all its runs.
class RunningTime {
 public:
  explicit RunningTime(const StudyHistory& history) : before_s_(history.elapsed_s()) {}
  [[nodiscard]] double seconds() const {
    return before_s_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  double before_s_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

void follow(Schedule& schedule, detail::WorkerPool& pool, const Study& study, const StopSignal& stop,
            const RunningTime& time, Observer* observer) {
  for (;;) {
    if (stop) schedule.stop();
    for (PendingTrial& trial : schedule.due(time.seconds())) pool.submit(std::move(trial));
    if (schedule.is_over()) return;
    std::vector<EvaluationResult> results = pool.results_within(schedule.patience_s(time.seconds()));
    if (stop) schedule.stop();
    for (const std::uint64_t number : schedule.take(std::move(results), time.seconds())) {
      if (observer == nullptr) continue;
      const StudyHistory::Record& record = study.history().records()[number];
      observer->on_tell({number, record.configuration, *record.outcome}, study.history());
    }
  }
}

}  // namespace

RunSummary run_study(Study& study, Evaluator& evaluator, StopSignal& stop, Observer* observer,
                     const ScheduleOptions& options) {
  const RunningTime time(study.history());
  Schedule schedule(study, options);
  detail::WorkerPool pool(schedule.workers(), evaluator, stop);
  try {
    follow(schedule, pool, study, stop, time, observer);
    return schedule.finish(time.seconds());
  } catch (...) {
    stop.raise();  // before the pool waits for its evaluations
    throw;
  }
}

}  // namespace hyperego
