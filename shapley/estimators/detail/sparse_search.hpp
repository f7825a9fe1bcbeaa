#pragma once

#include <hyperego/shapley/estimators/detail/evaluated_game.hpp>
#include <hyperego/shapley/estimators/detail/unanimity_model.hpp>

#include <cstdint>

namespace hyperego::detail {

struct SparseSearch {
  UnanimityModel model;
  /// No coalition evaluated so far differs from the model, nor does any of a fresh sample drawn after the last term was
  /// found.
  bool complete = false;
};

/// Looks for the Möbius terms of a game that has few of them, by adaptive group testing.
///
/// Where the remainder r = v − model is not zero on a coalition, players are taken out while it stays non-zero; what is
/// left is generically one unknown term T with coefficient r(T). A term costs at most about 2n evaluations and usually
/// far fewer. The held-out sample (N, every N∖{i}, and coalitions of Shapley-distributed sizes) is evaluated first and
/// tells whether the model explains the game; without progress the search ends after a quarter of `evaluations` and the
/// model is dropped. Compare Kang et al., "Learning to Understand: Identifying Interactions via the Möbius Transform",
/// NeurIPS 2024.
[[nodiscard]] SparseSearch search_sparse_moebius(EvaluatedGame& game, std::size_t evaluations, std::uint64_t seed);

}  // namespace hyperego::detail
