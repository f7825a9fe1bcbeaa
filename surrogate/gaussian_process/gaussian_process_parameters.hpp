#pragma once

#include <hyperego/surrogate/gaussian_process/fidelity_kernel.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>

namespace hyperego {

/// The parameters of a Gaussian process, in the space in which they are fitted.
struct GaussianProcessParameters {
  double log_signal_variance = 0;
  Eigen::VectorXd log_length_scales;  ///< one for every feature
  double log_noise_variance = -8;
  std::optional<FidelityParameters> fidelity = std::nullopt;  ///< where observations have fidelities

  /// (log σ², log ℓ_1, …, log ℓ_p, log noise variance), and log ℓ_F, log a where there are fidelities.
  [[nodiscard]] Eigen::VectorXd as_vector() const;
  [[nodiscard]] static GaussianProcessParameters from_vector(const Eigen::Ref<const Eigen::VectorXd>& vector,
                                                             bool has_fidelity = false);

  /// {"log_signal_variance": …, "log_length_scales": […], "log_noise_variance": …}, and
  /// "fidelity": {"log_length_scale": …, "log_drift": …} where there are fidelities; doubles survive a round trip.
  [[nodiscard]] nlohmann::ordered_json to_json() const;
  /// @throws InvalidInput naming `where` for missing members or a wrong type.
  [[nodiscard]] static GaussianProcessParameters from_json(const nlohmann::ordered_json& json,
                                                           const std::string& where);
};

}  // namespace hyperego
