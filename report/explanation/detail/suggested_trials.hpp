#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/report/explanation/detail/explained_games.hpp>
#include <hyperego/report/explanation/explain_options.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <span>

namespace hyperego::detail {

/// `options.suggest` configurations that no trial has, whose evaluation would narrow the Shapley values of the game of
/// a target most, one after the other (GameVariance): [{"configuration": {…}, "left": share of the variance that is
/// left with it and those before}]. Fewer where the space has no more. Of Gaussian processes, whatever models the game.
/// `played`: the game on the models. O(suggest · functions · candidates · n²).
[[nodiscard]] nlohmann::ordered_json suggested_trials(const ExplainedStudy& study, std::size_t target,
                                                      std::span<const Configuration> evaluated,
                                                      const ExplainedGame& played, const ExplainOptions& options);

}  // namespace hyperego::detail
