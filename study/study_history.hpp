#pragma once

#include <hyperego/core/trial.hpp>
#include <hyperego/study/journal_events.hpp>
#include <hyperego/study/pooled_front.hpp>
#include <hyperego/study/specification.hpp>
#include <hyperego/study/trial_costs.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace hyperego {

/// What the hypervolume of a study is measured against.
struct ReferencePoint {
  Eigen::VectorXd minimised;  ///< one coordinate per objective, of the minimised objectives
  /// Objectives that state no reference: theirs is the worst value among the first `initial_trials` completed trials
  /// that is no penalty (worst_ordinary).
  std::vector<std::size_t> estimated;
  std::uint64_t initial_trials = 0;
  bool penalties = false;  ///< whether some of these trials had values that were left out as penalties
  bool settled = true;     ///< false while fewer than initial_trials have completed, so that it may still move

  /// "given by the study", or how it was found; one sentence.
  [[nodiscard]] std::string source(const std::vector<Objective>& objectives) const;
};

/// What has happened in a study: the state that its journal's events add up to.
class StudyHistory {
 public:
  struct Record {
    Configuration configuration = {};
    std::optional<Outcome> outcome = {};  ///< nothing while the trial is pending
    std::uint64_t batch_first = 0;
    std::uint64_t batch_size = 1;
    /// The line of decisions.jsonl while the trial is pending, then null: decisions are large.
    std::shared_ptr<const nlohmann::ordered_json> decision = {};
    std::optional<double> fidelity = {};           ///< nothing: full
    std::optional<std::uint64_t> continues = {};   ///< the trial whose checkpoint it goes on from
    std::vector<IntermediateReport> reports = {};  ///< of a pending trial, then part of its outcome

    /// Whether it counts as a result: fronts and all that is made of them know no others.
    [[nodiscard]] bool completed_in_full() const {
      return outcome && outcome->status == TrialStatus::completed && !fidelity;
    }
  };

  /// Another program evaluates, from this trial on.
  struct CommandChange {
    std::uint64_t before_trial = 0;
    CommandEvent event;
  };

  explicit StudyHistory(StudySpecification study);

  /// Takes the next event. @throws StoreError naming `where` where it cannot follow what came before: a trial out of
  /// order or ended twice, another configuration than was suggested, the journal of another study.
  void apply(const StudyEvent& event, const std::string& where = "journal");

  [[nodiscard]] const StudySpecification& study() const { return study_; }
  /// By trial number; every trial that was suggested or added.
  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  [[nodiscard]] const std::set<std::uint64_t>& pending() const { return pending_; }
  [[nodiscard]] std::uint64_t ended() const { return records_.size() - pending_.size(); }
  /// Number of ended trials with a status.
  [[nodiscard]] std::uint64_t count(TrialStatus status) const { return counts_[static_cast<std::size_t>(status)]; }
  /// Trials that are results: completed at full fidelity.
  [[nodiscard]] std::uint64_t completed_in_full() const { return completed_in_full_; }
  /// A trial as the optimizer is told of it.
  [[nodiscard]] Trial trial(std::uint64_t number) const;
  /// Failed, timed-out and lost trials.
  [[nodiscard]] std::uint64_t failures() const;
  [[nodiscard]] double elapsed_s() const { return elapsed_s_; }
  [[nodiscard]] double evaluation_s() const { return evaluation_s_; }
  /// What ended trials cost, in full evaluations; 0 where the study has no fidelity.
  [[nodiscard]] double cost() const { return cost_; }
  /// Expected of pending trials.
  [[nodiscard]] double pending_cost() const;
  /// Of trials that were stopped: what they were asked for less what they took.
  [[nodiscard]] double saved_cost() const { return saved_cost_; }
  /// Of a trial with this outcome, or, without one, as it is expected.
  [[nodiscard]] double cost_of(std::uint64_t trial, const Outcome* outcome = nullptr) const;
  /// How far a trial came: the last of its reports, where there are some, and for a completed one no less than it was
  /// asked for.
  [[nodiscard]] double reached_fidelity(std::uint64_t trial) const;
  [[nodiscard]] const TrialCosts& costs() const { return costs_; }
  /// Configurations that the user wants to be tried next, in their order.
  [[nodiscard]] const std::deque<Configuration>& enqueued() const { return enqueued_; }
  [[nodiscard]] const std::vector<CommandChange>& command_changes() const { return command_changes_; }
  /// The last end of the study, unless something has happened since.
  [[nodiscard]] const std::optional<StoppedEvent>& stopped() const { return stopped_; }

  /// Completed trials that no other dominates (infeasible ones are no part of it). A configuration that completed
  /// several times stands there once, as its first trial, with the means of its objectives.
  [[nodiscard]] const ParetoArchive& archive() const { return front_.archive(); }
  /// Trials that could have frozen hyperparameters, and those that did.
  struct Freezing {
    std::uint64_t scheduled = 0;
    std::uint64_t frozen = 0;
  };
  [[nodiscard]] const Freezing& freezing() const { return freezing_; }

  /// Mean objectives, raw, of the completed trials of this completed trial's configuration.
  [[nodiscard]] Eigen::VectorXd pooled_objectives(std::uint64_t trial) const;
  /// Trial numbers of the front, ascending.
  [[nodiscard]] std::vector<std::uint64_t> front() const;
  /// Nothing before the first completed trial where it has to be estimated.
  [[nodiscard]] const std::optional<ReferencePoint>& reference() const { return reference_; }
  /// Of the front of the trials that are not beyond measure; nothing without a reference point. Computed when asked for
  /// and the front has changed.
  [[nodiscard]] std::optional<double> hypervolume() const;
  /// Trials that the hypervolume leaves out, ascending: beyond_measure().
  [[nodiscard]] std::vector<std::uint64_t> beyond_measure() const;
  /// Ended trials since the hypervolume last grew; kept only where the study limits it.
  [[nodiscard]] std::uint64_t stalled_trials() const { return stalled_; }

 private:
  void apply_suggested(const SuggestedEvent& event, const std::string& where);
  void apply_reported(const ReportedEvent& event, const std::string& where);
  void apply_ended(const EndedEvent& event, const std::string& where);
  void count_cost(std::uint64_t trial);
  void apply_added(const AddedEvent& event, const std::string& where);
  [[nodiscard]] Eigen::MatrixXd measured_front() const;
  void settle_reference(const Eigen::VectorXd& minimised);

  StudySpecification study_;
  std::string identity_;
  std::vector<Record> records_;
  std::set<std::uint64_t> pending_;
  std::deque<Configuration> enqueued_;
  std::vector<CommandChange> command_changes_;
  std::array<std::uint64_t, number_of_trial_statuses> counts_{};
  std::uint64_t completed_in_full_ = 0;
  TrialCosts costs_;
  double cost_ = 0;
  double saved_cost_ = 0;
  double elapsed_s_ = 0;
  double evaluation_s_ = 0;
  std::optional<StoppedEvent> stopped_;
  Freezing freezing_;
  PooledFront front_;
  std::optional<ReferencePoint> reference_;
  std::set<std::uint64_t> hugely_good_;   // completed trials with a minimised objective below −1e100
  std::vector<Eigen::VectorXd> initial_;  // minimised objectives of completed trials until the reference is settled
  mutable std::optional<double> hypervolume_;
  double best_hypervolume_ = 0;
  std::uint64_t stalled_ = 0;
};

/// Whether a point is better than 1e100 where the reference is not of that size. Such a value is no measurement: it
/// would be all of a hypervolume, and end a study by its limits.
[[nodiscard]] bool beyond_measure(const Eigen::VectorXd& minimised, const Eigen::VectorXd& reference);

/// Number of completed trials that settle the reference point of a study that does not state it: as many as the initial
/// design has by default.
[[nodiscard]] std::uint64_t reference_trials(const StudySpecification& study);

}  // namespace hyperego
