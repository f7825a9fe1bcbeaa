#include <hyperego/moo/model/chebyshev_improvement.hpp>
#include <hyperego/moo/model/importance.hpp>
#include <hyperego/moo/model/scalarized_model.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hyperego {
namespace {

double deviation_of(double variance) { return std::sqrt(std::max(variance, 1e-24)); }

/// Mean and variance of max_j t_j for independent terms whose model scale is N(a_j, b_j²), by the midpoint rule on its
/// distribution function between the points where that is 0 and 1 to six deviations.
std::pair<double, double> moments_of_maximum(std::span<const WeightedObjective> objectives, const Eigen::VectorXd& a,
                                             const Eigen::VectorXd& b) {
  constexpr int cells = 128;
  double low = -std::numeric_limits<double>::infinity();
  double high = low;
  for (std::size_t j = 0; j < objectives.size(); ++j) {
    const auto k = static_cast<Eigen::Index>(j);
    low = std::max(low, objectives[j].from_model(a[k] - 6 * b[k]));
    high = std::max(high, objectives[j].from_model(a[k] + 6 * b[k]));
  }
  const double width = (high - low) / cells;
  double first = 0;   // ∫ F
  double second = 0;  // ∫ 2 (t − low) F
  for (int c = 0; c < cells; ++c) {
    const double offset = (c + 0.5) * width;
    double log_cdf = 0;
    for (std::size_t j = 0; j < objectives.size(); ++j) {
      const auto k = static_cast<Eigen::Index>(j);
      log_cdf += log_normal_cdf((objectives[j].to_model(low + offset) - a[k]) / b[k]);
    }
    const double cdf = std::exp(log_cdf) * width;
    first += cdf;
    second += 2 * offset * cdf;
  }
  const double range = high - low;
  const double mean = range - first;
  return {low + mean, std::max(0.0, range * range - second - mean * mean)};
}

/// Posteriors of the weighted objectives at several configurations, each on its model scale.
class PosteriorsOfTerms {
 public:
  PosteriorsOfTerms(const ObjectiveSurrogates& model, std::span<const Configuration> configurations) {
    for (const std::size_t j : model.weighted()) {
      posteriors_.push_back(model.objective(j).posterior(configurations).on_model_scale());
    }
  }

  /// Means and deviations of all terms at configuration i.
  [[nodiscard]] std::pair<Eigen::VectorXd, Eigen::VectorXd> at(Eigen::Index i) const {
    const auto m = static_cast<Eigen::Index>(posteriors_.size());
    std::pair<Eigen::VectorXd, Eigen::VectorXd> result{Eigen::VectorXd(m), Eigen::VectorXd(m)};
    for (Eigen::Index k = 0; k < m; ++k) {
      const Prediction& posterior = posteriors_[static_cast<std::size_t>(k)];
      result.first[k] = posterior.mean[i];
      result.second[k] = deviation_of(posterior.variance[i]);
    }
    return result;
  }

 private:
  std::vector<Prediction> posteriors_;
};

class ChebyshevImprovementAcquisition final : public AcquisitionFunction {
 public:
  ChebyshevImprovementAcquisition(const ObjectiveSurrogates& model, const SearchSpace& space, double best)
      : model_(model), space_(space), best_(best), weighted_(model.weighted()), terms_(model.terms()) {}

  Eigen::VectorXd values(std::span<const Configuration> configurations) const override {
    const PosteriorsOfTerms posteriors(model_, configurations);
    Eigen::VectorXd result(static_cast<Eigen::Index>(configurations.size()));
    for (Eigen::Index i = 0; i < result.size(); ++i) {
      const auto [mean, deviation] = posteriors.at(i);
      result[i] = log_chebyshev_improvement(terms_, mean, deviation, best_, model_.rho(), false).value;
    }
    return result;
  }

  bool has_gradient() const override { return model_.has_gradient(); }

  double value_and_gradient(const Configuration& configuration, const Eigen::VectorXd& unit,
                            Eigen::Ref<Eigen::VectorXd> gradient) const override {
    const Configuration place = relaxed(space_, configuration, unit);
    const auto m = static_cast<Eigen::Index>(weighted_.size());
    Eigen::VectorXd mean(m);
    Eigen::VectorXd deviation(m);
    std::vector<PredictionWithGradient> predictions;
    for (Eigen::Index k = 0; k < m; ++k) {
      predictions.push_back(objective(k).posterior_with_gradient(place).on_model_scale());
      mean[k] = predictions.back().mean;
      deviation[k] = deviation_of(predictions.back().variance);
    }
    const ChebyshevImprovement improvement = log_chebyshev_improvement(terms_, mean, deviation, best_, model_.rho());
    gradient.setZero();
    for (Eigen::Index k = 0; k < m; ++k) {
      const PredictionWithGradient& at = predictions[static_cast<std::size_t>(k)];
      // dσ = dσ² / (2σ)
      gradient += improvement.d_mean[k] * at.mean_gradient +
                  improvement.d_deviation[k] / (2 * deviation[k]) * at.variance_gradient;
    }
    return improvement.value;
  }

 private:
  [[nodiscard]] const Surrogate& objective(Eigen::Index k) const {
    return model_.objective(weighted_[static_cast<std::size_t>(k)]);
  }

  const ObjectiveSurrogates& model_;
  const SearchSpace& space_;
  double best_;
  const std::vector<std::size_t>& weighted_;
  const std::vector<WeightedObjective>& terms_;
};

}  // namespace

ObjectiveSurrogates::ObjectiveSurrogates(std::vector<std::shared_ptr<const Surrogate>> surrogates,
                                         const Eigen::VectorXd& weights, const Eigen::VectorXd& ideal,
                                         const Eigen::VectorXd& nadir, double rho)
    : surrogates_(std::move(surrogates)),
      means_({surrogates_.begin(), surrogates_.end()}, ChebyshevWeights(weights, ideal, nadir, rho)) {
  for (std::size_t j = 0; j < surrogates_.size(); ++j) {
    const double scale = means_.weights().scale[static_cast<Eigen::Index>(j)];
    if (scale == 0) continue;
    weighted_.push_back(j);
    terms_.push_back({surrogates_[j]->transform(), scale, ideal[static_cast<Eigen::Index>(j)]});
  }
}

Prediction ObjectiveSurrogates::posterior(std::span<const Configuration> configurations) const {
  const auto n = static_cast<Eigen::Index>(configurations.size());
  const PosteriorsOfTerms posteriors(*this, configurations);
  Prediction result{Eigen::VectorXd(n), Eigen::VectorXd(n)};
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto [mean, deviation] = posteriors.at(i);
    const auto [largest, variance] = moments_of_maximum(terms_, mean, deviation);
    double sum = 0;
    for (Eigen::Index k = 0; k < mean.size(); ++k) sum += terms_[static_cast<std::size_t>(k)].from_model(mean[k]);
    result.mean[i] = largest + rho() * sum;
    result.variance[i] = variance;
  }
  return result;
}

/// The scalarisation is modelled on its own scale.
ModelScale<double> ObjectiveSurrogates::deviation(const Configuration& configuration) const {
  return ModelScale(std::sqrt(posterior(std::span(&configuration, 1)).variance[0]));
}

std::unique_ptr<AcquisitionFunction> ObjectiveSurrogates::expected_improvement(double best) const {
  return std::make_unique<ChebyshevImprovementAcquisition>(*this, *surrogates_.front()->shared_space(), best);
}

double ObjectiveSurrogates::leave_one_out_r2() const {
  double worst = 1;
  for (const std::size_t j : weighted_) worst = std::min(worst, surrogates_[j]->fit_quality().leave_one_out_r2);
  return worst;
}

Eigen::VectorXd ObjectiveSurrogates::importance() const {
  std::vector<std::pair<double, const Surrogate*>> terms;
  for (std::size_t k = 0; k < weighted_.size(); ++k)
    terms.emplace_back(terms_[k].scale, surrogates_[weighted_[k]].get());
  return importance_of(terms);
}

nlohmann::ordered_json ObjectiveSurrogates::to_json() const {
  nlohmann::ordered_json json;
  json["target"] = "objectives";
  for (const auto& surrogate : surrogates_) json["objectives"].push_back(surrogate->to_json());
  return json;
}

}  // namespace hyperego
