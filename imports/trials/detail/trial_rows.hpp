#pragma once

#include <hyperego/imports/table/source_trials.hpp>
#include <hyperego/imports/trials/detail/objective_columns.hpp>
#include <hyperego/imports/trials/import_trials.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace hyperego {

/// Turns rows into trials of `imported.space` and `imported.objectives`, with notes on what failed or is left out:
/// trials that have not ended, failed ones whose configuration is not complete, and, where the space is inferred, those
/// without a value that no condition excuses.
/// @param hyperparameter_columns by hyperparameter; nothing where there is no column, which takes the default.
/// @throws InvalidInput naming the row and column for values that the space does not allow and objectives that are no
/// numbers.
void add_trials(const SourceTrials& trials, const std::vector<std::optional<std::size_t>>& hyperparameter_columns,
                const ObjectiveColumns& objectives, ImportedTrials& imported);

}  // namespace hyperego
