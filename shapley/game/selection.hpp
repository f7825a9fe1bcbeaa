#pragma once

#include <hyperego/core/coalition.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/shapley/game/lazy_tunability.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace hyperego {

/// How a played tunability game and a threshold τ become a set of free hyperparameters.
enum class SelectionRule {
  cumulative,  ///< Shapley values in descending order until they sum to τ (Theodorakopoulos, Wever & Lindauer, arXiv
               ///< 2601.03166)
  quantile,    ///< Shapley values above their τ-quantile
  coalition,   ///< the smallest coalition that reaches the share τ of the gain
  random,      ///< as many random players as `coalition` would keep; a control
  none         ///< everything stays free; a control
};

[[nodiscard]] std::string_view to_string(SelectionRule rule);

/// Players with φ > 0 in descending order (ties: the lower number first), added while the sum is below τ Σ and as long
/// as φ_i > min(0.05, 1 − τ) Σ, where Σ is the sum of all positive φ. May be empty.
[[nodiscard]] Coalition select_cumulative(std::span<const double> shapley_values, double threshold);

/// Players whose φ exceeds the τ-quantile of all φ (linear interpolation). May be empty.
[[nodiscard]] Coalition select_quantile(std::span<const double> shapley_values, double threshold);

/// The smallest |S| (ties: the larger v, then the lower mask) with v(S) − v(∅) ≥ τ (v(N) − v(∅)), from the whole table
/// of a game. O(2^n).
[[nodiscard]] Coalition select_coalition(std::span<const double> values, double threshold);

/// `size` different players, uniformly.
[[nodiscard]] Coalition select_random(int players, int size, Rng& rng);

/// The coalition with the condition parents of its members, their parents and so on; constants have no bit.
[[nodiscard]] Coalition close_over_parents(Coalition coalition, const SearchSpace& space);

struct Selection {
  Coalition chosen = 0;  ///< what the rule gives
  Coalition free = 0;    ///< closed over condition parents, at least one player
  std::string reason;    ///< one sentence
};

/// Applies a rule. `values` is the table of the tunability game (2^n), `shapley_values` its n Shapley values; a rule
/// reads one of them only. τ = 0 keeps everything free, as does a game without any gain; where a rule keeps nobody, the
/// player with the largest Shapley value (or best single value) stays free. `seed` serves `random`.
/// @throws InvalidInput for a threshold outside [0, 1] or lengths that do not fit the space.
[[nodiscard]] Selection select_free(SelectionRule rule, std::span<const double> values,
                                    std::span<const double> shapley_values, double threshold, const SearchSpace& space,
                                    std::uint64_t seed = 0);

struct CoalitionSearchBudget {
  std::size_t coalitions = 400;  ///< most coalitions to play besides ∅ and N
  std::size_t beam = 8;          ///< coalitions of one size that are extended by every other player

  /// @throws InvalidInput naming the field at fault.
  void validate() const;
};

struct CoalitionSearchResult {
  Selection selection;
  double gain = 0;          ///< (v(S) − v(∅)) / (v(N) − v(∅)) of the chosen coalition
  std::size_t played = 0;   ///< coalitions played in all
  bool exhaustive = false;  ///< every smaller coalition has been played, so none of them reaches the threshold
};

/// The `coalition` rule without the whole table, for many players: best first by size. All singles; then of every size
/// the `beam` best of the size before, extended by every other player in the order of v(S) + v({i}), until some
/// coalition of a size reaches the threshold. With the budget spent, the best coalition so far takes in the best single
/// players until it does (at most n more).
/// @throws InvalidInput as select_free().
[[nodiscard]] CoalitionSearchResult coalition_search(LazyTunability& game, double threshold, const SearchSpace& space,
                                                     const CoalitionSearchBudget& budget = {});

}  // namespace hyperego
