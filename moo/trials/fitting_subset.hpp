#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/search_space.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <span>
#include <vector>

namespace hyperego {

/// Which `count` ≥ 2 of n observations a model's parameters are fitted to where all are too many: the half of lowest
/// targets, where the search will look, and then one after the other the one farthest from all chosen so far in unit
/// coordinates, so that the rest of the space has its say. Ascending; all of them where n ≤ count. O(n count d).
[[nodiscard]] std::vector<std::size_t> fitting_subset(const SearchSpace& space,
                                                      std::span<const Configuration> configurations,
                                                      const Eigen::VectorXd& targets, std::size_t count);

}  // namespace hyperego
