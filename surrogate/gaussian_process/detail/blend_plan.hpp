#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/core/search_space.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hyperego::detail {

/// The players of one half of a game and the sub-coalitions of them that a list of coalitions needs, as a tree of
/// prefixes.
///
/// Players are in topological order, so the source of the k-th one's value is decided by the members among the first k
/// + 1.
struct HalfPlan {
  /// The distinct prefixes of length k + 1: `parent` is an index into the level before (0 where k = 0), `leaf` some
  /// leaf below.
  struct Level {
    std::vector<std::uint32_t> parent;
    std::vector<std::uint8_t> contains;  ///< whether the k-th player is a member
    std::vector<std::uint32_t> leaf;
  };

  std::vector<int> players;
  std::vector<Level> levels;      ///< one for every player
  std::vector<Coalition> leaves;  ///< the distinct sub-coalitions
  bool independent = true;        ///< no two players share a condition component
};

/// A list of coalitions as pairs of sub-coalitions of two halves. Halves consist of whole condition components, so that
/// the sources in one half do not depend on the members in the other.
struct BlendPlan {
  std::array<HalfPlan, 2> halves;
  std::array<std::vector<std::uint32_t>, 2> leaf_of;  ///< for each coalition its leaf in either half

  BlendPlan(const SearchSpace& space, std::span<const Coalition> coalitions);
};

}  // namespace hyperego::detail
