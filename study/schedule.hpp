#pragma once

#include <hyperego/core/trial.hpp>
#include <hyperego/study/study.hpp>
#include <hyperego/study/study_end.hpp>
#include <hyperego/study/study_saver.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyperego {

struct ScheduleOptions {
  int attempts = 3;                              ///< times a trial is tried whose evaluation is lost
  double back_off_s = 0.2;                       ///< before the second attempt; doubles for each further one
  double front_interval_s = 2;                   ///< front.json and front.csv are at most this old while the study runs
  std::optional<std::size_t> workers = {};       ///< ≥ 1; those of the study unless given
  std::optional<bool> synchronous = {};          ///< as the study unless given
  std::optional<std::uint64_t> new_trials = {};  ///< asked for by this schedule at most, beside the study's own limits

  /// @throws InvalidInput naming the field.
  void validate() const;
};

/// What came of one evaluation.
struct EvaluationResult {
  enum class Kind {
    outcome,  ///< the trial has ended, or was lost
    refused,  ///< nothing can be evaluated any more: the study ends. The outcome's message says why
    no_room   ///< the machine had no room to try it. The outcome's message says why
  };
  std::uint64_t trial = 0;
  Outcome outcome = {};
  Kind kind = Kind::outcome;
};

/// Decides what is evaluated next, what becomes of results, and when a study is over. It evaluates nothing, waits for
/// nothing and has neither clock nor threads, so that any loop can follow it:
///
///     Schedule schedule(study);
///     for (;;) {
///       for (const PendingTrial& trial : schedule.due(now())) begin(trial);  // never more than `workers` at once
///       if (schedule.is_over()) break;
///       schedule.take(results_within(schedule.patience_s(now())), now());    // several, or none
///     }
///     schedule.finish(now());
///
/// Synchronous studies have batches of `workers` trials. Their results are told in the order of asking, whatever the
/// order in which they come; so everything but the clock is a function of the specification. Results that come before
/// their turn are kept in the run directory meanwhile, and a later process finds them there. Asynchronous studies tell
/// every result at once and ask as soon as a worker is free. Trials that are pending at the beginning come first.
///
/// A lost trial is tried again after a while, then told as lost. Where so many have failed that the study ends, it
/// stays pending instead, for it says nothing of its configuration.
///
/// `now_s` is the running time of the study in seconds, over all its runs: history().elapsed_s() at the beginning, and
/// never less than before.
class Schedule {
 public:
  /// @throws InvalidInput for options that are not valid.
  explicit Schedule(Study& study, const ScheduleOptions& options = {});

  /// The trials whose evaluation is to begin now, asked for where that is due. A lost one may come again.
  /// @throws StoreError where the journal cannot be written, as take() and finish().
  [[nodiscard]] std::vector<PendingTrial> due(double now_s);

  /// What a trial under way has reached, and whether it is worth going on with; if not, end its evaluation: it will be
  /// told as `stopped`, whatever it still makes of its time. Of trials not under way nothing is taken.
  /// Where results are told in a fixed order and several trials run, so are their reports: with their results.
  Continuation report(std::uint64_t trial, const IntermediateReport& report, double now_s);

  /// Takes results of trials that due() gave. The numbers of the trials that were told by it, in their order.
  /// @throws InvalidInput for a result that no evaluation under way can have.
  std::vector<std::uint64_t> take(std::vector<EvaluationResult> results, double now_s);

  /// Begins nothing new. What is under way may still come; what is lost stays pending.
  void stop();

  /// Seconds after which take() and due() want to be called again even without a result; nothing: whenever there is
  /// one.
  [[nodiscard]] std::optional<double> patience_s(double now_s) const;

  /// Trials that are evaluated at the same time, at most.
  [[nodiscard]] std::size_t workers() const { return workers_; }
  /// Trials that are being evaluated now.
  [[nodiscard]] std::size_t running() const;

  /// The study has ended and nothing is under way.
  [[nodiscard]] bool is_over() const { return end_.has_value() && is_idle(); }

  /// Records the end in the journal, unless it was an interruption, and brings everything to the disk. Once, when
  /// is_over().
  /// @throws ResourceShortage where that was the reason: the trial without room stays pending.
  RunSummary finish(double now_s);

 private:
  using Results = std::vector<std::pair<std::uint64_t, Outcome>>;

  struct Evaluation {
    PendingTrial trial;
    int attempts = 1;                    // begun so far
    std::optional<double> again_s = {};  // when the next one begins; nothing while one is running
    std::vector<IntermediateReport> reports = {};
    std::optional<std::string> stopped = {};  // why it is not worth going on with
  };

  [[nodiscard]] bool is_idle() const { return queue_.empty() && under_way_.empty(); }
  [[nodiscard]] bool is_halted() const { return stopping_ || !shortage_.empty() || is_refused_; }
  void halt();
  [[nodiscard]] bool has_ended(double now_s);
  bool ask(std::size_t count);
  void take_early_results();
  [[nodiscard]] std::vector<PendingTrial> begun(double now_s);
  void take(EvaluationResult result, double now_s, Results& arrived);
  [[nodiscard]] bool tries_again(Evaluation& evaluation, double now_s) const;
  [[nodiscard]] Results those_due(Results arrived);
  [[nodiscard]] Results without_needless_losses(Results results) const;
  std::vector<std::uint64_t> tell(Results given, double now_s);
  void keep_early(std::uint64_t trial, double now_s);

  Study& study_;
  ScheduleOptions options_;
  std::size_t workers_;
  bool synchronous_;
  StudySaver saver_;
  std::deque<PendingTrial> queue_;                 // asked for and not begun
  std::map<std::uint64_t, Evaluation> under_way_;  // running, or lost and waiting for the next attempt
  std::deque<std::uint64_t> turns_;                // synchronous: the batch's trials that are not told, in order
  std::map<std::uint64_t, Outcome> early_;         // synchronous: results that wait for their turn
  std::uint64_t asked_ = 0;
  std::optional<RunSummary> end_;  // the first reason
  bool stopping_ = false;
  bool is_refused_ = false;
  std::string shortage_;  // why a trial could not be tried
};

/// What asking from outside (a shell, a scheduler) gives.
struct AskedTrials {
  std::vector<PendingTrial> trials;
  std::optional<RunSummary> limit;  ///< why there are fewer than were asked for, or none
};

/// Up to `count` new trials, none once a limit is reached or as many as the study allows have been asked for.
[[nodiscard]] AskedTrials ask_within_limits(Study& study, std::size_t count, double elapsed_s);

}  // namespace hyperego
