#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/shapley/game/coalition_search_options.hpp>
#include <hyperego/shapley/game/detail/blend_tiles.hpp>
#include <hyperego/shapley/game/detail/coalition_maximiser.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace hyperego::detail {

struct OptimizedValues {
  std::vector<Candidate> best;       ///< value and maximiser of every sub-coalition of the players, in compressed order
  std::vector<std::uint32_t> legal;  ///< samples that counted
  std::uint64_t predictions = 0;
};

/// max over Λ_S of sign · prediction for all S ⊆ `players`, listed by the compressed number of S (bit k is the k-th
/// member of `players`). Upwards by size: the best blended sample and the maximiser of the best subset are climbed
/// from; then downwards: the maximisers of all S ∪ {i}, projected; at last closed over subsets. On a predictor that
/// gives values alone all coalitions climb side by side (PatternSearch), in a few dozen calls of predict().
[[nodiscard]] OptimizedValues optimized_values(const BlendPredictor& predictor, const Blends& blends, Coalition players,
                                               double sign, std::uint64_t seed, const CoalitionSearchOptions& options,
                                               const TileWork& work);

/// All subsets of `players`, in compressed order.
[[nodiscard]] std::vector<Coalition> subsets_of(Coalition players);

}  // namespace hyperego::detail
