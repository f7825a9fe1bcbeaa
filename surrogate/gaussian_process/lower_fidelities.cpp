// What a surrogate knows of lower fidelities.
#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <string>
#include <utility>

namespace hyperego {

ModelScale<GaussianProcess::AcrossFidelities> GaussianProcessSurrogate::across_fidelities(
    const Configuration& configuration, double distance) const {
  Eigen::VectorXd features(encoding_.number_of_features());
  encoding_.encode(configuration, features);
  GaussianProcess::AcrossFidelities result = process_.across_fidelities(features, distance);
  const double square = transform_.scale() * transform_.scale();
  result.full_mean = transform_.rescale(result.full_mean).on_model_scale();
  result.mean = transform_.rescale(result.mean).on_model_scale();
  result.full_variance *= square;
  result.variance *= square;
  result.covariance *= square;
  return ModelScale(result);
}

std::unique_ptr<Surrogate> GaussianProcessSurrogate::with_observations_at(std::span<const Configuration> configurations,
                                                                          const Eigen::VectorXd& targets,
                                                                          const Eigen::VectorXd& distances) const {
  if (static_cast<Eigen::Index>(configurations.size()) != targets.size()) {
    throw InvalidInput("targets", "has " + std::to_string(targets.size()) + " entries for " +
                                      std::to_string(configurations.size()) + " configurations");
  }
  if (configurations.empty()) return std::make_unique<GaussianProcessSurrogate>(*this);
  GaussianProcess process =
      process_.with_observations(encoding_.encode(configurations), transform_.standardise(targets), distances);
  return std::unique_ptr<Surrogate>(new GaussianProcessSurrogate(encoding_, transform_, std::move(process)));
}

std::unique_ptr<Surrogate> GaussianProcessSurrogate::with_fantasies_at(std::span<const Configuration> configurations,
                                                                       const Eigen::VectorXd& distances) const {
  Eigen::VectorXd believed(distances.size());
  for (Eigen::Index i = 0; i < believed.size(); ++i) {
    const auto at = across_fidelities(configurations[static_cast<std::size_t>(i)], distances[i]).on_model_scale();
    believed[i] = from_model(ModelScale(at.mean));
  }
  return with_observations_at(configurations, believed, distances);
}

}  // namespace hyperego
