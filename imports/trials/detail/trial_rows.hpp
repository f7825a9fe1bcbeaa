#pragma once

#include <hyperego/imports/table/source_trials.hpp>
#include <hyperego/imports/trials/detail/objective_columns.hpp>
#include <hyperego/imports/trials/import_trials.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace hyperego {

/// Marks trials as failed that have no finite value of an objective.
/// @throws InvalidInput naming the row and column for what is no number.
void read_objectives(SourceTrials& trials, const ObjectiveColumns& objectives);

/// Turns rows into trials of `imported.space` and `imported.objectives`, with notes on what failed or is left out:
/// trials that have not ended, failed ones whose configuration is not complete, and, where conditions are inferred,
/// those without a value that no condition excuses. To be called after read_objectives().
/// @param hyperparameter_columns by hyperparameter; nothing where there is no column, which takes the default.
/// @throws InvalidInput naming the row and column for values that the space does not allow.
void add_trials(const SourceTrials& trials, const std::vector<std::optional<std::size_t>>& hyperparameter_columns,
                const ObjectiveColumns& objectives, bool are_conditions_inferred, ImportedTrials& imported);

}  // namespace hyperego
