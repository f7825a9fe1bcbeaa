#pragma once

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <string>

namespace hyperego {

/// The parameters of a Gaussian process, in the space in which they are fitted.
struct GaussianProcessParameters {
  double log_signal_variance = 0;
  Eigen::VectorXd log_length_scales;  ///< one for every feature
  double log_noise_variance = -8;

  /// (log σ², log ℓ_1, …, log ℓ_p, log noise variance).
  [[nodiscard]] Eigen::VectorXd as_vector() const;
  [[nodiscard]] static GaussianProcessParameters from_vector(const Eigen::Ref<const Eigen::VectorXd>& vector);

  /// {"log_signal_variance": …, "log_length_scales": […], "log_noise_variance": …}; doubles survive a round trip.
  [[nodiscard]] nlohmann::ordered_json to_json() const;
  /// @throws InvalidInput naming `where` for missing members or a wrong type.
  [[nodiscard]] static GaussianProcessParameters from_json(const nlohmann::ordered_json& json,
                                                           const std::string& where);
};

}  // namespace hyperego
