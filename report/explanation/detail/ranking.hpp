#pragma once

#include <hyperego/report/explanation/detail/explanation_json.hpp>
#include <hyperego/report/explanation/detail/modelled_target.hpp>
#include <hyperego/report/explanation/explain_options.hpp>
#include <hyperego/report/explanation/trial_models.hpp>

#include <nlohmann/json_fwd.hpp>

#include <string_view>

namespace hyperego::detail {

inline constexpr std::string_view ranking_name = "total_sensitivity";

/// Where there are too many hyperparameters for a game: how the total sensitivity of the Gaussian processes
/// (total_sensitivity()) is shared out among them, with intervals from draws of the processes' parameters. As
/// explain()'s result as far as there is no game: {"game": "total_sensitivity", "method": "closed form", "values":
/// shares that sum to 1, …}.
/// @param context with the notes of the fit
/// @throws InvalidInput where suggestions are asked for, which need a game.
[[nodiscard]] nlohmann::ordered_json ranking(const TrialModels& models, const ModelledTarget& modelled,
                                             TargetContext context, const ExplainOptions& options);

}  // namespace hyperego::detail
