#pragma once

#include <hyperego/core/configuration.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <string>
#include <string_view>

namespace hyperego {

enum class TrialStatus { waiting, running, completed, infeasible, failed, timed_out, lost };

[[nodiscard]] std::string_view to_string(TrialStatus status);
/// @throws InvalidInput naming `where` for a word that is no status.
[[nodiscard]] TrialStatus trial_status_from(std::string_view text, const std::string& where);

/// What an evaluation gave. Objectives are in raw direction and the order of the study; empty unless completed or
/// infeasible.
struct Outcome {
  TrialStatus status = TrialStatus::completed;
  Eigen::VectorXd objectives = {};
  Eigen::VectorXd constraints = {};  ///< raw values in the order of the study's constraints; may be empty
  std::string message = {};          ///< why it failed, or what the evaluator had to say
  double seconds = 0;                ///< wall clock of the evaluation
};

/// A completed outcome whose values are all finite, or a failed one that says which is not.
[[nodiscard]] Outcome checked_outcome(Outcome outcome, std::size_t number_of_objectives);

struct Trial {
  std::uint64_t number = 0;
  Configuration configuration = {};
  Outcome outcome = {};
};

}  // namespace hyperego
