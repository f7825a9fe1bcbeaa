#pragma once

#include <hyperego/shapley/index/interaction_index.hpp>

#include <vector>

namespace hyperego::detail {

/// The weights that define an interaction index which treats all players alike.
///
/// The same index written in two ways, for |S| = s ≤ order:
///     I(S) = Σ_{T⊇S} moebius(s, |T|) m(T) = Σ_L (−1)^{s−|L∩S|} coalition(s, |S∪L|) v(L),
/// where coalition(s, u) = Σ_r (−1)^r C(n−u, r) moebius(s, u+r). These alternating sums are taken in 50 decimal digits
/// and rounded once: n ≤ 63 keeps them accurate to the last bit of a double.
class CardinalWeights {
 public:
  CardinalWeights(InteractionIndex index, int order, int players);

  /// Weight of m(T), s ≤ t ≤ n. For s = 0 the entry of the empty interaction (see InteractionValues).
  [[nodiscard]] double moebius(int s, int t) const { return moebius_[cell(s, t)]; }
  /// Weight of v(L) with |S ∪ L| = u, without its sign; 0 for u > n.
  [[nodiscard]] double coalition(int s, int u) const { return u > players_ ? 0.0 : coalition_[cell(s, u)]; }
  /// Whether I(S) = m(S) for interactions of s players.
  [[nodiscard]] bool is_moebius(int s) const { return plain_[static_cast<std::size_t>(s)]; }
  /// Whether the empty interaction follows from the weights; otherwise it is v(∅).
  [[nodiscard]] bool empty_is_weighted() const { return empty_is_weighted_; }

 private:
  int players_;
  bool empty_is_weighted_;
  std::vector<bool> plain_;
  std::vector<double> moebius_;
  std::vector<double> coalition_;

  [[nodiscard]] std::size_t cell(int s, int t) const {
    return static_cast<std::size_t>(s) * static_cast<std::size_t>(players_ + 1) + static_cast<std::size_t>(t);
  }
};

}  // namespace hyperego::detail
