#include <hyperego/core/error.hpp>
#include <hyperego/core/huge_value.hpp>
#include <hyperego/moo/front/hypervolume.hpp>
#include <hyperego/moo/scalarization/penalties.hpp>
#include <hyperego/moo/search/initial_design.hpp>
#include <hyperego/study/study_history.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hyperego {
namespace {

[[noreturn]] void damaged(const std::string& where, const std::string& message) {
  throw StoreError(where, message + "; the journal is damaged");
}

}  // namespace

std::uint64_t reference_trials(const StudySpecification& study) {
  const double cost = study.limits.cost.value_or(static_cast<double>(study.limits.trials));
  const auto most = static_cast<std::uint64_t>(std::max(1.0, std::ceil(cost)));
  return default_initial_trials(study.space->searched().size(), std::min(study.limits.trials, most));
}

std::string ReferencePoint::source(const std::vector<Objective>& objectives) const {
  if (estimated.empty()) return "given by the study";
  std::string names;
  for (const std::size_t i : estimated) names += (names.empty() ? "" : ", ") + objectives[i].name;
  return "worst values of " + names + " among the first " + std::to_string(initial_trials) + " completed trials" +
         (penalties ? ", penalties left out" : "") + ", as the study states no reference for them" +
         (settled ? "" : " (not all have completed yet, so it may still move)");
}

StudyHistory::StudyHistory(StudySpecification study)
    : study_(std::move(study)), identity_(identity(study_)), costs_(study_.fidelity), front_(study_.objectives) {
  ReferencePoint reference;
  reference.minimised.resize(static_cast<Eigen::Index>(study_.objectives.size()));
  for (std::size_t i = 0; i < study_.objectives.size(); ++i) {
    const Objective& objective = study_.objectives[i];
    if (objective.reference) {
      reference.minimised[static_cast<Eigen::Index>(i)] = to_minimised(objective, *objective.reference);
    } else {
      reference.estimated.push_back(i);
    }
  }
  if (reference.estimated.empty()) reference_ = std::move(reference);
}

void StudyHistory::apply(const StudyEvent& event, const std::string& where) {
  if (const auto* created = std::get_if<CreatedEvent>(&event)) {
    if (created->study != identity_) damaged(where, "it belongs to another study than study.json beside it");
    if (!records_.empty()) damaged(where, "a second beginning");
    return;
  }
  if (const auto* stopped = std::get_if<StoppedEvent>(&event)) {
    stopped_ = *stopped;
    return;
  }
  if (const auto* command = std::get_if<CommandEvent>(&event)) {
    command_changes_.push_back({records_.size(), *command});
    return;
  }
  stopped_.reset();
  if (const auto* enqueued = std::get_if<EnqueuedEvent>(&event)) {
    enqueued_.push_back(enqueued->configuration);
    return;
  }
  if (const auto* suggested = std::get_if<SuggestedEvent>(&event)) {
    apply_suggested(*suggested, where);
  } else if (const auto* added = std::get_if<AddedEvent>(&event)) {
    apply_added(*added, where);
  } else if (const auto* reported = std::get_if<ReportedEvent>(&event)) {
    apply_reported(*reported, where);
  } else {
    apply_ended(std::get<EndedEvent>(event), where);
  }
}

void StudyHistory::apply_suggested(const SuggestedEvent& event, const std::string& where) {
  if (event.trial != records_.size()) {
    damaged(where, "trial " + std::to_string(event.trial) + " is suggested where trial " +
                       std::to_string(records_.size()) + " was due");
  }
  if (!enqueued_.empty()) {
    if (!(enqueued_.front() == event.configuration)) {
      damaged(where, "trial " + std::to_string(event.trial) + " is another one than the user put next in line");
    }
    enqueued_.pop_front();
  }
  if (event.decision && event.decision->contains("freezing")) {
    ++freezing_.scheduled;
    if (!event.decision->at("frozen").empty()) ++freezing_.frozen;
  }
  records_.push_back({event.configuration, std::nullopt, event.batch_first, event.batch_size, event.decision,
                      event.fidelity, event.continues});
  pending_.insert(event.trial);
}

void StudyHistory::apply_reported(const ReportedEvent& event, const std::string& where) {
  const std::string name = "trial " + std::to_string(event.trial);
  if (pending_.count(event.trial) == 0) damaged(where, name + " reports without being pending");
  std::vector<IntermediateReport>& reports = records_[event.trial].reports;
  if (!reports.empty() && !(event.report.fidelity > reports.back().fidelity)) {
    damaged(where, name + " reports a fidelity that is not beyond its last one");
  }
  reports.push_back(event.report);
  elapsed_s_ = std::max(elapsed_s_, event.elapsed_s);
}

void StudyHistory::apply_added(const AddedEvent& event, const std::string& where) {
  const std::uint64_t number = event.trial.number;
  if (number != records_.size()) {
    damaged(where, "trial " + std::to_string(number) + " is added where trial " + std::to_string(records_.size()) +
                       " was due");
  }
  records_.push_back({event.trial.configuration, std::nullopt, number, 1, nullptr, event.trial.fidelity});
  pending_.insert(number);
  apply_ended({event.trial, event.elapsed_s}, where);
}

void StudyHistory::apply_ended(const EndedEvent& event, const std::string& where) {
  const std::uint64_t number = event.trial.number;
  const std::string name = "trial " + std::to_string(number);
  if (number >= records_.size()) damaged(where, name + " ends without having been suggested");
  Record& record = records_[number];
  if (record.outcome) damaged(where, name + " ends twice");
  if (!(record.configuration == event.trial.configuration))
    damaged(where, name + " ends with another configuration than suggested");
  if (record.fidelity != event.trial.fidelity) damaged(where, name + " ends at another fidelity than suggested");
  record.outcome = event.trial.outcome;
  Outcome& outcome = *record.outcome;
  outcome.reports.insert(outcome.reports.begin(), record.reports.begin(), record.reports.end());
  record.reports.clear();
  record.decision.reset();
  pending_.erase(number);
  ++counts_[static_cast<std::size_t>(outcome.status)];
  elapsed_s_ = std::max(elapsed_s_, event.elapsed_s);
  evaluation_s_ += outcome.seconds;
  count_cost(number);
  if (record.fidelity) return;  // fronts and what they are measured by know results alone
  ++stalled_;
  if (outcome.status != TrialStatus::completed) return;
  ++completed_in_full_;
  const Eigen::VectorXd minimised = to_minimised(study_.objectives, outcome.objectives);
  settle_reference(minimised);
  if ((minimised.array() < -huge_value).any()) hugely_good_.insert(number);
  if (!hugely_good_.empty()) hypervolume_.reset();  // what these dominate still counts
  if (front_.add(number, record.configuration, outcome.objectives)) hypervolume_.reset();
  if (!study_.limits.stall_trials) return;
  const double volume = hypervolume().value_or(0);
  if (volume > best_hypervolume_ || !reference_->settled) stalled_ = 0;
  // A repeated trial can lower the volume; growing back to where it was is no progress.
  best_hypervolume_ = reference_->settled ? std::max(volume, best_hypervolume_) : volume;
}

Trial StudyHistory::trial(std::uint64_t number) const {
  const Record& record = records_.at(number);
  return {number, record.configuration, record.outcome.value_or(Outcome{.status = TrialStatus::waiting}),
          record.fidelity, record.continues};
}

double StudyHistory::reached_fidelity(std::uint64_t trial) const {
  const Record& record = records_.at(trial);
  const double asked = record.fidelity.value_or(study_.fidelity ? study_.fidelity->full : 1);
  const auto& reports = record.outcome ? record.outcome->reports : record.reports;
  if (reports.empty()) return asked;
  const bool completed = record.outcome && record.outcome->status == TrialStatus::completed;
  return completed ? std::max(asked, reports.back().fidelity) : reports.back().fidelity;
}

double StudyHistory::cost_of(std::uint64_t trial, const Outcome* outcome) const {
  if (!study_.fidelity) return 0;
  const Record& record = records_.at(trial);
  std::optional<double> from;
  if (record.continues) from = reached_fidelity(*record.continues);
  double to = record.fidelity.value_or(study_.fidelity->full);
  if (outcome == nullptr) return costs_.expected(from, to);
  if (outcome->status == TrialStatus::lost) return 0;
  const auto& reports = outcome->reports.empty() ? record.reports : outcome->reports;
  if (!reports.empty()) {
    const bool completed = outcome->status == TrialStatus::completed;
    to = completed ? std::max(to, reports.back().fidelity) : reports.back().fidelity;
  }
  TrialCosts known = costs_;
  known.learn(from, to, outcome->seconds);
  return known.paid(from, to, outcome->seconds);
}

double StudyHistory::pending_cost() const {
  double sum = 0;
  for (const std::uint64_t trial : pending_) sum += cost_of(trial);
  return sum;
}

void StudyHistory::count_cost(std::uint64_t trial) {
  if (!study_.fidelity) return;
  const Record& record = records_[trial];
  const double paid = record.outcome->cost.value_or(0);
  cost_ += paid;
  if (record.outcome->status == TrialStatus::stopped) saved_cost_ += std::max(0.0, cost_of(trial) - paid);
  if (record.outcome->status == TrialStatus::lost) return;
  std::optional<double> from;
  if (record.continues) from = reached_fidelity(*record.continues);
  costs_.learn(from, reached_fidelity(trial), record.outcome->seconds);
}

Eigen::VectorXd StudyHistory::pooled_objectives(std::uint64_t trial) const {
  return front_.mean(records_.at(trial).configuration);
}

/// Only completed trials come here, and the reference moves until `initial_trials` of them have.
void StudyHistory::settle_reference(const Eigen::VectorXd& minimised) {
  if (reference_ && reference_->settled) return;
  if (!reference_) {
    reference_.emplace();
    reference_->minimised.resize(minimised.size());
    reference_->initial_trials = reference_trials(study_);
    for (std::size_t i = 0; i < study_.objectives.size(); ++i) {
      const Objective& objective = study_.objectives[i];
      if (objective.reference) {
        reference_->minimised[static_cast<Eigen::Index>(i)] = to_minimised(objective, *objective.reference);
      } else {
        reference_->estimated.push_back(i);
      }
    }
  }
  initial_.push_back(minimised);
  reference_->penalties = false;
  for (const std::size_t i : reference_->estimated) {
    Eigen::VectorXd values(static_cast<Eigen::Index>(initial_.size()));
    for (std::size_t k = 0; k < initial_.size(); ++k) {
      values[static_cast<Eigen::Index>(k)] = initial_[k][static_cast<Eigen::Index>(i)];
    }
    double& worst = reference_->minimised[static_cast<Eigen::Index>(i)];
    worst = worst_ordinary(study_.objectives[i], values);
    reference_->penalties = reference_->penalties || values.maxCoeff() > worst;
  }
  reference_->settled = completed_in_full_ >= reference_->initial_trials;
  if (reference_->settled) initial_.clear();
  hypervolume_.reset();
}

std::uint64_t StudyHistory::failures() const {
  return count(TrialStatus::failed) + count(TrialStatus::timed_out) + count(TrialStatus::lost);
}

std::vector<std::uint64_t> StudyHistory::front() const {
  std::vector<std::uint64_t> trials;
  for (const auto& member : archive().front()) trials.push_back(member.id);
  std::sort(trials.begin(), trials.end());
  return trials;
}

bool beyond_measure(const Eigen::VectorXd& minimised, const Eigen::VectorXd& reference) {
  return (minimised.array() < -huge_value && reference.array().abs() <= huge_value).any();
}

std::vector<std::uint64_t> StudyHistory::beyond_measure() const {
  std::vector<std::uint64_t> trials;
  for (const std::uint64_t trial : hugely_good_) {
    const Eigen::VectorXd minimised = to_minimised(study_.objectives, records_[trial].outcome->objectives);
    if (reference_ && hyperego::beyond_measure(minimised, reference_->minimised)) trials.push_back(trial);
  }
  return trials;
}

Eigen::MatrixXd StudyHistory::measured_front() const {
  const std::vector<std::uint64_t> left_out = beyond_measure();
  if (left_out.empty()) return archive().front_points();
  PooledFront measured(study_.objectives);
  for (std::uint64_t trial = 0; trial < records_.size(); ++trial) {
    if (!records_[trial].completed_in_full()) continue;
    if (std::binary_search(left_out.begin(), left_out.end(), trial)) continue;
    measured.add(trial, records_[trial].configuration, records_[trial].outcome->objectives);
  }
  return measured.archive().front_points();
}

std::optional<double> StudyHistory::hypervolume() const {
  if (!reference_) return std::nullopt;
  if (!hypervolume_) {
    const Eigen::MatrixXd points = measured_front();
    hypervolume_ = points.rows() == 0 ? 0.0 : hyperego::hypervolume(points, reference_->minimised);
  }
  return hypervolume_;
}

}  // namespace hyperego
