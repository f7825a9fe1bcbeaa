#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/study/earlier_studies.hpp>
#include <hyperego/study/study.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace hyperego {
namespace {

constexpr const char* earlier_file = "warm_start.json";

std::unique_ptr<Optimizer> optimizer_of(const StudySpecification& study, const nlohmann::ordered_json& earlier,
                                        const Study::OptimizerMaker& maker) {
  const auto options = study.optimizer ? *study.optimizer : nlohmann::ordered_json::object();
  OptimizationProblem problem = optimization_problem(study);
  problem.earlier = earlier_trials(earlier, study, earlier_file);
  if (maker) return maker(problem);
  return make_optimizer(problem, options, study.where + "/optimizer");
}

/// What the directory keeps, else what the studies that are named hold now.
nlohmann::ordered_json earlier_of(const StudySpecification& study, const std::filesystem::path& directory) {
  std::error_code ignored;
  const std::filesystem::path file = directory / earlier_file;
  if (study.warm_start.empty()) return nullptr;
  if (std::filesystem::exists(file, ignored)) return read_json_file(file);
  const std::filesystem::path journal = directory / "journal.jsonl";
  if (std::filesystem::exists(journal, ignored) && Journal::read(journal).events.size() > 1) {
    throw StoreError(file.string(), "is missing, without which the study cannot go on as it began; restore it");
  }
  return read_earlier_studies(study);
}

/// A message is there to be read; a program that puts its whole log into it must not swell the journal.
std::string shortened(std::string message) {
  constexpr std::size_t most = 16384;
  if (message.size() <= most) return message;
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
  const std::string left_out = std::to_string(message.size() - end);
  message.resize(end);
  return message + " … (" + left_out + " bytes more)";
}

/// Whether both say the same of a trial. The message is a remark, and NaN is no value here.
bool same_result(const Outcome& a, const Outcome& b) {
  const auto same = [](const Eigen::VectorXd& left, const Eigen::VectorXd& right) {
    return left.size() == right.size() && left == right;
  };
  return a.status == b.status && same(a.objectives, b.objectives) && same(a.constraints, b.constraints);
}

/// A suggestion that no model had a part in.
Suggestion unmodelled(std::uint64_t trial, const Configuration& configuration, const SearchSpace& space,
                      std::string reason) {
  Suggestion suggestion;
  suggestion.trial = suggestion.decision.trial = trial;
  suggestion.configuration = configuration;
  suggestion.decision.phase = Decision::Phase::initial;
  suggestion.decision.free = space.searched();
  suggestion.decision.reason = std::move(reason);
  return suggestion;
}

StudySpecification validated(StudySpecification study) {
  study.validate();
  return study;
}

}  // namespace

std::uint64_t trial_seed(const StudySpecification& study, std::uint64_t trial) {
  return Rng(study.seed, "trial", trial)() >> 33U;
}

Study::Study(StudySpecification specification, nlohmann::ordered_json earlier, const OptimizerMaker& maker)
    : history_(validated(std::move(specification))),
      earlier_(std::make_shared<const nlohmann::ordered_json>(std::move(earlier))),
      optimizer_(optimizer_of(history_.study(), *earlier_, maker)) {}

Study::Study(const StudySpecification& specification, const OptimizerMaker& maker)
    : Study(specification, read_earlier_studies(specification), maker) {}

Study::Study(const StudySpecification& specification, const std::filesystem::path& directory, OpenMode mode,
             const std::filesystem::path& study_file, double lock_patience_s, const OptimizerMaker& maker)
    : Study(RunDirectory::continued(specification, directory, mode), earlier_of(specification, directory), maker) {
  directory_ = std::make_unique<RunDirectory>(directory, history_.study(), mode, study_file, lock_patience_s);
  keep_earlier_studies();
  replay();
}

std::vector<std::string> Study::warm_start_remarks() const { return remarks_on(*earlier_); }

void Study::keep_earlier_studies() const {
  const std::filesystem::path file = directory_->path() / earlier_file;
  std::error_code ignored;
  if (earlier_->is_null() || std::filesystem::exists(file, ignored)) return;
  write_file_atomically(file, earlier_->dump() + "\n");
}

void Study::replay() {
  const std::string file = (directory_->path() / "journal.jsonl").string();
  std::size_t line = 0;
  for (const StudyEvent& event : directory_->events()) {
    const std::string where = file + ":" + std::to_string(++line);
    history_.apply(event, where);
    if (const auto* suggested = std::get_if<SuggestedEvent>(&event)) {
      replay(*suggested, where);
    } else if (const auto* reported = std::get_if<ReportedEvent>(&event)) {
      optimizer_->report(reported->trial, reported->report);
    } else if (const auto* ended = std::get_if<EndedEvent>(&event)) {
      optimizer_->tell(history_.trial(ended->trial.number));
    } else if (const auto* added = std::get_if<AddedEvent>(&event)) {
      optimizer_->tell(history_.trial(added->trial.number));
    }
  }
  if (directory_->changed_command()) history_.apply(*directory_->changed_command());
  directory_->begin();
}

void Study::replay(const SuggestedEvent& event, const std::string& where) {
  try {
    optimizer_->replay({.trial = event.trial,
                        .configuration = event.configuration,
                        .state = event.state,
                        .fidelity = event.fidelity,
                        .continues = event.continues});
  } catch (const InvalidInput& error) {
    throw StoreError(where + "/surrogate", std::string(error.what()) + "; the journal is damaged");
  }
}

Suggestion Study::next_in_line(std::size_t place) const {
  return unmodelled(history_.records().size() + place, history_.enqueued()[place], *specification().space,
                    "the user put this configuration next in line");
}

/// One after the other where a limit of cost may say that it is enough. Where it throws, `made` holds what the
/// optimizer knows.
void Study::suggest(std::size_t count, std::vector<Suggestion>& made) {
  for (std::size_t i = 0; i < std::min(count, history_.enqueued().size()); ++i) {
    made.push_back(next_in_line(i));
    optimizer_->replay(made.back());
  }
  const std::optional<double>& most = specification().limits.cost;
  if (!most) {
    if (made.size() >= count) return;
    for (Suggestion& suggestion : optimizer_->ask(count - made.size())) made.push_back(std::move(suggestion));
    return;
  }
  double cost = history_.cost() + history_.pending_cost();
  const auto expected = [&](const Suggestion& suggestion) {
    std::optional<double> from;
    if (suggestion.continues) from = history_.reached_fidelity(*suggestion.continues);
    return history_.costs().expected(from, suggestion.fidelity.value_or(specification().fidelity->full));
  };
  for (const Suggestion& suggestion : made) cost += expected(suggestion);
  while (made.size() < count && cost < *most) {
    std::vector<Suggestion> next = optimizer_->ask(1);
    if (next.empty()) break;
    cost += expected(next.front());
    made.push_back(std::move(next.front()));
  }
}

std::vector<PendingTrial> Study::ask(std::size_t count, Durability durability) {
  std::vector<Suggestion> made;
  try {
    suggest(count, made);
  } catch (...) {
    (void)begin(std::move(made), durability);  // the optimizer knows them already
    throw;
  }
  return begin(std::move(made), durability);
}

std::vector<PendingTrial> Study::begin(std::vector<Suggestion> made, Durability durability) {
  std::vector<StudyEvent> events;
  for (Suggestion& suggestion : made) {
    if (specification().fidelity) suggestion.fidelity = specification().fidelity->below_full(suggestion.fidelity);
    events.emplace_back(suggested_event(suggestion, *specification().space, made.front().trial, made.size()));
  }
  if (directory_ && !events.empty()) directory_->append(events, durability);
  std::vector<PendingTrial> trials;
  for (const StudyEvent& event : events) {
    history_.apply(event);
    const auto& suggested = std::get<SuggestedEvent>(event);
    trials.push_back(pending_trial(suggested.trial));
    trials.back().state = suggested.state;
  }
  return trials;
}

PendingTrial Study::pending_trial(std::uint64_t trial) const {
  const StudyHistory::Record& record = history_.records()[trial];
  return {trial,
          record.configuration,
          trial_seed(specification(), trial),
          record.decision,
          record.fidelity,
          record.continues,
          {}};
}

std::uint64_t Study::replay(const Configuration& configuration, const nlohmann::ordered_json& state) {
  Suggestion suggestion = unmodelled(history_.records().size(), configuration, *specification().space,
                                     "taken over from where it was suggested");
  if (const Legality legality = specification().space->check(configuration); !legality) {
    throw InvalidInput("trial " + std::to_string(suggestion.trial) + ", which is taken over", legality.reason);
  }
  if (!history_.enqueued().empty()) {
    throw InvalidInput("trial " + std::to_string(suggestion.trial) + ", which is taken over",
                       "is not the next one: a configuration is enqueued; ask for that first");
  }
  suggestion.state = std::make_shared<const nlohmann::ordered_json>(state);
  optimizer_->replay(suggestion);
  return begin({std::move(suggestion)}, Durability::now).front().trial;
}

void Study::set_progress(const ProgressHook& progress) { optimizer_->set_progress(progress); }

std::vector<PendingTrial> Study::pending() const {
  std::vector<PendingTrial> trials;
  for (const std::uint64_t trial : history_.pending()) trials.push_back(pending_trial(trial));
  return trials;
}

void Study::check_report(std::uint64_t trial, const IntermediateReport& report) const {
  const std::string name = "trial " + std::to_string(trial);
  if (!specification().fidelity) {
    throw InvalidInput(name, "reports what it has reached, and the study has no \"fidelity\"; add one");
  }
  if (history_.pending().count(trial) == 0) throw InvalidInput(name, "is not pending; report before it is told");
  const auto objectives = static_cast<Eigen::Index>(specification().objectives.size());
  if (report.objectives.size() != objectives || !report.objectives.allFinite()) {
    throw InvalidInput(name, "reports no finite value for each objective; leave such a report out");
  }
  if (!(std::isfinite(report.fidelity) && report.fidelity > 0)) {
    throw InvalidInput(name, "reports a " + specification().fidelity->name + " that is no number above 0");
  }
}

Continuation Study::report(std::uint64_t trial, const IntermediateReport& report, double elapsed_s,
                           Durability durability) {
  check_report(trial, report);
  const std::vector<IntermediateReport>& before = history_.records()[trial].reports;
  if (before.empty() || report.fidelity > before.back().fidelity) {
    const ReportedEvent event{trial, report, elapsed_s};
    if (directory_) directory_->append(event, durability);
    history_.apply(event);
    optimizer_->report(trial, report);
  }
  return optimizer_->goes_on(trial);
}

Continuation Study::hear(std::uint64_t trial, const IntermediateReport& report) {
  check_report(trial, report);
  optimizer_->report(trial, report);
  return optimizer_->goes_on(trial);
}

Outcome Study::checked(Outcome outcome) const {
  outcome.message = shortened(std::move(outcome.message));
  return checked_outcome(std::move(outcome), specification().objectives.size());
}

/// Reports that the journal has already are no part of the event.
Outcome Study::with_cost(std::uint64_t trial, Outcome outcome) const {
  if (!specification().fidelity) {
    outcome.reports.clear();
    return outcome;
  }
  const StudyHistory::Record& record = history_.records()[trial];
  std::vector<IntermediateReport> fresh;
  double last = record.reports.empty() ? 0 : record.reports.back().fidelity;
  for (IntermediateReport& report : outcome.reports) {
    if (!(report.fidelity > last)) continue;
    last = report.fidelity;
    fresh.push_back(std::move(report));
  }
  outcome.reports = std::move(fresh);
  const double asked = record.fidelity.value_or(specification().fidelity->full);
  if (last > asked && outcome.message.empty()) {
    outcome.message = "it reported " + specification().fidelity->name + " " + number_text(last, 6) + ", beyond the " +
                      number_text(asked, 6) + " that it was asked for";
  }
  outcome.seconds = std::round(outcome.seconds * 1e6) / 1e6;  // as the journal has it
  outcome.cost = history_.cost_of(trial, &outcome);
  return outcome;
}

std::vector<EndedEvent> Study::new_endings(const std::vector<std::pair<std::uint64_t, Outcome>>& results,
                                           double elapsed_s) const {
  std::vector<EndedEvent> events;
  std::map<std::uint64_t, Outcome> told;  // in this very call
  for (const auto& [trial, given] : results) {
    const std::string name = "trial " + std::to_string(trial);
    if (trial >= history_.records().size()) {
      throw InvalidInput(name, "has not been asked for; there are " + std::to_string(history_.records().size()) +
                                   " trials so far, numbered from 0");
    }
    if (given.status == TrialStatus::waiting || given.status == TrialStatus::running) {
      throw InvalidInput(name, "has not ended; tell it when it has");
    }
    const StudyHistory::Record& record = history_.records()[trial];
    const Outcome outcome = checked(given);
    if (!record.outcome && told.try_emplace(trial, outcome).second) {
      events.push_back(
          {{trial, record.configuration, with_cost(trial, outcome), record.fidelity, record.continues}, elapsed_s});
      continue;
    }
    const Outcome& before = record.outcome ? *record.outcome : told.at(trial);
    if (same_result(before, outcome)) continue;
    throw InvalidInput(name, "has ended already (" + std::string(to_string(before.status)) +
                                 ") with another result; a result cannot be changed");
  }
  return events;
}

bool Study::tell(std::uint64_t trial, Outcome outcome, double elapsed_s) {
  const bool is_new = trial < history_.records().size() && !history_.records()[trial].outcome;
  tell({{trial, std::move(outcome)}}, elapsed_s);
  return is_new;
}

void Study::tell(const std::vector<std::pair<std::uint64_t, Outcome>>& results, double elapsed_s,
                 Durability durability) {
  const std::vector<EndedEvent> events = new_endings(results, elapsed_s);
  if (events.empty()) return;
  if (directory_) directory_->append({events.begin(), events.end()}, durability);
  for (const EndedEvent& event : events) {
    history_.apply(event);
    optimizer_->tell(history_.trial(event.trial.number));
  }
}

std::uint64_t Study::add(const Configuration& configuration, Outcome outcome, std::optional<double> fidelity) {
  const std::uint64_t number = history_.records().size();
  const std::string name = "trial " + std::to_string(number);
  if (const Legality legality = specification().space->check(configuration); !legality) {
    throw InvalidInput(name + ", which is added", legality.reason);
  }
  if (outcome.status == TrialStatus::waiting || outcome.status == TrialStatus::running ||
      outcome.status == TrialStatus::lost) {
    throw InvalidInput(name + ", which is added", "has no result; add it when it has one");
  }
  if (fidelity && !specification().fidelity) {
    throw InvalidInput(name + ", which is added", "has a fidelity, and the study has none");
  }
  AddedEvent event{{number, configuration, checked(std::move(outcome))}, history_.elapsed_s()};
  if (specification().fidelity) {
    event.trial.fidelity = specification().fidelity->below_full(fidelity);
    const double to = fidelity.value_or(specification().fidelity->full);
    event.trial.outcome.cost = history_.costs().paid(std::nullopt, to, event.trial.outcome.seconds);
  }
  if (directory_) directory_->append(event);
  history_.apply(event);
  optimizer_->tell(history_.trial(number));
  return number;
}

void Study::enqueue(const Configuration& configuration) {
  if (const Legality legality = specification().space->check(configuration); !legality) {
    throw InvalidInput("the configuration that is enqueued", legality.reason);
  }
  const EnqueuedEvent event{configuration};
  if (directory_) directory_->append(event);
  history_.apply(event);
}

void Study::flush() {
  if (directory_) directory_->flush();
}

void Study::stop(const StoppedEvent& event) {
  if (history_.stopped() && history_.stopped()->reason == event.reason) return;
  if (directory_) directory_->append(event);
  history_.apply(event);
}

void Study::write_front() const {
  if (directory_) directory_->write_front(history_);
}

}  // namespace hyperego
