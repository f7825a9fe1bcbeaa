#include <hyperego/moo/model/expected_improvement.hpp>
#include <hyperego/moo/model/expected_improvement_acquisition.hpp>
#include <hyperego/moo/model/scalarized_model.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {
namespace {

/// At a noise-free observation the posterior variance is zero up to rounding; the improvement there is nothing, not
/// undefined.
double deviation(double variance) { return std::sqrt(std::max(variance, 1e-24)); }

}  // namespace

Eigen::VectorXd ExpectedImprovementAcquisition::values(std::span<const Configuration> configurations) const {
  const Prediction posterior = model_.posterior(configurations).on_model_scale();
  const double best = best_.on_model_scale();
  Eigen::VectorXd result(posterior.mean.size());
  for (Eigen::Index i = 0; i < result.size(); ++i) {
    result[i] = log_expected_improvement(posterior.mean[i], deviation(posterior.variance[i]), best).value;
  }
  return result;
}

double ExpectedImprovementAcquisition::value_and_gradient(const Configuration& configuration,
                                                          const Eigen::VectorXd& unit,
                                                          Eigen::Ref<Eigen::VectorXd> gradient) const {
  const PredictionWithGradient at =
      model_.posterior_with_gradient(relaxed(*model_.shared_space(), configuration, unit)).on_model_scale();
  const double sd = deviation(at.variance);
  const LogExpectedImprovement improvement = log_expected_improvement(at.mean, sd, best_.on_model_scale());
  gradient = improvement.d_mean * at.mean_gradient + improvement.d_deviation / (2 * sd) * at.variance_gradient;
  return improvement.value;
}

}  // namespace hyperego
