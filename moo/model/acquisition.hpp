#pragma once

#include <hyperego/core/configuration.hpp>

#include <Eigen/Core>

#include <span>

namespace hyperego {

/// How much is gained by evaluating a configuration next; larger is better. Const calls are thread-safe.
class AcquisitionFunction {
 public:
  virtual ~AcquisitionFunction() = default;

  /// One finite value per configuration, in order.
  [[nodiscard]] virtual Eigen::VectorXd values(std::span<const Configuration> configurations) const = 0;

  /// Whether value_and_gradient() is there and worth following.
  [[nodiscard]] virtual bool has_gradient() const { return true; }
  /// The value where the set floats and integers of `configuration` are moved to the unit coordinates `unit` (length d;
  /// integers are relaxed to reals), and its derivatives with respect to those coordinates (length d, 0 elsewhere).
  [[nodiscard]] virtual double value_and_gradient(const Configuration& configuration, const Eigen::VectorXd& unit,
                                                  Eigen::Ref<Eigen::VectorXd> gradient) const = 0;
};

}  // namespace hyperego
