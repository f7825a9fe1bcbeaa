#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/search_space.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hyperego::detail {

/// Two players whose values went together in the trials.
struct Dependence {
  std::size_t first = 0;  ///< players: positions in space.searched()
  std::size_t second = 0;
  double association = 0;  ///< in [0, 1]: |Spearman's ρ|, Cramér's V, or the correlation ratio of ranks and choices
};

/// Pairs of players whose values went together so closely that their shares cannot be told apart: association above .8
/// and far above what independent values show (4.5 standard deviations). Strongest first. O(d² n + d n log n).
[[nodiscard]] std::vector<Dependence> dependent_players(const SearchSpace& space,
                                                        std::span<const Configuration> trials);

/// Sentences on where the trials are: hyperparameters whose values crowd together, as those of an optimizer do, and
/// hyperparameters of `baseline` that no trial is near. Independent uniform trials are given such a sentence in at most
/// two tables of a hundred. O(d n log n).
[[nodiscard]] std::vector<std::string> support_notes(const SearchSpace& space, std::span<const Configuration> trials,
                                                     const Configuration& baseline);

/// "a, b and c".
[[nodiscard]] std::string name_list(const std::vector<std::string>& names);

/// The hyperparameters in which `configuration` has a value that no trial is near. O(d n).
[[nodiscard]] std::vector<std::string> lonely_values(const SearchSpace& space, std::span<const Configuration> trials,
                                                     const Configuration& configuration);

/// A sentence where at most a tenth of the values of an objective lie apart from all others by more than three times
/// their range, which then decide what a model sees; empty where none do. O(n log n).
[[nodiscard]] std::string outlier_note(std::span<const double> values);

}  // namespace hyperego::detail
