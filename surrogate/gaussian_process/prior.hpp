#pragma once

#include <hyperego/surrogate/gaussian_process/gaussian_process_parameters.hpp>

#include <Eigen/Core>

#include <optional>

namespace hyperego {

/// A log-normal belief about a positive parameter, used as the normal density of its logarithm. The mode in log space
/// is `location`; the density of the parameter itself would add −log x and pull every scale down by scale².
struct LogNormalPrior {
  double location = 0;
  double scale = 1;

  /// log of the normal density at `log_value`, and its derivative.
  [[nodiscard]] double log_density(double log_value) const;
  [[nodiscard]] double derivative(double log_value) const;
};

/// What is believed of the parameters of a Gaussian process on features in [0, 1] and standardised targets.
struct GaussianProcessPriors {
  LogNormalPrior signal_variance{.location = 0.0, .scale = 1.0};
  /// A median of 3e-4 and two decades either way at one to two standard deviations: nearly noise-free unless data
  /// insist.
  LogNormalPrior noise_variance{.location = -8.0, .scale = 2.5};
  /// Unset: LogNormal(√2 + ½ ln p, √3) for p features (Hvarfner, Hellsten & Nardi, ICML 2024, eq. 5), under which the
  /// complexity of the assumed function stays the same in any dimension.
  std::optional<LogNormalPrior> length_scale = std::nullopt;

  /// Of the fidelity kernel. The median says that half of the range tells most of the full fidelity; nothing is told
  /// from ℓ_F ≈ 0.2 on, which is no more than two deviations away.
  LogNormalPrior fidelity_length_scale{.location = -0.35, .scale = 1.0};
  LogNormalPrior fidelity_drift{.location = -1.2, .scale = 1.5};

  [[nodiscard]] LogNormalPrior length_scale_prior(Eigen::Index features) const;

  /// Sum of the log densities of all parameters; adds its gradient in the order of
  /// GaussianProcessParameters::as_vector() to `gradient` where given.
  double log_density(const GaussianProcessParameters& parameters, Eigen::VectorXd* gradient = nullptr) const;

  /// @throws InvalidInput naming the prior whose scale is not positive.
  void validate() const;
};

}  // namespace hyperego
