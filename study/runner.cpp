#include <hyperego/study/detail/checkpoints.hpp>
#include <hyperego/study/detail/worker_pool.hpp>
#include <hyperego/study/runner.hpp>

#include <chrono>
#include <optional>

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

/// Those that are kept only while a trial may go on from them.
std::optional<detail::Checkpoints> checkpoints_to_clear(Study& study) {
  const CommandEvaluation* command = command_of(study.specification().evaluation);
  const bool clears = command != nullptr && !command->keep_checkpoints && continues_training(study.specification());
  if (!clears || study.directory() == nullptr) return std::nullopt;
  return detail::Checkpoints(study.directory()->checkpoints());
}

void follow(Schedule& schedule, detail::WorkerPool& pool, const Study& study, const StopSignal& stop,
            const RunningTime& time, const std::optional<detail::Checkpoints>& checkpoints, Observer* observer) {
  for (;;) {
    if (stop) schedule.stop();
    for (PendingTrial& trial : schedule.due(time.seconds())) pool.submit(std::move(trial));
    if (schedule.is_over()) return;
    std::vector<EvaluationResult> results = pool.results_within(schedule.patience_s(time.seconds()));
    if (stop) schedule.stop();
    for (const detail::WorkerPool::Report& one : pool.reports()) {
      if (!schedule.report(one.trial, one.report, time.seconds()).goes_on) pool.stop(one.trial);
    }
    for (const std::uint64_t number : schedule.take(std::move(results), time.seconds())) {
      if (checkpoints) checkpoints->remove_spent(study.history(), number);
      if (observer != nullptr) observer->on_tell(study.history().trial(number), study.history());
    }
  }
}

}  // namespace

RunSummary run_study(Study& study, Evaluator& evaluator, StopSignal& stop, Observer* observer,
                     const ScheduleOptions& options) {
  const RunningTime time(study.history());
  const auto checkpoints = checkpoints_to_clear(study);
  Schedule schedule(study, options);
  detail::WorkerPool pool(schedule.workers(), evaluator, stop, study.specification().fidelity.has_value());
  try {
    follow(schedule, pool, study, stop, time, checkpoints, observer);
    RunSummary summary = schedule.finish(time.seconds());
    if (checkpoints && summary.reason != StudyEnd::interrupted) checkpoints->remove_all();
    return summary;
  } catch (...) {
    stop.raise();  // before the pool waits for its evaluations
    throw;
  }
}

}  // namespace hyperego
