#pragma once

#include <hyperego/report/explanation/explain_options.hpp>
#include <hyperego/report/explanation/trial_models.hpp>
#include <hyperego/report/record/trial_table.hpp>
#include <hyperego/shapley/game/game_table.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <span>
#include <vector>

namespace hyperego {

/// Plays HyperSHAP games on the models of one or several studies and explains them.
///
/// {"game", "index", "order", "target", "players", "baseline", "values", "empty", "full", "coalitions", "legal_share",
/// "fit", "intervals", "faithfulness", "seed", …}. Values are in the game's own direction: improvement is positive, in
/// units of the objective as it is modelled (its logarithm where the study says so), or of the augmented Chebyshev
/// value of a trade-off, whose objectives are scaled by the front of the trials. With several studies or baselines
/// there is one game for each pair; their raw values are aggregated. The values, intervals and p-values of
/// hyperparameters that never varied are null: not known.
///
/// "intervals" keeps apart what is not known: "model" holds the quantiles of the same index over functions that the
/// trials leave plausible as models of two kinds see them, widened, and the reported value (docs/method.md, section 2);
/// "sampling" the reported value ± a Student interval from independent lists of samples. Of a single study there are
/// "p_value" and "p_values" (test_relevance()), "noise" (who cannot be told from it), "dependent" (pairs that went
/// together), "extrapolated" (hyperparameters of the baseline that no trial is near), "best_seen", "summary" and, of
/// one objective, "own_unit". "suggestions" holds configurations whose evaluation would narrow the values most
/// (options.suggest). Of more than 63 hyperparameters there is no game: "game" is "total_sensitivity", values are the
/// shares of total_sensitivity(), with intervals from draws of the model's parameters, and p-values only where
/// permutations are asked for.
///
/// One explanation for each target; several targets are all trade-offs, and the models are asked once for all of them
/// where they have a baseline in common.
/// @param played where given, receives the games that are explained.
/// @throws InvalidInput for studies with different hyperparameters, unknown objectives, weights that do not fit,
/// illegal configurations; Stopped.
[[nodiscard]] std::vector<nlohmann::ordered_json> explain(std::span<TrialModels> studies,
                                                          std::span<const ExplainTarget> targets,
                                                          const ExplainOptions& options,
                                                          std::vector<GameTable>* played = nullptr);

/// One target of one study.
[[nodiscard]] nlohmann::ordered_json explain(const TrialTable& trials, const ExplainTarget& target,
                                             const ExplainOptions& options);

/// `count` weight vectors that cover the simplex evenly, extremes included where count ≥ the number of objectives.
[[nodiscard]] std::vector<Eigen::VectorXd> tradeoffs(int objectives, std::size_t count);

}  // namespace hyperego
