#pragma once

#include <hyperego/study/study_history.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace hyperego {

/// Why a run came to its end.
enum class StudyEnd {
  trials,              ///< as many as the study asked for
  wall_clock,          ///< limits.wall_s
  evaluation_time,     ///< limits.evaluation_s
  target_hypervolume,  ///< limits.target_hypervolume reached
  cost,                ///< limits.cost: what the trials have cost, in full evaluations
  stalled,             ///< limits.stall_trials without a larger hypervolume
  max_failures,        ///< too many trials failed: the study stopped by itself
  refused,             ///< nothing can be evaluated any more (EvaluationRefused): the study stopped by itself
  exhausted,           ///< nothing is left to try: the study stopped by itself
  interrupted          ///< by whoever runs it, before any of the above
};

/// "trials", "wall_clock", … as it stands in the journal.
[[nodiscard]] std::string_view to_string(StudyEnd reason);

/// True where the study gave up although no limit that its user set was reached.
[[nodiscard]] constexpr bool stopped_by_itself(StudyEnd reason) {
  return reason == StudyEnd::max_failures || reason == StudyEnd::exhausted || reason == StudyEnd::refused;
}

struct RunSummary {
  StudyEnd reason = StudyEnd::trials;
  std::string message;  ///< one sentence
};

/// The limit that has been reached after `elapsed_s` seconds of running time, if any, and its message.
[[nodiscard]] std::optional<RunSummary> reached_limit(const StudyHistory& history, double elapsed_s);

/// Trials that may still be asked for.
[[nodiscard]] std::uint64_t trials_left(const StudyHistory& history);

}  // namespace hyperego
