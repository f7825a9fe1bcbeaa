#include <hyperego/moo/chebyshev_improvement.hpp>
#include <hyperego/moo/scalarized_model.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

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

ObjectiveSurrogates::ObjectiveSurrogates(std::vector<std::unique_ptr<const Surrogate>> surrogates,
                                         const Eigen::VectorXd& weights, Eigen::VectorXd ideal,
                                         const Eigen::VectorXd& nadir, double rho)
    : surrogates_(std::move(surrogates)),
      scale_(weights.array() / (nadir - ideal).array()),
      ideal_(std::move(ideal)),
      rho_(rho) {
  const SearchSpace& space = *surrogates_.front()->shared_space();
  for (std::size_t i = 0; i < space.size(); ++i) representatives_.push_back(joined_representatives(i));
}

std::vector<double> ObjectiveSurrogates::joined_representatives(std::size_t hyperparameter) const {
  constexpr std::size_t most = 256;
  std::vector<double> codes;
  for (std::size_t j = 0; j < surrogates_.size(); ++j) {
    if (scale(j) == 0) continue;
    const std::span<const double> own = surrogates_[j]->representatives(hyperparameter);
    if (own.empty()) return {};
    codes.insert(codes.end(), own.begin(), own.end());
  }
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  if (codes.size() <= most) return codes;
  std::vector<double> some;
  for (std::size_t k = 0; k < most; ++k) some.push_back(codes[k * (codes.size() - 1) / (most - 1)]);
  return some;
}

void ObjectiveSurrogates::profile(const Configuration& configuration, std::size_t hyperparameter,
                                  std::span<const double> codes, Eigen::Ref<Eigen::VectorXd> values) const {
  Eigen::VectorXd own(values.size());
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(values.size());
  values.setConstant(-std::numeric_limits<double>::infinity());
  for (std::size_t j = 0; j < surrogates_.size(); ++j) {
    if (scale(j) == 0) continue;
    surrogates_[j]->profile(configuration, hyperparameter, codes, own);
    own = scale(j) * (own.array() - ideal(j));
    values = values.cwiseMax(own);
    sum += own;
  }
  values += rho_ * sum;
}

Eigen::VectorXd ObjectiveSurrogates::predict(std::span<const Configuration> configurations) const {
  const auto n = static_cast<Eigen::Index>(configurations.size());
  Eigen::VectorXd largest = Eigen::VectorXd::Constant(n, -std::numeric_limits<double>::infinity());
  Eigen::VectorXd sum = Eigen::VectorXd::Zero(n);
  for (std::size_t j = 0; j < surrogates_.size(); ++j) {
    const Eigen::VectorXd weighted = scale(j) * (surrogates_[j]->predict(configurations).array() - ideal(j));
    largest = largest.cwiseMax(weighted);
    sum += weighted;
  }
  return largest + rho_ * sum;
}

void ObjectiveSurrogates::predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                                         Eigen::Ref<Eigen::MatrixXd> predictions) const {
  Eigen::MatrixXd tile(predictions.rows(), predictions.cols());
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(predictions.rows(), predictions.cols());
  predictions.setConstant(-std::numeric_limits<double>::infinity());
  for (std::size_t j = 0; j < surrogates_.size(); ++j) {
    if (scale(j) == 0) continue;
    surrogates_[j]->predict_blends(blends, first, coalitions, tile);
    tile = scale(j) * (tile.array() - ideal(j));
    predictions = predictions.cwiseMax(tile);
    sum += tile;
  }
  predictions += rho_ * sum;
}

bool ObjectiveSurrogates::has_gradient() const {
  return std::all_of(surrogates_.begin(), surrogates_.end(), [](const auto& s) { return s->has_gradient(); });
}

double ObjectiveSurrogates::value_and_gradient(const Configuration& configuration,
                                               Eigen::Ref<Eigen::VectorXd> gradient) const {
  double largest = -std::numeric_limits<double>::infinity();
  double sum = 0;
  Eigen::VectorXd steepest = Eigen::VectorXd::Zero(gradient.size());
  Eigen::VectorXd total = Eigen::VectorXd::Zero(gradient.size());
  Eigen::VectorXd own(gradient.size());
  for (std::size_t j = 0; j < surrogates_.size(); ++j) {
    if (scale(j) == 0) continue;
    const double weighted = scale(j) * (surrogates_[j]->value_and_gradient(configuration, own) - ideal(j));
    sum += weighted;
    total += scale(j) * own;
    if (weighted > largest) {
      largest = weighted;
      steepest = scale(j) * own;
    }
  }
  gradient = steepest + rho_ * total;
  return largest + rho_ * sum;
}

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
    result.mean[i] = mean + rho_ * a.sum();
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
