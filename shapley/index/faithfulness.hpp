#pragma once

#include <hyperego/shapley/index/interaction_index.hpp>

#include <span>

namespace hyperego {

/// How well an explanation of order k reproduces a game.
struct Faithfulness {
  /// 1 − residual / total; 1 for a perfect explanation, negative for one that is worse than a constant. For a game that
  /// is constant on the coalitions that count: 1 when the explanation is too, else 0.
  double r_squared = 1;
  double residual = 0;  ///< Σ μ(S) (v(S) − g(S))², in squared units of v
  double total = 0;     ///< Σ μ(S) (v(S) − v̄)², v̄ the mean of v under μ
};

/// Shapley-weighted R² of g(S) = c + Σ_{∅≠T⊆S} I(T) against the table.
///
/// μ(S) ∝ 1 / (C(n, s) s (n − s)) over 0 < s < n, normalised to sum 1: the Shapley kernel, whose infinite weights at ∅
/// and N are left out (SV, k-SII, STII and FSII meet both exactly). c is the constant of the fit for FBII and v(∅) for
/// the others. A game of one player is explained perfectly by definition. O(n 2^n), one copy of the table.
/// @throws InvalidInput when table and explanation differ in the number of players.
[[nodiscard]] Faithfulness faithfulness(std::span<const double> table, const InteractionValues& explanation);

}  // namespace hyperego
