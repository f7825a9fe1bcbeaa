#pragma once

#include <hyperego/core/coalition.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace hyperego {

/// Interaction indices of cooperative games. With the Möbius transform m of the game, s = |S|, t = |T| and maximum
/// order k:
enum class InteractionIndex {
  sv,    ///< Shapley value (Shapley 1953): Σ_{T∋i} m(T) / t
  bv,    ///< Banzhaf value (Banzhaf 1964): Σ_{T∋i} m(T) / 2^{t−1}
  sii,   ///< Shapley interaction (Grabisch & Roubens 1999): Σ_{T⊇S} m(T) / (t − s + 1)
  bii,   ///< Banzhaf interaction (Grabisch & Roubens 1999): Σ_{T⊇S} m(T) / 2^{t−s}
  chii,  ///< chaining interaction (Marichal & Roubens 1999): Σ_{T⊇S} m(T) s / t
  k_sii,  ///< n-Shapley values (Bordt & von Luxburg 2023): Σ_{T⊇S, t≤k} B_{t−s} SII(T), Bernoulli numbers, B_1 = −1/2
  stii,     ///< Shapley–Taylor (Sundararajan et al. 2020): m(S) below order k, Σ_{T⊇S} m(T) / C(t, k) at order k
  fsii,     ///< faithful Shapley (Tsai et al. 2023): least squares under the Shapley kernel, with efficiency
  fbii,     ///< faithful Banzhaf (Tsai et al. 2023): least squares under the uniform distribution
  moebius,  ///< m(S)
  co_moebius,  ///< Σ_{T⊇S} m(T)
};

/// SV, BV, SII, BII, CHII, k-SII, STII, FSII, FBII, Moebius or Co-Moebius.
[[nodiscard]] std::string_view to_string(InteractionIndex index);

/// @param name one of the names of to_string(), in any case.
/// @throws InvalidInput naming the indices there are and the nearest one.
[[nodiscard]] InteractionIndex interaction_index_of(std::string_view name);

/// The order to use where none is given: 1 for SV and BV, all players for Möbius and Co-Möbius, else 2 (or fewer
/// players).
[[nodiscard]] int default_order(InteractionIndex index, int players);

/// @throws InvalidInput when the index has no such order for that many players.
void check_order(InteractionIndex index, int order, int players);

/// The values of an interaction index: all interactions of 1 … order players.
struct InteractionValues {
  InteractionIndex index = InteractionIndex::sv;
  int order = 1;
  int players = 0;
  /// Every interaction, by size and then lexicographically by players: {0}, {1}, {2}, {0,1}, {0,2}, {1,2}, …
  std::vector<Coalition> interactions;
  /// values[i] belongs to interactions[i]; same unit as the game.
  std::vector<double> values;
  /// v(∅).
  double baseline = 0;
  /// The entry of the empty interaction: mean of v for BV and BII, Σ m(T)/(t+1) for SII, the constant of the fit for
  /// FBII, v(∅) for all others.
  double empty_interaction = 0;

  /// Position of an interaction in `interactions`; O(order).
  /// @throws InvalidInput unless it has 1 … order of the players.
  [[nodiscard]] std::size_t position(Coalition interaction) const;
  [[nodiscard]] double at(Coalition interaction) const { return values[position(interaction)]; }
};

/// All interactions of 1 … order of the players in the order of InteractionValues::interactions.
[[nodiscard]] std::vector<Coalition> interactions_up_to(int players, int order);

/// An interaction index, exactly, from the complete value table of a game.
///
/// Orders up to 3 in one pass of O(2^n), higher orders in O(k n 2^n) with one copy of the table (two but for Möbius and
/// Co-Möbius). v(∅) is subtracted first, so that a large constant in the game costs no accuracy.
/// @param table v(S) at bitmask S, player i = bit i; 2^n values, n ≥ 1.
/// @throws InvalidInput for a length other than 2^n, a value that is not finite, or an order that does not exist.
[[nodiscard]] InteractionValues interaction_values(std::span<const double> table, InteractionIndex index, int order);

/// Shapley values φ_0 … φ_{n−1}. @throws as interaction_values().
[[nodiscard]] std::vector<double> shapley_values(std::span<const double> table);

/// {"index","order","values":{"0":…,"0,1":…},"baseline","empty_interaction"}.
[[nodiscard]] nlohmann::ordered_json to_json(const InteractionValues& values);

}  // namespace hyperego
