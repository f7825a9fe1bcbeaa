#pragma once

#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/objective.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace hyperego {

/// The trade-offs that a user cares about: a range for the weight of every objective, of which the weight vectors on
/// the simplex within all of them are meant.
struct Preference {
  Eigen::VectorXd lowest;   ///< one per objective, in [0, 1]
  Eigen::VectorXd highest;  ///< likewise, not below `lowest`

  /// @throws InvalidInput where sizes differ, a range is empty, or no weight vector lies within all ranges.
  void validate() const;
};

/// {"objective": [lowest weight, highest weight], …}; objectives that are not named may have any weight.
/// @throws InvalidInput naming the member, with the reason, also where no weight vector is left.
[[nodiscard]] Preference read_preference(const JsonReader& reader, const std::vector<Objective>& objectives);

/// The `index`-th weight vector of a stratified sequence within the ranges of a valid `preference`: non-negative, sum
/// 1. The directions between the two ends evenly for two objectives, as stratified_weights(); for more one weight after
/// the other by its conditional distribution, uniform on the simplex but for the ranges' upper ends. O(m).
[[nodiscard]] Eigen::VectorXd preferred_weights(const Preference& preference, std::uint64_t index, std::uint64_t seed);

}  // namespace hyperego
