#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hyperego {

/// One input of a forest.
struct ForestFeature {
  std::size_t categories = 0;  ///< choices 0 … categories − 1 without an order; 0: a number ≥ 0
};

/// Stands in a feature vector for "has no value"; a mark that is asked for, never arithmetic.
inline constexpr double missing_feature = -1;

struct RandomForestOptions {
  int trees = 100;
  /// Draws that a node needs to be split, and that each side of a split keeps.
  int least_to_split = 2;
  int least_in_leaf = 1;
  int most_depth = 64;
  /// Every tree sees n draws with replacement, else all observations once.
  bool bootstrap = true;
  /// Share of the features that a node considers; 1: all of them, so that trees differ by draws and thresholds alone.
  double share_of_features = 1;
  /// Targets are positive and modelled by their logarithms; a leaf predicts the logarithm of the mean target (as SMAC
  /// does for costs), not the mean of logarithms.
  bool log_targets = false;
  std::uint64_t seed = 0;

  /// @throws InvalidInput naming the field at fault.
  void validate() const;
  [[nodiscard]] nlohmann::ordered_json to_json() const;
};

}  // namespace hyperego
