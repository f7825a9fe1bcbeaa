#include <hyperego/core/number_text.hpp>
#include <hyperego/study/study_end.hpp>

#include <algorithm>
#include <sstream>

namespace hyperego {
namespace {

template <typename T>
std::string text(const T& value) {
  std::ostringstream stream;
  stream << value;
  return stream.str();
}

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
    case StudyEnd::cost:
      return "cost";
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
  if (limits.cost && history.cost() >= *limits.cost) {
    return RunSummary{StudyEnd::cost, "the trials have cost " + number_text(history.cost(), 4) + " of " +
                                          number_text(*limits.cost, 4) + " full evaluations"};
  }
  if (limits.stall_trials && history.stalled_trials() >= *limits.stall_trials) {
    return RunSummary{StudyEnd::stalled, "the hypervolume has not grown for " + text(*limits.stall_trials) + " trials"};
  }
  return std::nullopt;
}

std::uint64_t trials_left(const StudyHistory& history) {
  const std::uint64_t most = history.study().limits.trials;
  return most - std::min<std::uint64_t>(history.records().size(), most);
}

}  // namespace hyperego
