#pragma once

#include <cstddef>
#include <vector>

namespace hyperego::detail {

// The condition graph, given by the parents of every hyperparameter.

/// Parents before children, the smallest index among those that are ready; leaves out the members of cycles and what
/// hangs below them. O((d + edges) log d).
[[nodiscard]] std::vector<std::size_t> topological_order(const std::vector<std::vector<std::size_t>>& parents);

/// Members of one cycle, each followed by one of its parents, the last one's parent being the first. Needs a cycle.
[[nodiscard]] std::vector<std::size_t> find_cycle(const std::vector<std::vector<std::size_t>>& parents);

/// The number of the connected component of every hyperparameter, numbered in the order of their first members.
[[nodiscard]] std::vector<std::size_t> connected_components(const std::vector<std::vector<std::size_t>>& parents);

}  // namespace hyperego::detail
