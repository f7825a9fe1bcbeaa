#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/progress.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/acquisition/expert_prior.hpp>
#include <hyperego/moo/decision/optimization_problem.hpp>
#include <hyperego/moo/search/parego_options.hpp>
#include <hyperego/moo/trials/partial_trials.hpp>
#include <hyperego/moo/trials/trial_history.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace hyperego {

/// What is searched, how, and what came of it so far: all that the parts of ParEGO know of a study. The parts only read
/// it; the optimizer brings `history` up to date.
struct SearchState {
  /// Learns the earlier trials and draws the initial design: of earlier studies' best configurations so many as make up
  /// half of it, of the rest only what those studies were too small to replace.
  /// @throws InvalidInput for options that are not valid or a preference for another number of objectives.
  SearchState(OptimizationProblem given, const ParEgoOptions& chosen);

  /// Completed trials that a model needs before it says more than the initial design.
  static constexpr std::size_t least_completed = 3;

  [[nodiscard]] bool can_model() const { return history.completed().size() >= least_completed; }
  [[nodiscard]] bool has_many_objectives() const { return problem.objectives.size() > 2; }
  /// Trials before `trial` that were not part of the initial design.
  [[nodiscard]] std::uint64_t trials_after_design(std::uint64_t trial) const;
  /// The share of the budget before `trial`: of the cost where that is planned, else of the number of trials.
  [[nodiscard]] double share_spent(std::uint64_t trial) const;
  /// Whether fidelities below full are chosen from.
  [[nodiscard]] bool has_fidelities() const { return partial.fidelity().has_value(); }
  /// Configurations of pending trials at full fidelity, by the trials' numbers.
  [[nodiscard]] std::vector<Configuration> pending() const;
  /// The completed configurations that none other dominates in `objectives` (completed configurations × objectives,
  /// minimised).
  [[nodiscard]] std::vector<Configuration> front_members(const Eigen::MatrixXd& objectives) const;

  OptimizationProblem problem;
  ParEgoOptions options;
  Slice domain;                      ///< where the search may go
  std::optional<ExpertPrior> prior;  ///< nothing where there is none, or the options do not follow it
  TrialHistory history;
  PartialTrials partial;
  std::vector<Configuration> initial;  ///< the initial design
  ProgressHook progress = {};          ///< asked while a suggestion is made

 private:
  [[nodiscard]] std::size_t planned_initial_trials() const;
};

}  // namespace hyperego
