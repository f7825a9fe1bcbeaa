#pragma once

#include <hyperego/core/coalition.hpp>
#include <hyperego/shapley/game/game_table.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hyperego {

/// How the raw values of several games are joined, coalition by coalition.
enum class GameAggregate { mean, quantile, min, max, variance };

[[nodiscard]] std::string_view to_string(GameAggregate aggregate);
/// @throws InvalidInput naming `where` for a name that is none.
[[nodiscard]] GameAggregate game_aggregate_from(std::string_view text, const std::string& where);

/// The game of several data sets or several baselines: v(S) = aggregate of v_i(S), raw values, to be normalised once,
/// afterwards. `variance` is the population variance; `quantile` (level in [0, 1]) interpolates linearly between order
/// statistics. Legal counts and samples are summed, statuses joined. @throws InvalidInput without tables or where their
/// players differ.
[[nodiscard]] GameTable aggregate_games(std::span<const GameTable> tables, GameAggregate aggregate, double level = 0.5);

/// The same for values of some coalitions: values[g][s] is that of game g. O(games · coalitions).
/// @throws InvalidInput without games.
[[nodiscard]] std::vector<double> aggregate_values(std::span<const std::vector<double>> values, GameAggregate aggregate,
                                                   double level = 0.5);

/// v(S) = o(S) − max(o(S), max_j e_j(S)) ≤ 0: by how much the optimizer under study, restricted to S, falls short of
/// the best of it and an ensemble. @throws InvalidInput without an ensemble or where players differ.
[[nodiscard]] GameTable optimizer_bias(const GameTable& studied, std::span<const GameTable> ensemble);

/// The game of an optimizer that never tunes some players: v(S) ← v(S without them).
[[nodiscard]] GameTable never_tuning(const GameTable& table, Coalition untuned);

}  // namespace hyperego
