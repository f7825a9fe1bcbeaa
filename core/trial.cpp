#include <hyperego/core/error.hpp>
#include <hyperego/core/trial.hpp>

#include <array>
#include <cmath>

namespace hyperego {
namespace {

constexpr std::array statuses{TrialStatus::waiting,    TrialStatus::running, TrialStatus::completed,
                              TrialStatus::infeasible, TrialStatus::failed,  TrialStatus::timed_out,
                              TrialStatus::lost,       TrialStatus::stopped};
static_assert(statuses.size() == number_of_trial_statuses);

std::string not_finite(const Eigen::VectorXd& values, const char* kind) {
  for (Eigen::Index j = 0; j < values.size(); ++j) {
    if (!std::isfinite(values(j))) return std::string(kind) + " " + std::to_string(j) + " is not finite";
  }
  return {};
}

}  // namespace

std::string_view to_string(TrialStatus status) {
  switch (status) {
    case TrialStatus::waiting:
      return "waiting";
    case TrialStatus::running:
      return "running";
    case TrialStatus::completed:
      return "completed";
    case TrialStatus::infeasible:
      return "infeasible";
    case TrialStatus::failed:
      return "failed";
    case TrialStatus::timed_out:
      return "timed_out";
    case TrialStatus::lost:
      return "lost";
    case TrialStatus::stopped:
      return "stopped";
  }
  return "lost";
}

TrialStatus trial_status_from(std::string_view text, const std::string& where) {
  std::array<std::string_view, statuses.size()> names;
  for (std::size_t i = 0; i < statuses.size(); ++i) {
    names.at(i) = to_string(statuses.at(i));
    if (names.at(i) == text) return statuses.at(i);
  }
  throw InvalidInput(where, "\"" + std::string(text) + "\" is no trial status" + expected_name(text, names));
}

Outcome checked_outcome(Outcome outcome, std::size_t number_of_objectives) {
  if (outcome.status != TrialStatus::completed && outcome.status != TrialStatus::infeasible) {
    outcome.objectives.resize(0);
    return outcome;
  }
  const auto given = static_cast<std::size_t>(outcome.objectives.size());
  const bool may_be_absent = outcome.status == TrialStatus::infeasible;
  std::string fault;
  if (given != number_of_objectives && !(given == 0 && may_be_absent)) {
    fault = "expected " + std::to_string(number_of_objectives) + " objectives, got " + std::to_string(given);
  } else {
    fault = not_finite(outcome.objectives, "objective");
    if (fault.empty()) fault = not_finite(outcome.constraints, "constraint");
  }
  if (fault.empty()) return outcome;
  outcome.status = TrialStatus::failed;
  outcome.objectives.resize(0);
  outcome.message = outcome.message.empty() ? fault : fault + "; " + outcome.message;
  return outcome;
}

}  // namespace hyperego
