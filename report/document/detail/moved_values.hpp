#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/search_space.hpp>

#include <cstddef>
#include <utility>
#include <vector>

namespace hyperego::detail {

/// Codes of a hyperparameter across its domain, evenly in unit coordinates: at most `most` of a number, all of a few
/// values.
[[nodiscard]] std::vector<double> grid_of(const Hyperparameter& hyperparameter, std::size_t most);

/// `configuration` with some hyperparameters (by place) set, whatever that makes active taking its default.
[[nodiscard]] Configuration with_values(const SearchSpace& space, const Configuration& configuration,
                                        const std::vector<std::pair<std::size_t, double>>& set);

}  // namespace hyperego::detail
