#pragma once

#include <hyperego/core/configuration.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyperego {

/// `stopped`: ended on its way, as it was not worth going on with. What it reported is data; it is no failure.
enum class TrialStatus { waiting, running, completed, infeasible, failed, timed_out, lost, stopped };

inline constexpr std::size_t number_of_trial_statuses = 8;

[[nodiscard]] std::string_view to_string(TrialStatus status);
/// @throws InvalidInput naming `where` for a word that is no status.
[[nodiscard]] TrialStatus trial_status_from(std::string_view text, const std::string& where);

/// What a running trial said on its way.
struct IntermediateReport {
  double fidelity = 0;              ///< how far it had come, in the units of the study's fidelity
  Eigen::VectorXd objectives = {};  ///< raw values in the order of the study, all of them finite
  double seconds = 0;               ///< since the evaluation began
};

/// What an evaluation gave. Objectives are in raw direction and the order of the study; empty unless completed or
/// infeasible.
struct Outcome {
  TrialStatus status = TrialStatus::completed;
  Eigen::VectorXd objectives = {};
  Eigen::VectorXd constraints = {};              ///< raw values in the order of the study's constraints; may be empty
  std::string message = {};                      ///< why it failed, or what the evaluator had to say
  double seconds = 0;                            ///< wall clock of the evaluation
  std::vector<IntermediateReport> reports = {};  ///< by rising fidelity
  /// What it took, in full evaluations; nothing where the study has no fidelity.
  std::optional<double> cost = {};
  /// What was measured beside the objectives: "processor_seconds", "energy_j", …
  std::map<std::string, double> measured = {};
};

/// A completed outcome whose values are all finite, or a failed one that says which is not.
[[nodiscard]] Outcome checked_outcome(Outcome outcome, std::size_t number_of_objectives);

struct Trial {
  std::uint64_t number = 0;
  Configuration configuration = {};
  Outcome outcome = {};
  std::optional<double> fidelity = {};  ///< nothing: full
  /// The trial of the same configuration from whose checkpoint it goes on.
  std::optional<std::uint64_t> continues = {};

  /// Whether it counts as a result: fronts and all that is made of them know no others.
  [[nodiscard]] bool completed_in_full() const { return outcome.status == TrialStatus::completed && !fidelity; }
};

}  // namespace hyperego
