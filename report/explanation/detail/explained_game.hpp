#pragma once

#include <hyperego/report/explanation/explain_options.hpp>
#include <hyperego/shapley/estimators/estimate.hpp>
#include <hyperego/shapley/game/game_table.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace hyperego::detail {

/// A game and its index, whose entries are cleaned().
struct ExplainedGame {
  InteractionValues values;
  /// What is known of the game; its value table is empty unless all coalitions were played.
  GameTable table;
  double empty = 0;
  double full = 0;
  double legal_share = 1;
  std::size_t coalitions = 0;
  std::optional<Estimate> estimate;  ///< where the index was estimated
  /// Where maxima are searched, what attains the value of each coalition, for every study and baseline.
  std::vector<std::vector<Configuration>> maximisers;
};

/// `value`, an entry of the index of `game` or an end of its interval, without rounding noise; in a monotone game the
/// value of a player (SV, BV) has one sign, and 0 stands for the other unless it is an estimate.
[[nodiscard]] double cleaned(double value, const ExplainedGame& game, const ExplainOptions& options);

/// Cleans values, v(∅) and v(N); a player that is held changes nothing, and its values are 0.
void clean(ExplainedGame& game, const ExplainOptions& options);

/// The game of a table of all coalitions and its index, cleaned.
[[nodiscard]] ExplainedGame explained_game(GameTable table, const ExplainOptions& options);

}  // namespace hyperego::detail
