#pragma once

#include <hyperego/core/search_space.hpp>

#include <cstdint>
#include <optional>

namespace hyperego {

/// Configurations of a finite space.
struct LegalCount {
  std::uint64_t legal = 0;
  std::uint64_t all = 0;  ///< with the forbidden ones; inactive hyperparameters make no difference
};

/// Counts them one by one. Nothing where a float can be active, or there are more than `most`, or counting them is too
/// long (10⁸ comparisons, below a second). O(d) memory.
[[nodiscard]] std::optional<LegalCount> count_legal(const SearchSpace& space, std::uint64_t most = 1000000);

}  // namespace hyperego
