#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/fidelity.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/core/trial.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace hyperego {

/// What every optimizer is told before it starts.
struct OptimizationProblem {
  std::shared_ptr<const SearchSpace> space;
  std::vector<Objective> objectives;                  ///< at least one
  std::vector<Configuration> initial_configurations;  ///< evaluated first, in this order
  std::uint64_t budget = 100;                         ///< planned number of trials: schedules are relative to it
  std::uint64_t seed = 1;
  /// Where to search: nothing but this slice of the space. Without one, everywhere.
  std::optional<Slice> within = {};
  /// Measured together with the objectives; a trial that breaks one is infeasible.
  std::vector<Constraint> constraints = {};
  /// Completed trials of earlier studies of the same space, objectives and constraints. Models know them from the
  /// start; they are not evaluated again unless the search asks for it. Their numbers mean nothing.
  std::vector<Trial> earlier = {};
  /// What trials may be less than full in; always with a choice (Fidelity::has_choice).
  std::optional<Fidelity> fidelity = {};
  /// Planned cost of all trials, in full evaluations: where given, schedules are relative to it and the cost spent.
  std::optional<double> cost_budget = {};

  [[nodiscard]] Slice domain() const { return within ? *within : Slice(space); }
};

}  // namespace hyperego
