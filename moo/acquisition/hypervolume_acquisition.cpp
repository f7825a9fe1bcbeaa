#include <hyperego/moo/acquisition/hypervolume_acquisition.hpp>
#include <hyperego/moo/model/scalarized_model.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {
namespace {

/// Zero up to rounding at a noise-free observation.
double positive_deviation(double variance) { return std::sqrt(std::max(variance, 1e-24)); }

}  // namespace

HypervolumeAcquisition::HypervolumeAcquisition(std::vector<std::shared_ptr<const Surrogate>> surrogates,
                                               ExpectedHypervolumeImprovement improvement)
    : surrogates_(std::move(surrogates)), improvement_(std::move(improvement)) {}

bool HypervolumeAcquisition::has_gradient() const {
  return std::all_of(surrogates_.begin(), surrogates_.end(), [](const auto& s) { return s->has_gradient(); });
}

Eigen::VectorXd HypervolumeAcquisition::values(std::span<const Configuration> configurations) const {
  std::vector<Prediction> posteriors;
  for (const auto& surrogate : surrogates_) {
    posteriors.push_back(surrogate->posterior(configurations).on_model_scale());
  }
  const auto m = static_cast<Eigen::Index>(surrogates_.size());
  Eigen::VectorXd mean(m);
  Eigen::VectorXd deviation(m);
  Eigen::VectorXd result(static_cast<Eigen::Index>(configurations.size()));
  for (Eigen::Index i = 0; i < result.size(); ++i) {
    for (Eigen::Index j = 0; j < m; ++j) {
      const Prediction& posterior = posteriors[static_cast<std::size_t>(j)];
      mean[j] = posterior.mean[i];
      deviation[j] = positive_deviation(posterior.variance[i]);
    }
    result[i] = improvement_.log_value(mean, deviation, false).value;
  }
  return result;
}

double HypervolumeAcquisition::value_and_gradient(const Configuration& configuration, const Eigen::VectorXd& unit,
                                                  Eigen::Ref<Eigen::VectorXd> gradient) const {
  const Configuration place = relaxed(*surrogates_.front()->shared_space(), configuration, unit);
  const auto m = static_cast<Eigen::Index>(surrogates_.size());
  Eigen::VectorXd mean(m);
  Eigen::VectorXd deviation(m);
  std::vector<PredictionWithGradient> predictions;
  for (Eigen::Index j = 0; j < m; ++j) {
    predictions.push_back(surrogates_[static_cast<std::size_t>(j)]->posterior_with_gradient(place).on_model_scale());
    mean[j] = predictions.back().mean;
    deviation[j] = positive_deviation(predictions.back().variance);
  }
  const ExpectedHypervolumeImprovement::Value improvement = improvement_.log_value(mean, deviation, true);
  gradient.setZero();
  for (Eigen::Index j = 0; j < m; ++j) {
    const PredictionWithGradient& at = predictions[static_cast<std::size_t>(j)];
    // dσ = dσ² / (2σ)
    gradient += improvement.d_mean[j] * at.mean_gradient +
                improvement.d_deviation[j] / (2 * deviation[j]) * at.variance_gradient;
  }
  return improvement.value;
}

}  // namespace hyperego
