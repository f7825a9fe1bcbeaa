#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/gaussian_process/prior.hpp>

#include <boost/math/constants/constants.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace hyperego {
namespace {

void require_proper(const LogNormalPrior& prior, const std::string& where) {
  if (!std::isfinite(prior.location) || !std::isfinite(prior.scale) || prior.scale <= 0) {
    throw InvalidInput(where, "needs a finite location and a positive scale");
  }
}

}  // namespace

double LogNormalPrior::log_density(double log_value) const {
  const double z = (log_value - location) / scale;
  return -0.5 * z * z - std::log(scale) - 0.5 * std::log(boost::math::constants::two_pi<double>());
}

double LogNormalPrior::derivative(double log_value) const { return (location - log_value) / (scale * scale); }

LogNormalPrior GaussianProcessPriors::length_scale_prior(Eigen::Index features) const {
  if (length_scale) return *length_scale;
  const auto p = static_cast<double>(std::max<Eigen::Index>(features, 1));
  return {.location = std::sqrt(2.0) + 0.5 * std::log(p), .scale = std::sqrt(3.0)};
}

double GaussianProcessPriors::log_density(const GaussianProcessParameters& parameters,
                                          Eigen::VectorXd* gradient) const {
  const Eigen::Index p = parameters.log_length_scales.size();
  const LogNormalPrior length = length_scale_prior(p);
  double sum = signal_variance.log_density(parameters.log_signal_variance) +
               noise_variance.log_density(parameters.log_noise_variance);
  for (Eigen::Index l = 0; l < p; ++l) sum += length.log_density(parameters.log_length_scales[l]);
  if (gradient != nullptr) {
    (*gradient)[0] += signal_variance.derivative(parameters.log_signal_variance);
    for (Eigen::Index l = 0; l < p; ++l) (*gradient)[1 + l] += length.derivative(parameters.log_length_scales[l]);
    (*gradient)[p + 1] += noise_variance.derivative(parameters.log_noise_variance);
  }
  if (!parameters.fidelity) return sum;
  const FidelityParameters& fidelity = *parameters.fidelity;
  sum += fidelity_length_scale.log_density(fidelity.log_length_scale) + fidelity_drift.log_density(fidelity.log_drift);
  if (gradient != nullptr) {
    (*gradient)[p + 2] += fidelity_length_scale.derivative(fidelity.log_length_scale);
    (*gradient)[p + 3] += fidelity_drift.derivative(fidelity.log_drift);
  }
  return sum;
}

void GaussianProcessPriors::validate() const {
  require_proper(signal_variance, "priors.signal_variance");
  require_proper(noise_variance, "priors.noise_variance");
  require_proper(fidelity_length_scale, "priors.fidelity_length_scale");
  require_proper(fidelity_drift, "priors.fidelity_drift");
  if (length_scale) require_proper(*length_scale, "priors.length_scale");
}

}  // namespace hyperego
