#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/core/progress.hpp>
#include <hyperego/moo/decision/decision.hpp>
#include <hyperego/moo/model/scalarized_model.hpp>
#include <hyperego/moo/search/freezing_options.hpp>
#include <hyperego/shapley/game/selection.hpp>

#include <cstdint>
#include <vector>

namespace hyperego {

/// What a tunability game says, whether its whole table is known or only some coalitions.
struct FreezingGame {
  Decision::Game game;  ///< its players are left empty
  double empty = 0;
  double full = 0;
  Configuration maximiser;      ///< of the grand coalition
  std::vector<double> shapley;  ///< empty where only some coalitions were played
  Selection selection;
};

/// Plays all coalitions of the blends' players, of more than `most_players` the best first. @throws Stopped
[[nodiscard]] FreezingGame play_freezing_game(const ScalarizedModel& model, const Blends& blends,
                                              const FreezingOptions& options, double threshold, std::uint64_t seed,
                                              const ProgressHook& progress = {});

/// v(S) as it was played; −∞ where it was not.
[[nodiscard]] double value_of(const Decision::Game& game, Coalition coalition);

}  // namespace hyperego
