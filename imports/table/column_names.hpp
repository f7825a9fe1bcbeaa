#pragma once

#include <hyperego/core/search_space.hpp>
#include <hyperego/core/trial.hpp>
#include <hyperego/imports/table/source_trials.hpp>

#include <optional>
#include <string_view>

namespace hyperego {

/// Roles of columns by their names, for tables that do not say more: names of the space first, then the prefixes that
/// Optuna (params_), MLflow (params., metrics.), Ray Tune (config/), AMLTK (config:, metric:) and scikit-learn (param_)
/// put in front, then known names of bookkeeping; where any column has such a prefix, those without are results. A
/// column of states is taken into SourceRow::status.
/// @param space may be null.
/// @throws InvalidInput for a state that is not known.
void name_columns(SourceTrials& trials, const SearchSpace* space);

/// The status that another program's word ("COMPLETE", "crashed", "FINISHED") stands for; `waiting` or `running` for
/// one that has not ended; nothing for other words.
[[nodiscard]] std::optional<TrialStatus> status_named(std::string_view word);

/// Whether a name is one of results rather than of settings: its last word is ("accuracy", "mean_loss"), or any word
/// after a stage ("val_acc_best"); "loss_weight" is a setting.
[[nodiscard]] bool sounds_like_result(std::string_view name);

}  // namespace hyperego
