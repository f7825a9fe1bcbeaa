#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/gaussian_process/detail/cholesky.hpp>
#include <hyperego/surrogate/gaussian_process/detail/likelihood.hpp>

#include <boost/math/constants/constants.hpp>

#include <cmath>

namespace hyperego::detail {

double log_density_of_targets(const Eigen::MatrixXd& factor, const Eigen::VectorXd& targets,
                              const Eigen::VectorXd& alpha) {
  const double half_log_determinant = factor.diagonal().array().log().sum();
  return -0.5 * targets.dot(alpha) - half_log_determinant -
         0.5 * static_cast<double>(targets.size()) * std::log(boost::math::constants::two_pi<double>());
}

double Likelihood::operator()(const GaussianProcessParameters& parameters, Eigen::VectorXd* gradient) {
  const Eigen::Index n = targets_.size();
  const Eigen::Index p = features_.rows();
  const Kernel kernel(kinds_, form_, parameters.log_signal_variance, parameters.log_length_scales);
  const double noise = std::exp(parameters.log_noise_variance);
  const Kernel::Points points = kernel.points(features_);
  covariance_.resize(n, n);
  kernel.lower_covariance(points, covariance_);
  const bool has_fidelity = distances_.size() > 0;
  if (has_fidelity && !parameters.fidelity) throw InvalidInput("parameters", "lack those of the fidelity");
  if (has_fidelity) FidelityKernel(*parameters.fidelity).multiply_lower(distances_, covariance_);
  factorize_with_jitter(covariance_, noise, factor_);
  Eigen::VectorXd alpha = targets_;
  solve_in_place(factor_, alpha);
  const double value = log_density_of_targets(factor_, targets_, alpha);
  if (gradient == nullptr) return value;

  gradient->resize(p + (parameters.fidelity ? 4 : 2));
  invert_in_place(factor_);
  (*gradient)[p + 1] = 0.5 * noise * (alpha.squaredNorm() - factor_.diagonal().sum());
  gradient_weights_in_place(factor_, covariance_, alpha);
  double off_diagonal = 0;
  for (Eigen::Index j = 0; j < n; ++j) off_diagonal += factor_.col(j).tail(n - j - 1).sum();
  (*gradient)[0] = off_diagonal + 0.5 * factor_.diagonal().sum();
  gradient->segment(1, p) = kernel.contract_length_scale_gradient(points, factor_);
  if (parameters.fidelity) gradient->tail(2).setZero();
  if (has_fidelity) {
    const auto [by_length, by_drift] = FidelityKernel(*parameters.fidelity).contract_gradient(distances_, factor_);
    gradient->tail(2) << by_length, by_drift;
  }
  return value;
}

}  // namespace hyperego::detail
