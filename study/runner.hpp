#pragma once

#include <hyperego/study/evaluator.hpp>
#include <hyperego/study/stop_signal.hpp>
#include <hyperego/study/study.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyperego {

/// Why a run came to its end.
enum class StudyEnd {
  trials,              ///< as many as the study asked for
  wall_clock,          ///< limits.wall_s
  evaluation_time,     ///< limits.evaluation_s
  target_hypervolume,  ///< limits.target_hypervolume reached
  stalled,             ///< limits.stall_trials without a larger hypervolume
  max_failures,        ///< too many trials failed: the study stopped by itself
  refused,             ///< nothing can be evaluated any more (EvaluationRefused): the study stopped by itself
  exhausted,           ///< nothing is left to try: the study stopped by itself
  interrupted          ///< by the stop signal
};

/// "trials", "wall_clock", … as it stands in the journal.
[[nodiscard]] std::string_view to_string(StudyEnd reason);

/// True where the study gave up although no limit that its user set was reached.
[[nodiscard]] constexpr bool stopped_by_itself(StudyEnd reason) {
  return reason == StudyEnd::max_failures || reason == StudyEnd::exhausted || reason == StudyEnd::refused;
}

/// Is told what happens, always from the thread that called run_study().
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_ask(const std::vector<PendingTrial>& /*trials*/) {}
  virtual void on_tell(const Trial& /*trial*/, const StudyHistory& /*history*/) {}
};

struct RunOptions {
  int attempts = 3;             ///< times a trial is tried whose evaluation is lost
  double back_off_s = 0.2;      ///< before the second attempt; doubles for each further one
  double front_interval_s = 2;  ///< front.json and front.csv are at most this old while the study runs
};

struct RunSummary {
  StudyEnd reason = StudyEnd::trials;
  std::string message;  ///< one sentence
};

/// Runs a study to its end: asks, evaluates on `workers` threads, tells.
///
/// Synchronous studies evaluate batches of `workers` trials and tell them in trial order, so that everything but the
/// clock is a function of the specification; others ask for a new trial as soon as a worker is free. Trials that are
/// pending when the run begins come first. When the stop signal is raised, evaluations under way are waited for
/// (programs are ended); what has no result then stays pending. So does a lost trial beyond `max_failures`, which can
/// be tried again.
/// @throws StoreError where the journal cannot be written; whatever was told before is safe. Any exception raises the
/// stop signal, so that no program goes on for nobody.
/// @throws ResourceShortage where an evaluation found no room on the machine, three times in a row: nothing new is
/// begun, what runs is waited for and told, and the trial stays pending.
RunSummary run_study(Study& study, Evaluator& evaluator, StopSignal& stop, Observer* observer = nullptr,
                     const RunOptions& options = {});

/// The limit that has been reached, if any, and its message.
[[nodiscard]] std::optional<RunSummary> reached_limit(const StudyHistory& history, double elapsed_s);

/// What asking from outside (a shell, a scheduler) gives.
struct AskedTrials {
  std::vector<PendingTrial> trials;
  std::optional<RunSummary> limit;  ///< why there are fewer than were asked for, or none
};

/// Up to `count` new trials, none once a limit is reached or as many as the study allows have been asked for.
[[nodiscard]] AskedTrials ask_within_limits(Study& study, std::size_t count, double elapsed_s);

}  // namespace hyperego
