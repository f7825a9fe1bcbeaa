#pragma once

#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/shapley/game/game_table.hpp>

#include <span>

namespace hyperego {

/// Lets every coalition of a game on `predictor` choose one more configuration: `candidates[S]`, a legal blend of S
/// with the game's baseline, as GameTable::maximisers of the same game on another predictor are. v stays monotone where
/// it was. For tunability and mistunability; other games are left as they are. 2^n predictions.
/// @throws InvalidInput where there is not one candidate for every coalition.
void add_candidates(GameTable& table, const BlendPredictor& predictor, std::span<const Configuration> candidates);

}  // namespace hyperego
