#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/shapley/game/game_table.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hyperego {

/// "a,b": the players of an interaction by name, in the order of the players.
[[nodiscard]] std::string interaction_name(Coalition interaction, std::span<const std::string> players);

/// A played game and its interaction index, in the names of the hyperparameters.
struct Explanation {
  GameTable game;
  InteractionValues interactions;  ///< of the normalised game v(S) − v(∅)
  std::shared_ptr<const SearchSpace> space;
  Configuration baseline;
  /// Hyperparameters that cannot vary. They are no players; their importance is 0 and `statuses` says why.
  std::vector<std::string> constants;
  std::vector<std::string> statuses;  ///< those of the game and one sentence for every constant

  /// One line: the game and the most important hyperparameter.
  [[nodiscard]] std::string brief() const;
  /// {"game","index","order","players","baseline","values":{"a":φ,"a,b":φ12,…},"empty","full","coalitions","legal_share","samples",
  /// "statuses","seed"}; values in the game's own direction (improvement is positive), so they sum to full − empty for
  /// SV.
  [[nodiscard]] nlohmann::ordered_json to_json() const;
};

/// Plays the game of `options` on all coalitions and explains it.
/// @throws InvalidInput as play_game() and interaction_values() do.
[[nodiscard]] Explanation explain(const BlendPredictor& predictor, const Blends& blends, const GameOptions& options,
                                  InteractionIndex index = InteractionIndex::sv, int order = 1);

/// Explains a game already played: an aggregate over data sets or baselines, an optimizer bias.
/// @throws InvalidInput where the game's players are not those of the space, or as interaction_values() does.
[[nodiscard]] Explanation explain(GameTable game, std::shared_ptr<const SearchSpace> space, Configuration baseline,
                                  InteractionIndex index = InteractionIndex::sv, int order = 1);

}  // namespace hyperego
