#include <hyperego/study/detail/worker_pool.hpp>
#include <hyperego/study/resource_shortage.hpp>
#include <hyperego/study/runner.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <sstream>
#include <utility>

namespace hyperego {
namespace {

using Clock = std::chrono::steady_clock;
using detail::WorkerPool;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

template <typename T>
std::string text(const T& value) {
  std::ostringstream stream;
  stream << value;
  return stream.str();
}

/// One run of a study; what its two modes share.
class Run {
 public:
  Run(Study& study, Evaluator& evaluator, const StopSignal& stop, Observer* observer, const RunOptions& options)
      : study_(study),
        stop_(stop),
        observer_(observer),
        options_(options),
        elapsed_before_(study.history().elapsed_s()),
        pool_(study.specification().workers, evaluator, stop, options) {}

  RunSummary synchronous() {
    evaluate_in_order(study_.pending());
    while (!ended()) evaluate_in_order(ask(std::min<std::uint64_t>(study_.specification().workers, trials_left())));
    return outcome();
  }

  RunSummary asynchronous() {
    for (const PendingTrial& trial : study_.pending()) pool_.submit(trial);
    for (;;) {
      while (!ended() && pool_.busy() < study_.specification().workers && trials_left() > 0) {
        const auto trials = ask(1);
        for (const PendingTrial& trial : trials) pool_.submit(trial);
        if (trials.empty()) break;
      }
      if (pool_.busy() == 0) break;
      std::vector<std::pair<std::uint64_t, Outcome>> results;
      for (auto& result : collect()) take(std::move(result), results);
      tell(std::move(results));
    }
    (void)ended();
    return outcome();
  }

 private:
  [[nodiscard]] double elapsed() const { return elapsed_before_ + seconds_since(start_); }
  [[nodiscard]] std::uint64_t trials_left() const {
    const std::uint64_t asked = study_.history().records().size();
    return study_.specification().limits.trials - std::min(asked, study_.specification().limits.trials);
  }

  RunSummary outcome() {
    if (shortage_.empty() || stop_) return *summary_;
    flush();
    study_.write_front();
    throw ResourceShortage("", shortage_);
  }

  /// Whether nothing new is to be begun; remembers the first reason.
  bool ended() {
    if (summary_) return true;
    const bool is_short = !shortage_.empty();
    if ((stop_ || is_short) && !(trials_left() == 0 && study_.history().pending().empty())) {
      summary_ = {StudyEnd::interrupted, "interrupted after " + std::to_string(study_.history().ended()) + " trials"};
    } else {
      summary_ = reached_limit(study_.history(), elapsed());
    }
    return summary_.has_value();
  }

  std::vector<PendingTrial> ask(std::size_t count) {
    // The next results flush the suggestion as well. Should it be lost to a power failure before, it is simply made
    // again.
    auto trials = study_.ask(count, Durability::with_next);
    if (trials.empty() && study_.history().pending().empty()) {
      summary_ = {StudyEnd::exhausted, "every configuration of the space has been tried or is forbidden, after " +
                                           std::to_string(study_.history().ended()) + " trials"};
    }
    if (observer_ != nullptr && !trials.empty()) observer_->on_ask(trials);
    return trials;
  }

  void take(WorkerPool::Result result, std::vector<std::pair<std::uint64_t, Outcome>>& results) {
    if (result.refused && !summary_) summary_ = {StudyEnd::refused, result.outcome.message};
    if (shortage_.empty()) shortage_ = result.shortage;
    if (result.interrupted || result.refused || !result.shortage.empty()) return;
    results.emplace_back(result.trial, std::move(result.outcome));
  }

  /// A lost trial says nothing of its configuration. Where so many have failed that the study ends, it stays pending.
  [[nodiscard]] std::vector<std::pair<std::uint64_t, Outcome>> without_needless_losses(
      std::vector<std::pair<std::uint64_t, Outcome>> results) const {
    const auto& most = study_.specification().max_failures;
    if (!most) return results;
    std::uint64_t failures = study_.history().failures();
    std::vector<std::pair<std::uint64_t, Outcome>> kept;
    for (auto& [trial, outcome] : results) {
      if (outcome.status == TrialStatus::lost && failures >= *most) continue;
      const bool failed = outcome.status == TrialStatus::failed || outcome.status == TrialStatus::timed_out ||
                          outcome.status == TrialStatus::lost;
      failures += failed ? 1 : 0;
      kept.emplace_back(trial, std::move(outcome));
    }
    return kept;
  }

  void tell(std::vector<std::pair<std::uint64_t, Outcome>> given) {
    const auto results = without_needless_losses(std::move(given));
    if (results.empty()) return;
    study_.tell(results, elapsed(), Durability::with_next);
    has_unflushed_ = true;
    flush_if_due();
    if (observer_ != nullptr) {
      for (const auto& [trial, outcome] : results) {
        const auto& record = study_.history().records()[trial];
        observer_->on_tell({trial, record.configuration, *record.outcome}, study_.history());
      }
    }
    if (seconds_since(front_written_) < options_.front_interval_s) return;
    flush();
    study_.write_front();
    front_written_ = Clock::now();
  }

  /// Results that come faster than the disk can take them one by one share a flush (group commit); the search goes on
  /// meanwhile, as a power failure would take its later steps along with them. What nobody follows is flushed before we
  /// wait.
  std::vector<WorkerPool::Result> collect() {
    if (has_unflushed_ && !pool_.wait_for_result(std::max(0.0, flush_interval_ - seconds_since(flushed_)))) flush();
    return pool_.collect();
  }

  void flush_if_due() {
    if (seconds_since(flushed_) >= flush_interval_) flush();
  }

  void flush() {
    if (!has_unflushed_) return;
    const auto start = Clock::now();
    study_.flush();
    flushed_ = Clock::now();
    has_unflushed_ = false;
    flush_interval_ = std::max(least_flush_interval_s, 4 * std::chrono::duration<double>(flushed_ - start).count());
  }

  /// Evaluates all of them and tells them in their order, each as soon as those before it are told. What comes too
  /// early is kept beside the journal and shares its flushes, so that a crash loses no result.
  void evaluate_in_order(const std::vector<PendingTrial>& trials) {
    std::map<std::uint64_t, Outcome> waiting = kept_from_before(trials);
    for (const PendingTrial& trial : trials) {
      if (waiting.count(trial.trial) == 0) pool_.submit(trial);
    }
    auto next = trials.begin();
    const auto tell_those_due = [&] {
      std::vector<std::pair<std::uint64_t, Outcome>> due;
      for (; next != trials.end(); ++next) {
        const auto found = waiting.find(next->trial);
        if (found == waiting.end()) break;
        due.emplace_back(found->first, std::move(found->second));
        waiting.erase(found);
      }
      tell(std::move(due));
    };
    tell_those_due();
    while (pool_.busy() > 0) {
      std::vector<std::pair<std::uint64_t, Outcome>> results;
      for (auto& result : collect()) take(std::move(result), results);
      std::vector<std::uint64_t> fresh;
      for (auto& [trial, outcome] : results) {
        fresh.push_back(trial);
        waiting[trial] = std::move(outcome);
      }
      tell_those_due();
      for (const std::uint64_t trial : fresh) {
        if (const auto found = waiting.find(trial); found != waiting.end()) keep(trial, found->second);
      }
      flush_if_due();
    }
    if (next == trials.end() && study_.directory() != nullptr) study_.directory()->early_are_told();
  }

  [[nodiscard]] std::map<std::uint64_t, Outcome> kept_from_before(const std::vector<PendingTrial>& trials) {
    std::map<std::uint64_t, Outcome> kept;
    if (study_.directory() == nullptr) return kept;
    for (const EndedEvent& event : study_.directory()->early()) {
      for (const PendingTrial& trial : trials) {
        if (trial.trial == event.trial.number && trial.configuration == event.trial.configuration) {
          kept[trial.trial] = event.trial.outcome;
        }
      }
    }
    return kept;
  }

  void keep(std::uint64_t trial, const Outcome& outcome) {
    if (study_.directory() == nullptr) return;
    study_.directory()->keep_early({{trial, study_.history().records()[trial].configuration, outcome}, elapsed()});
    has_unflushed_ = true;
  }

  Study& study_;
  const StopSignal& stop_;
  Observer* observer_;
  RunOptions options_;
  double elapsed_before_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point front_written_ = Clock::now();
  static constexpr double least_flush_interval_s = 0.02;
  double flush_interval_ = least_flush_interval_s;
  Clock::time_point flushed_{};
  bool has_unflushed_ = false;
  std::optional<RunSummary> summary_;
  std::string shortage_;  // why a trial could not be tried
  WorkerPool pool_;
};

}  // namespace

std::string_view to_string(StudyEnd reason) {
  switch (reason) {
    case StudyEnd::trials:
      return "trials";
    case StudyEnd::wall_clock:
      return "wall_clock";
    case StudyEnd::evaluation_time:
      return "evaluation_time";
    case StudyEnd::target_hypervolume:
      return "target_hypervolume";
    case StudyEnd::stalled:
      return "stalled";
    case StudyEnd::max_failures:
      return "max_failures";
    case StudyEnd::refused:
      return "refused";
    case StudyEnd::exhausted:
      return "exhausted";
    case StudyEnd::interrupted:
      return "interrupted";
  }
  return "interrupted";
}

std::optional<RunSummary> reached_limit(const StudyHistory& history, double elapsed_s) {
  const StudySpecification& study = history.study();
  const Limits& limits = study.limits;
  if (study.max_failures && history.failures() >= *study.max_failures) {
    return RunSummary{StudyEnd::max_failures,
                      text(history.failures()) + " trials failed, as many as max_failures allows"};
  }
  if (history.ended() >= limits.trials)
    return RunSummary{StudyEnd::trials, "all " + text(limits.trials) + " trials are done"};
  if (limits.wall_s && elapsed_s >= *limits.wall_s) {
    return RunSummary{StudyEnd::wall_clock, "the wall-clock limit of " + text(*limits.wall_s) + " s is reached"};
  }
  if (limits.evaluation_s && history.evaluation_s() >= *limits.evaluation_s) {
    return RunSummary{StudyEnd::evaluation_time, "the evaluations have taken " + text(*limits.evaluation_s) + " s"};
  }
  const bool settled = history.reference() && history.reference()->settled;
  if (limits.target_hypervolume && settled && *history.hypervolume() >= *limits.target_hypervolume) {
    return RunSummary{StudyEnd::target_hypervolume, "the hypervolume has reached " + text(*limits.target_hypervolume)};
  }
  if (limits.stall_trials && history.stalled_trials() >= *limits.stall_trials) {
    return RunSummary{StudyEnd::stalled, "the hypervolume has not grown for " + text(*limits.stall_trials) + " trials"};
  }
  return std::nullopt;
}

AskedTrials ask_within_limits(Study& study, std::size_t count, double elapsed_s) {
  const std::uint64_t most = study.specification().limits.trials;
  const std::uint64_t left = most - std::min<std::uint64_t>(study.history().records().size(), most);
  AskedTrials asked{{}, reached_limit(study.history(), elapsed_s)};
  if (asked.limit && asked.limit->reason != StudyEnd::trials) return asked;
  if (left > 0) asked.trials = study.ask(static_cast<std::size_t>(std::min<std::uint64_t>(count, left)));
  if (left < count) {
    asked.limit = {StudyEnd::trials, "all " + text(most) + " trials of the study have been asked for"};
  } else if (asked.trials.empty()) {
    asked.limit = {StudyEnd::exhausted,
                   "every configuration of the space has been tried, is being tried or is forbidden"};
  }
  return asked;
}

RunSummary run_study(Study& study, Evaluator& evaluator, StopSignal& stop, Observer* observer,
                     const RunOptions& options) {
  RunSummary summary;
  {
    Run run(study, evaluator, stop, observer, options);
    try {
      summary = study.specification().synchronous ? run.synchronous() : run.asynchronous();
    } catch (...) {
      stop.raise();
      throw;
    }
  }
  if (summary.reason != StudyEnd::interrupted) {
    study.stop({std::string(to_string(summary.reason)), summary.message});
  }
  study.flush();
  study.write_front();
  return summary;
}

}  // namespace hyperego
