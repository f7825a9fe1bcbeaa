#include <hyperego/core/error.hpp>
#include <hyperego/study/resource_shortage.hpp>
#include <hyperego/study/schedule.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

namespace hyperego {
namespace {

/// Whether all are results of evaluations that `is_running`, each of another one.
template <typename Predicate>
void require_running(const std::vector<EvaluationResult>& results, Predicate is_running) {
  std::set<std::uint64_t> seen;
  for (const EvaluationResult& result : results) {
    const std::string name = "trial " + std::to_string(result.trial);
    if (!is_running(result.trial)) throw InvalidInput(name, "is not being evaluated; give results of due() alone");
    if (result.outcome.status == TrialStatus::waiting || result.outcome.status == TrialStatus::running) {
      throw InvalidInput(name, "has not ended; take its result when it has");
    }
    if (!seen.insert(result.trial).second) throw InvalidInput(name, "has two results; give one");
  }
}

}  // namespace

void ScheduleOptions::validate() const {
  if (attempts < 1) throw InvalidInput("attempts", "must be at least 1");
  if (!(back_off_s >= 0 && std::isfinite(back_off_s))) throw InvalidInput("back_off_s", "must be a number ≥ 0");
  if (!(front_interval_s >= 0)) throw InvalidInput("front_interval_s", "must be a number ≥ 0");
  if (workers && *workers < 1) throw InvalidInput("workers", "must be at least 1");
}

Schedule::Schedule(Study& study, const ScheduleOptions& options)
    : study_(study),
      options_(options),
      workers_(options.workers.value_or(study.specification().workers)),
      synchronous_(options.synchronous.value_or(study.specification().synchronous)),
      saver_(study, study.history().elapsed_s(), options.front_interval_s) {
  options_.validate();
  for (PendingTrial& trial : study_.pending()) queue_.push_back(std::move(trial));
  if (synchronous_) take_early_results();
}

/// Those that an earlier process had before their turn.
void Schedule::take_early_results() {
  for (const PendingTrial& trial : queue_) turns_.push_back(trial.trial);
  if (study_.directory() == nullptr) return;
  for (const EndedEvent& event : study_.directory()->early()) {
    const auto trial = std::find_if(queue_.begin(), queue_.end(), [&](const PendingTrial& pending) {
      return pending.trial == event.trial.number && pending.configuration == event.trial.configuration;
    });
    if (trial != queue_.end()) early_[event.trial.number] = event.trial.outcome;
  }
  const auto has_result = [&](const PendingTrial& trial) { return early_.count(trial.trial) > 0; };
  queue_.erase(std::remove_if(queue_.begin(), queue_.end(), has_result), queue_.end());
  if (turns_.empty()) study_.directory()->early_are_told();
}

std::vector<PendingTrial> Schedule::due(double now_s) {
  if (!synchronous_) {
    while (!has_ended(now_s) && queue_.size() + under_way_.size() < workers_ && ask(1)) {
    }
  } else if (is_idle() && (turns_.empty() || is_halted()) && !has_ended(now_s)) {
    (void)ask(workers_);
  }
  if (!end_ && is_idle() && turns_.empty()) {
    end_ = {StudyEnd::interrupted, "all trials that this run may ask for are done"};
  }
  return begun(now_s);
}

/// Whether nothing new is to be asked for; remembers the first reason.
bool Schedule::has_ended(double now_s) {
  if (end_) return true;
  const StudyHistory& history = study_.history();
  if (is_halted() && !(trials_left(history) == 0 && history.pending().empty())) {
    end_ = {StudyEnd::interrupted, {}};  // finish() says after how many trials
  } else {
    end_ = reached_limit(history, now_s);
  }
  return end_.has_value();
}

/// Whether there was anything to ask for.
bool Schedule::ask(std::size_t count) {
  const std::uint64_t left = options_.new_trials ? *options_.new_trials - asked_ : trials_left(study_.history());
  const std::uint64_t most = std::min<std::uint64_t>({count, left, trials_left(study_.history())});
  if (most == 0) return false;
  // The next results flush the suggestion as well. Should it be lost to a power failure before, it is simply made
  // again.
  std::vector<PendingTrial> trials = study_.ask(static_cast<std::size_t>(most), Durability::with_next);
  if (trials.empty() && is_idle()) {
    end_ = {StudyEnd::exhausted, "every configuration of the space has been tried or is forbidden, after " +
                                     std::to_string(study_.history().ended()) + " trials"};
  }
  asked_ += trials.size();
  const bool has_any = !trials.empty();
  for (PendingTrial& trial : trials) {
    if (synchronous_) turns_.push_back(trial.trial);
    queue_.push_back(std::move(trial));
  }
  return has_any;
}

std::vector<PendingTrial> Schedule::begun(double now_s) {
  std::vector<PendingTrial> trials;
  for (auto& [number, evaluation] : under_way_) {
    if (!evaluation.again_s || *evaluation.again_s > now_s) continue;
    evaluation.again_s.reset();
    ++evaluation.attempts;
    trials.push_back(evaluation.trial);
  }
  while (!queue_.empty() && under_way_.size() < workers_) {
    trials.push_back(queue_.front());
    under_way_[trials.back().trial] = {std::move(queue_.front())};
    queue_.pop_front();
  }
  return trials;
}

Continuation Schedule::report(std::uint64_t trial, const IntermediateReport& report, double now_s) {
  const auto place = under_way_.find(trial);
  if (place == under_way_.end() || place->second.again_s) return {};
  Evaluation& evaluation = place->second;
  if (evaluation.stopped) return {.goes_on = false, .reason = *evaluation.stopped};
  const bool is_told_at_once = !synchronous_ || workers_ == 1;
  const bool is_news = evaluation.reports.empty() || report.fidelity > evaluation.reports.back().fidelity;
  if (is_news) evaluation.reports.push_back(report);
  Continuation answer;
  if (is_told_at_once) {
    answer = study_.report(trial, report, now_s, Durability::with_next);
    saver_.appended();
  } else if (is_news) {
    answer = study_.hear(trial, report);
  }
  if (!answer.goes_on) evaluation.stopped = answer.reason;
  return answer;
}

std::vector<std::uint64_t> Schedule::take(std::vector<EvaluationResult> results, double now_s) {
  require_running(results, [&](std::uint64_t trial) {
    const auto found = under_way_.find(trial);
    return found != under_way_.end() && !found->second.again_s;
  });
  Results arrived;
  for (EvaluationResult& result : results) take(std::move(result), now_s, arrived);
  std::vector<std::uint64_t> fresh;
  for (const auto& [trial, outcome] : arrived) fresh.push_back(trial);
  std::vector<std::uint64_t> told = tell(those_due(std::move(arrived)), now_s);
  for (const std::uint64_t trial : fresh) {
    if (early_.count(trial) > 0) keep_early(trial, now_s);
  }
  if (synchronous_ && turns_.empty() && study_.directory() != nullptr) study_.directory()->early_are_told();
  saver_.save_if_due(now_s);
  return told;
}

void Schedule::take(EvaluationResult result, double now_s, Results& arrived) {
  const auto place = under_way_.find(result.trial);
  const bool has_room = result.kind != EvaluationResult::Kind::no_room;
  if (result.kind == EvaluationResult::Kind::refused) {
    if (!end_) end_ = {StudyEnd::refused, result.outcome.message};
    is_refused_ = true;
  } else if (!has_room || result.outcome.status == TrialStatus::lost) {
    if (tries_again(place->second, now_s)) return;
    if (!has_room && shortage_.empty()) shortage_ = result.outcome.message;
  }
  // What was decided holds, whatever the program made of the signal: its timing must not matter.
  if (place->second.stopped && result.kind == EvaluationResult::Kind::outcome && !is_halted()) {
    result.outcome = {.status = TrialStatus::stopped,
                      .message = *place->second.stopped,
                      .seconds = result.outcome.seconds,
                      .measured = std::move(result.outcome.measured)};
  }
  if (!place->second.reports.empty()) result.outcome.reports = std::move(place->second.reports);
  under_way_.erase(place);
  const bool is_lost = result.outcome.status == TrialStatus::lost;
  if (is_halted()) halt();
  if (!has_room || result.kind == EvaluationResult::Kind::refused || (is_lost && is_halted())) return;
  arrived.emplace_back(result.trial, std::move(result.outcome));
}

bool Schedule::tries_again(Evaluation& evaluation, double now_s) const {
  if (is_halted() || evaluation.attempts >= options_.attempts) return false;
  evaluation.again_s = now_s + options_.back_off_s * std::ldexp(1.0, evaluation.attempts - 1);
  return true;
}

/// Of what has arrived and what has waited, the results whose turn it is.
Schedule::Results Schedule::those_due(Results arrived) {
  if (!synchronous_) return arrived;
  for (auto& [trial, outcome] : arrived) early_[trial] = std::move(outcome);
  Results due;
  for (; !turns_.empty(); turns_.pop_front()) {
    const auto found = early_.find(turns_.front());
    if (found == early_.end()) break;
    due.emplace_back(found->first, std::move(found->second));
    early_.erase(found);
  }
  return due;
}

Schedule::Results Schedule::without_needless_losses(Results results) const {
  const auto& most = study_.specification().max_failures;
  if (!most) return results;
  std::uint64_t failures = study_.history().failures();
  Results kept;
  for (auto& [trial, outcome] : results) {
    if (outcome.status == TrialStatus::lost && failures >= *most) continue;
    const bool failed = outcome.status == TrialStatus::failed || outcome.status == TrialStatus::timed_out ||
                        outcome.status == TrialStatus::lost;
    failures += failed ? 1 : 0;
    kept.emplace_back(trial, std::move(outcome));
  }
  return kept;
}

std::vector<std::uint64_t> Schedule::tell(Results given, double now_s) {
  const Results results = without_needless_losses(std::move(given));
  if (results.empty()) return {};
  study_.tell(results, now_s, Durability::with_next);
  saver_.appended();
  saver_.told();
  std::vector<std::uint64_t> told;
  for (const auto& [trial, outcome] : results) told.push_back(trial);
  return told;
}

/// A crash loses no result, and it shares the journal's flushes.
void Schedule::keep_early(std::uint64_t trial, double now_s) {
  if (study_.directory() == nullptr) return;
  const Configuration& configuration = study_.history().records()[trial].configuration;
  study_.directory()->keep_early({{trial, configuration, early_.at(trial)}, now_s});
  saver_.appended();
}

void Schedule::stop() {
  stopping_ = true;
  halt();
}

void Schedule::halt() {
  queue_.clear();
  for (auto place = under_way_.begin(); place != under_way_.end();) {
    place = place->second.again_s ? under_way_.erase(place) : std::next(place);
  }
}

std::size_t Schedule::running() const {
  return static_cast<std::size_t>(std::count_if(under_way_.begin(), under_way_.end(),
                                                [](const auto& entry) { return !entry.second.again_s.has_value(); }));
}

std::optional<double> Schedule::patience_s(double now_s) const {
  constexpr double endless = std::numeric_limits<double>::infinity();
  double patience = saver_.due_in_s(now_s).value_or(endless);
  if (under_way_.empty()) patience = 0;
  for (const auto& [number, evaluation] : under_way_) {
    if (evaluation.again_s) patience = std::min(patience, std::max(0.0, *evaluation.again_s - now_s));
  }
  return patience == endless ? std::nullopt : std::optional(patience);
}

RunSummary Schedule::finish(double now_s) {
  if (!is_over()) throw InvalidInput("the study", "is not over; take the results of all trials under way first");
  const bool is_short = !shortage_.empty() && !stopping_;
  if (!is_short && end_->reason != StudyEnd::interrupted) {
    study_.stop({std::string(to_string(end_->reason)), end_->message});
  }
  if (end_->message.empty()) {
    end_->message = "interrupted after " + std::to_string(study_.history().ended()) + " trials";
  }
  saver_.save(now_s);
  if (is_short) throw ResourceShortage("", shortage_);
  return *end_;
}

AskedTrials ask_within_limits(Study& study, std::size_t count, double elapsed_s) {
  const std::uint64_t left = trials_left(study.history());
  AskedTrials asked{{}, reached_limit(study.history(), elapsed_s)};
  if (asked.limit && asked.limit->reason != StudyEnd::trials) return asked;
  if (left > 0) asked.trials = study.ask(static_cast<std::size_t>(std::min<std::uint64_t>(count, left)));
  if (left < count) {
    asked.limit = {StudyEnd::trials, "all " + std::to_string(study.specification().limits.trials) +
                                         " trials of the study have been asked for"};
  } else if (asked.trials.empty() && study.specification().limits.cost && !study.history().pending().empty()) {
    asked.limit = {StudyEnd::cost, "pending trials are expected to cost what is left of the limit"};
  } else if (asked.trials.empty()) {
    asked.limit = {StudyEnd::exhausted,
                   "every configuration of the space has been tried, is being tried or is forbidden"};
  }
  return asked;
}

}  // namespace hyperego
