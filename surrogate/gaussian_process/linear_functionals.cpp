#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/gaussian_process/linear_functionals.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace hyperego {

LinearFunctionals::LinearFunctionals(const std::shared_ptr<const GaussianProcessSurrogate>& model,
                                     std::span<const Configuration> places, Eigen::MatrixXd weights)
    : encoding_(model->encoding()),
      process_(model, &model->process()),
      places_(process_->kernel().points(encoding_.encode(places))),
      weights_(std::move(weights)) {
  if (weights_.cols() != places_.count()) {
    throw InvalidInput("weights", "has " + std::to_string(weights_.cols()) + " columns for " +
                                      std::to_string(places_.count()) + " places; give one for each");
  }
  condition();
  // tr W K(Z, Z | X) Wᵀ
  const Eigen::MatrixXd before = weights_ * process_->kernel().covariance(places_, places_);
  const Eigen::MatrixXd known = solved_ * process_->covariance_with_data(places_);
  variance_ = std::max(0.0, (before - known).cwiseProduct(weights_).sum());
}

void LinearFunctionals::condition() {
  const Eigen::MatrixXd right = process_->covariance_with_data(places_) * weights_.transpose();
  solved_.resize(weights_.rows(), process_->number_of_points());
  for (Eigen::Index v = 0; v < weights_.rows(); ++v) solved_.row(v) = process_->solve(right.col(v)).transpose();
}

Eigen::MatrixXd LinearFunctionals::covariance(const Eigen::MatrixXd& features) const {
  const Kernel& kernel = process_->kernel();
  const Kernel::Points at = kernel.points(features);
  return weights_ * kernel.covariance(places_, at) - solved_ * process_->covariance_with_data(at);
}

Eigen::VectorXd LinearFunctionals::reductions(std::span<const Configuration> configurations) const {
  const Eigen::MatrixXd features = encoding_.encode(configurations);
  const Eigen::ArrayXd observed = process_->posterior(features).variance.array() + process_->diagonal_variance();
  return covariance(features).colwise().squaredNorm().transpose().array() / observed;
}

LinearFunctionals LinearFunctionals::with_observation(const Configuration& configuration) const {
  LinearFunctionals result = *this;
  const Eigen::MatrixXd features = encoding_.encode(std::span(&configuration, 1));
  result.variance_ = std::max(0.0, variance_ - reductions(std::span(&configuration, 1))[0]);
  result.process_ = std::make_shared<const GaussianProcess>(
      process_->with_observations(features, process_->posterior_mean(features)));
  result.condition();
  return result;
}

}  // namespace hyperego
