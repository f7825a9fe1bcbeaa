// Blocks of samples walked down a tree together. A *cell* is the rank of a coordinate among all thresholds of its
// feature in the forest plus one, the number of a category plus one, or 0 where there is no value.
#pragma once

#include <hyperego/core/instruction_set.hpp>

#include <cstddef>
#include <cstdint>

namespace hyperego::detail {

/// Samples of a block.
inline constexpr std::ptrdiff_t forest_block = 256;
/// Room for a list of them: whole vectors are stored past its end.
inline constexpr std::ptrdiff_t forest_list = forest_block + 16;
/// Players that one walk can tell apart; twelve or fewer are the fastest.
inline constexpr int forest_players = 28;

/// Depth of the deepest tree.
inline constexpr std::ptrdiff_t forest_depth = 255;

/// Nodes in preorder: the left child of node k is node k + 1.
struct ForestNode {
  enum class Kind : std::uint32_t {
    missing_left,   ///< cells ≤ bound go left
    missing_right,  ///< the same but for 0
    subset,         ///< cell c goes left where bit c of the words from `bound` on is set
    leaf            ///< `bound` is the leaf's number
  };
  Kind kind;
  std::uint32_t feature;
  std::uint32_t bound;
  std::uint32_t right;
};

struct ForestTrees {
  const ForestNode* nodes;
  const std::size_t* roots;
  std::ptrdiff_t count;
  std::ptrdiff_t depth;  ///< edges from a root to the deepest leaf, at most forest_depth
  const std::uint64_t* subsets;
  const std::uint32_t* subset_words;  ///< of every feature, how many words a subset has
  const std::int64_t* leaf_values;
};

/// What is walked: for every feature the cells of forest_block samples, and of what they are blended with. Those past
/// the number of samples are cells as well, any.
struct ForestCells {
  const std::uint32_t* members;
  const std::uint32_t* strangers;
  std::ptrdiff_t samples;
  /// For every feature the bit of its player; features whose two cells always agree have any.
  const std::uint32_t* player_of;
  int players;
  bool are_strangers_alike = false;  ///< every sample has the same strangers
};

/// Bytes of scratch memory for walks down trees of at most that depth: (depth + 2) lists.
[[nodiscard]] constexpr std::size_t forest_scratch(std::size_t depth) {
  return (depth + 2) * static_cast<std::size_t>(forest_list) * sizeof(std::uint64_t);
}

/// Tables of a sample, of 2^players entries each.
inline constexpr std::ptrdiff_t forest_tables = 3;

/// Adds the trees' blended predictions of every sample to its tables. A reached leaf holds on the coalitions that
/// contain A and miss B. Whichever takes the fewest additions, its value is added to the first table at A ∪ T with the
/// sign (−1)^|T| for all T ⊆ B (unanimity games: what holds where a set is contained), to the second at B ∪ T for all
/// T ⊆ A (what holds where a set is missed), or to the third at A ∪ T for all T disjoint from A and B (the coalitions
/// themselves).
HYPEREGO_KERNEL(void add_coefficients(const ForestTrees& trees, const ForestCells& cells, std::byte* scratch,
                                      std::int64_t* tables))

/// Adds them to rows of one entry for every coalition of a list.
HYPEREGO_KERNEL(void add_listed(const ForestTrees& trees, const ForestCells& cells, std::byte* scratch,
                                const std::uint64_t* coalitions, std::ptrdiff_t count, std::int64_t* rows))

/// From the tables of a sample to the values of all coalitions, in the first one: table[S] ← Σ_{T ⊆ S} table[T] +
/// Σ_{T ∩ S = ∅} second table[T] + third table[S].
HYPEREGO_KERNEL(void sum_coefficients(std::int64_t* table, int players))

}  // namespace hyperego::detail
