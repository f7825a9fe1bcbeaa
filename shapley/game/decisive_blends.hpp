#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/shapley/game/game_kind.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace hyperego {

/// The configurations that the Shapley values of a game hang on, and by how much: dφ_i = Σ_k weights(i, k) df(place_k)
/// where the predicted function f changes a little at them, for every player i.
struct DecisiveBlends {
  std::vector<Configuration> places;
  Eigen::MatrixXd weights;  ///< players × places
};

/// Of a game on `predictor`, whose predictions are to be minimised. A maximum hangs on the sample that attains it
/// (which stays where it is as f changes a little: the envelope theorem), ablation on its blends, a variance on every
/// sample. All coalitions of up to eight players, of more those of 16 random orders and their reverses (Castro et al.
/// 2009).
/// @throws InvalidInput for optimizer_bias, which no single configuration decides.
[[nodiscard]] DecisiveBlends decisive_blends(const BlendPredictor& predictor, const Blends& blends, GameKind kind,
                                             std::uint64_t seed);

}  // namespace hyperego
