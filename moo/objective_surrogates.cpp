#include <hyperego/moo/chebyshev_improvement.hpp>
#include <hyperego/moo/scalarized_model.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {
namespace {

double deviation_of(double variance) { return std::sqrt(std::max(variance, 1e-24)); }

/// Mean and variance of max_j Y_j for independent Y_j ~ N(a_j, b_j²), by the midpoint rule on its distribution function
/// between the points where that is 0 and 1 to six deviations.
std::pair<double, double> moments_of_maximum(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  constexpr int cells = 128;
  const double low = (a - 6 * b).maxCoeff();
  const double high = (a + 6 * b).maxCoeff();
  const double width = (high - low) / cells;
  double first = 0;   // ∫ F
  double second = 0;  // ∫ 2 (t − low) F
  for (int k = 0; k < cells; ++k) {
    const double offset = (k + 0.5) * width;
    double log_cdf = 0;
    for (Eigen::Index j = 0; j < a.size(); ++j) log_cdf += log_normal_cdf((low + offset - a[j]) / b[j]);
    const double cdf = std::exp(log_cdf) * width;
    first += cdf;
    second += 2 * offset * cdf;
  }
  const double range = high - low;
  const double mean = range - first;
  return {low + mean, std::max(0.0, range * range - second - mean * mean)};
}

class ChebyshevImprovementAcquisition final : public AcquisitionFunction {
 public:
  ChebyshevImprovementAcquisition(const ObjectiveSurrogates& model, const SearchSpace& space, double best)
      : model_(model), space_(space), best_(best) {
    for (std::size_t j = 0; j < model.number_of_objectives(); ++j) {
      if (model.scale(j) > 0) weighted_.push_back(j);
    }
  }

  Eigen::VectorXd values(std::span<const Configuration> configurations) const override {
    const auto m = static_cast<Eigen::Index>(weighted_.size());
    Eigen::MatrixXd mean(m, static_cast<Eigen::Index>(configurations.size()));
    Eigen::MatrixXd deviation(m, static_cast<Eigen::Index>(configurations.size()));
    for (Eigen::Index k = 0; k < m; ++k) {
      const std::size_t j = weighted_[static_cast<std::size_t>(k)];
      const Prediction posterior = model_.objective(j).posterior(configurations);
      mean.row(k) = (model_.scale(j) * (posterior.mean.array() - model_.ideal(j))).matrix().transpose();
      deviation.row(k) = model_.scale(j) * posterior.variance.unaryExpr(&deviation_of).transpose();
    }
    Eigen::VectorXd result(mean.cols());
    for (Eigen::Index i = 0; i < result.size(); ++i) {
      result[i] = log_chebyshev_improvement(mean.col(i), deviation.col(i), best_, model_.rho(), false).value;
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
      const std::size_t j = weighted_[static_cast<std::size_t>(k)];
      predictions.push_back(model_.objective(j).posterior_with_gradient(place));
      mean[k] = model_.scale(j) * (predictions.back().mean - model_.ideal(j));
      deviation[k] = model_.scale(j) * deviation_of(predictions.back().variance);
    }
    const ChebyshevImprovement improvement = log_chebyshev_improvement(mean, deviation, best_, model_.rho());
    gradient.setZero();
    for (Eigen::Index k = 0; k < m; ++k) {
      const double scale = model_.scale(weighted_[static_cast<std::size_t>(k)]);
      const PredictionWithGradient& at = predictions[static_cast<std::size_t>(k)];
      // dσ = dσ² / (2σ); the deviation here carries the scale once.
      gradient += improvement.d_mean[k] * scale * at.mean_gradient +
                  improvement.d_deviation[k] * scale * scale / (2 * deviation[k]) * at.variance_gradient;
    }
    return improvement.value;
  }

 private:
  const ObjectiveSurrogates& model_;
  const SearchSpace& space_;
  double best_;
  std::vector<std::size_t> weighted_;
};

}  // namespace

ObjectiveSurrogates::ObjectiveSurrogates(std::vector<std::shared_ptr<const Surrogate>> surrogates,
                                         const Eigen::VectorXd& weights, const Eigen::VectorXd& ideal,
                                         const Eigen::VectorXd& nadir, double rho)
    : surrogates_(std::move(surrogates)),
      means_({surrogates_.begin(), surrogates_.end()}, ChebyshevWeights(weights, ideal, nadir, rho)) {}

Prediction ObjectiveSurrogates::posterior(std::span<const Configuration> configurations) const {
  const auto n = static_cast<Eigen::Index>(configurations.size());
  std::vector<Eigen::VectorXd> means;
  std::vector<Eigen::VectorXd> deviations;
  for (std::size_t j = 0; j < surrogates_.size(); ++j) {
    if (scale(j) == 0) continue;
    const Prediction own = surrogates_[j]->posterior(configurations);
    means.emplace_back(scale(j) * (own.mean.array() - ideal(j)));
    deviations.emplace_back(scale(j) * own.variance.unaryExpr(&deviation_of));
  }
  Prediction result{Eigen::VectorXd(n), Eigen::VectorXd(n)};
  const auto m = static_cast<Eigen::Index>(means.size());
  for (Eigen::Index i = 0; i < n; ++i) {
    Eigen::VectorXd a(m);
    Eigen::VectorXd b(m);
    for (Eigen::Index k = 0; k < m; ++k) {
      a[k] = means[static_cast<std::size_t>(k)][i];
      b[k] = deviations[static_cast<std::size_t>(k)][i];
    }
    const auto [mean, variance] = moments_of_maximum(a, b);
    result.mean[i] = mean + rho() * a.sum();
    result.variance[i] = variance;
  }
  return result;
}

std::unique_ptr<AcquisitionFunction> ObjectiveSurrogates::expected_improvement(double best) const {
  return std::make_unique<ChebyshevImprovementAcquisition>(*this, *surrogates_.front()->shared_space(), best);
}

double ObjectiveSurrogates::leave_one_out_r2() const {
  double worst = 1;
  for (std::size_t j = 0; j < surrogates_.size(); ++j) {
    if (scale(j) > 0) worst = std::min(worst, surrogates_[j]->fit_quality().leave_one_out_r2);
  }
  return worst;
}

nlohmann::ordered_json ObjectiveSurrogates::to_json() const {
  nlohmann::ordered_json json;
  json["target"] = "objectives";
  for (const auto& surrogate : surrogates_) json["objectives"].push_back(surrogate->to_json());
  return json;
}

}  // namespace hyperego
