#pragma once

#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/report/explanation/explain_options.hpp>
#include <hyperego/shapley/game/game_table.hpp>

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <span>
#include <string>

namespace hyperego {

/// A function of configurations that is to be explained as it is: somebody's surrogate, a formula, a simulator.
struct ExplainedFunction {
  std::shared_ptr<const SearchSpace> space;
  std::shared_ptr<const BlendPredictor> predictor;
  std::string name = "value";  ///< of what it gives
  Direction direction = Direction::maximize;
};

/// Plays HyperSHAP games on functions in the place of models of trials: the options, estimators, aggregates and the
/// result are those of explain(), in units of the function, but for what only trials have: "fit", "p_value", intervals
/// of the model, "best_seen". Intervals of sampling and faithfulness are there.
///
/// Every list of samples has 1,000 unless options.samples says otherwise. λ* of ablation is, unless given, the best of
/// them, and a note says so. Predictors that give values alone are asked for whole tiles (16,384 or 65,536 blends at a
/// time) and, where maxima are searched, for what all coalitions want to know next: a game of six players is 12 to
/// 40 calls of predict(). What predict() throws comes out unchanged, and no further call is made (from one thread; from
/// several those under way end).
/// @param functions of the same hyperparameters, name and direction; several are aggregated.
/// @param played where given, receives the game that is explained.
/// @throws InvalidInput where a function is null, functions differ, options ask for what only trials have (draws,
/// incumbent_as_baseline), for illegal configurations and values that are not finite; Stopped.
[[nodiscard]] nlohmann::ordered_json explain_functions(std::span<const ExplainedFunction> functions,
                                                       const ExplainOptions& options, GameTable* played = nullptr);

/// One function.
[[nodiscard]] nlohmann::ordered_json explain(const ExplainedFunction& function, const ExplainOptions& options,
                                             GameTable* played = nullptr);

}  // namespace hyperego
