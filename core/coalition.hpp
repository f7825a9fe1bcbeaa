#pragma once

#include <bit>
#include <cstdint>

namespace hyperego {

/// A set of players; player i is bit i. Games here have at most 63 players, so that 2^n fits.
using Coalition = std::uint64_t;

inline constexpr int max_players = 63;

/// The coalition of all `players`.
[[nodiscard]] constexpr Coalition grand_coalition(int players) { return (Coalition{1} << players) - 1; }

[[nodiscard]] constexpr bool contains(Coalition coalition, int player) { return (coalition >> player & 1U) != 0; }

[[nodiscard]] constexpr int size_of(Coalition coalition) { return std::popcount(coalition); }

}  // namespace hyperego
