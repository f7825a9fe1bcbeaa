#pragma once

#include <hyperego/core/coalition.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace hyperego::detail {

/// Z(K, e) = Σ_{L ⊇ K, |L| = |K| + e} (v(L) − v(∅)) for every coalition K of at most `order` players.
///
/// All that an index of order k needs to know of a table: an interaction of S depends on the table only through the
/// sums over coalitions with the same intersection with S and the same size. One pass, O(2^n) for a fixed order (about
/// 20 additions an entry for order 2, independent of n), no Möbius transform and none of its cancellation.
class GradedSums {
 public:
  /// @param table 2^players values. finite() is false when one of them is not a finite number.
  GradedSums(std::span<const double> table, int players, int order);

  [[nodiscard]] bool finite() const { return finite_; }
  /// Z(K, 0), …, Z(K, players − |K|).
  [[nodiscard]] std::span<const double> of(Coalition coalition) const;

 private:
  int players_;
  bool finite_ = true;
  std::vector<std::size_t> first_;  // per size: where its coalitions begin, which are in lexicographic order
  std::vector<double> sums_;

  [[nodiscard]] std::size_t offset(Coalition coalition) const;
};

}  // namespace hyperego::detail
