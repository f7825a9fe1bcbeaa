#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/core/slice.hpp>

#include <cstdint>
#include <optional>

namespace hyperego {

/// Number of points of the slice's grid, the product of the cardinalities of its free hyperparameters; infinity where
/// one of them is a float. O(d).
[[nodiscard]] double grid_size(const Slice& slice);

/// The configuration at one point, in [0, grid_size()), of a finite grid. Points that differ in inactive
/// hyperparameters alone give the same one. May be forbidden. O(d).
[[nodiscard]] Configuration grid_point(const Slice& slice, std::uint64_t point);

/// Different configurations of a finite space.
struct ConfigurationCount {
  std::uint64_t all = 0;
  std::uint64_t legal = 0;  ///< that no forbidden clause excludes
};

/// Nothing where the grid has more than `most` points. O(grid size × d) time and memory.
[[nodiscard]] std::optional<ConfigurationCount> count_configurations(const SearchSpace& space,
                                                                     std::uint64_t most = 200'000);

}  // namespace hyperego
