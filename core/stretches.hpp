#pragma once

#include <hyperego/core/configuration.hpp>

#include <cstddef>
#include <vector>

namespace hyperego {

/// Stretches of one hyperparameter's domain in which nothing changes.
struct Stretches {
  std::vector<double> codes;   ///< ascending, one in every stretch
  std::vector<double> values;  ///< predictions there
};

/// What a BlendPredictor that is constant between thresholds may be as well: along one line far fewer thresholds count
/// than along all of them (BlendPredictor::representatives).
class FlatInStretches {
 public:
  virtual ~FlatInStretches() = default;
  /// Of hyperparameter i, set in `configuration`, with everything else as it is there. Of the representatives in a
  /// stretch its code is the first. Neighbouring stretches may have the same value.
  [[nodiscard]] virtual Stretches stretches(const Configuration& configuration, std::size_t hyperparameter) const = 0;
};

}  // namespace hyperego
