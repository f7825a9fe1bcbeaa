#pragma once

#include <hyperego/core/coalition.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hyperego {

[[nodiscard]] constexpr Coalition singleton(int player) { return Coalition{1} << player; }

[[nodiscard]] constexpr bool is_subset(Coalition inner, Coalition outer) { return (inner & ~outer) == 0; }

/// Calls f(player) for every player of the coalition, ascending.
template <typename Function>
void for_each_player(Coalition coalition, Function&& f) {
  for (; coalition != 0; coalition &= coalition - 1) f(std::countr_zero(coalition));
}

/// Calls f(subset) for all 2^|S| subsets of the coalition, ∅ and the coalition itself included, in ascending numerical
/// order.
template <typename Function>
void for_each_subset(Coalition coalition, Function&& f) {
  Coalition subset = 0;
  do {
    f(subset);
    subset = (subset - coalition) & coalition;
  } while (subset != 0);
}

/// The players of a coalition, ascending.
[[nodiscard]] std::vector<int> players_of(Coalition coalition);

/// "0,3" for {0, 3}; empty for the empty coalition.
[[nodiscard]] std::string coalition_key(Coalition coalition);

/// All C(n, size) coalitions of one size, in lexicographic order of their ascending lists of players: {0,1}, {0,2},
/// {1,2}.
[[nodiscard]] std::vector<Coalition> coalitions_of_size(int players, int size);

/// The position of a coalition in coalitions_of_size(players, |coalition|); O(|coalition|).
[[nodiscard]] std::size_t lexicographic_rank(Coalition coalition, int players);

/// C(n, k), 0 outside 0 ≤ k ≤ n. Exact for n ≤ 62; saturates at the largest value above.
[[nodiscard]] std::uint64_t binomial_coefficient(int n, int k);

}  // namespace hyperego
