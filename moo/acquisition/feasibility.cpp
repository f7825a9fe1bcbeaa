#include <hyperego/moo/acquisition/feasibility.hpp>
#include <hyperego/moo/model/chebyshev_improvement.hpp>
#include <hyperego/moo/model/scalarized_model.hpp>
#include <hyperego/moo/trials/fitting_subset.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace hyperego {
namespace {

constexpr double unbounded = std::numeric_limits<double>::infinity();
/// Beyond it a probability is of no use even as a logarithm.
constexpr double most_deviations = 1e6;

double log_density(double z) { return -0.5 * z * z - 0.5 * std::log(2 * std::numbers::pi); }

/// log(Φ(b) − Φ(a)) for a < b with a + b ≤ 0, so that nothing is lost to values near 1.
double log_difference(double a, double b) {
  const double top = log_normal_cdf(b);
  if (a == -unbounded) return top;
  const double ratio = log_normal_cdf(a) - top;  // ≤ 0
  // Where both meet to the last digit, the density times the width is what is left.
  if (ratio > -1e-12) return log_density(b) + std::log(std::max(b - a, 1e-300));
  return top + std::log(-std::expm1(ratio));
}

/// Of the process on labels. They are not fitted: a step is no draw of a smooth process, and the likelihood of a dozen
/// labels takes it for noise, or for a function that changes from place to place, so that every place that was not
/// tried looks half feasible.
GaussianProcessParameters label_parameters(Eigen::Index features, double length_scale) {
  GaussianProcessParameters parameters;
  parameters.log_length_scales =
      Eigen::VectorXd::Constant(features, std::log(length_scale * std::sqrt(static_cast<double>(features))));
  parameters.log_noise_variance = std::log(0.01);
  return parameters;
}

}  // namespace

LogInterval log_normal_interval(double lower, double upper) {
  LogInterval result;
  const bool flips = lower + upper > 0;  // false for (−∞, ∞), which is no interval to speak of
  result.value = lower == -unbounded && upper == unbounded ? 0
                 : flips                                   ? log_difference(-upper, -lower)
                                                           : log_difference(lower, upper);
  if (std::isfinite(lower)) result.d_lower = -std::exp(log_density(lower) - result.value);
  if (std::isfinite(upper)) result.d_upper = std::exp(log_density(upper) - result.value);
  return result;
}

std::unique_ptr<const FeasibilityModel> FeasibilityModel::fit(const std::shared_ptr<const SearchSpace>& space,
                                                              const std::vector<Constraint>& constraints,
                                                              const TrialHistory& history,
                                                              const GaussianProcessSurrogateOptions& options,
                                                              Fits& fits, std::size_t most_fitted,
                                                              double label_length_scale) {
  std::vector<Part> parts;
  const auto add_part = [&](GaussianProcessSurrogate process, double lower, double upper) {
    const ModelScale<double> from = process.to_model(lower);
    const ModelScale<double> to = process.to_model(upper);
    parts.push_back({std::move(process), from, to});
  };
  const auto add = [&](const std::string& key, const std::vector<Configuration>& configurations,
                       const Eigen::VectorXd& targets, double lower, double upper) {
    GaussianProcessSurrogateOptions plain = options;
    plain.transform = TargetTransform::Kind::none;
    const auto last = fits.find(key);
    const bool current = last != fits.end() && last->second.observations == configurations.size();
    const auto start = last != fits.end() ? std::optional(last->second.parameters) : std::nullopt;
    const auto fitted = [&] {
      if (current) return GaussianProcessSurrogate::condition(space, configurations, targets, *start, plain);
      if (configurations.size() <= most_fitted) {
        return GaussianProcessSurrogate::fit(space, configurations, targets, plain, start);
      }
      const Eigen::VectorXd from_bounds = (targets.array() - lower).abs().min((targets.array() - upper).abs()).matrix();
      return GaussianProcessSurrogate::fit_to_subset(space, configurations, targets,
                                                     fitting_subset(*space, configurations, from_bounds, most_fitted),
                                                     plain, start);
    };
    auto process = fitted();
    fits[key] = {configurations.size(), process.parameters()};
    add_part(std::move(process), lower, upper);
  };

  const Eigen::MatrixXd measured = history.constraint_values();
  if (measured.rows() >= 2) {
    for (std::size_t i = 0; i < constraints.size(); ++i) {
      add("constraint " + constraints[i].name, history.constrained(), measured.col(static_cast<Eigen::Index>(i)),
          constraints[i].lower, constraints[i].upper);
    }
  }
  if (!history.failed().empty()) {
    // Whatever ran through to its end counts as a success here, a broken constraint notwithstanding.
    std::vector<Configuration> all = history.succeeded();
    const auto successes = static_cast<Eigen::Index>(all.size());
    all.insert(all.end(), history.failed().begin(), history.failed().end());
    Eigen::VectorXd labels = Eigen::VectorXd::Constant(static_cast<Eigen::Index>(all.size()), -1);
    labels.head(successes).setOnes();
    GaussianProcessSurrogateOptions plain = options;
    plain.transform = TargetTransform::Kind::none;
    const GaussianProcessParameters parameters =
        label_parameters(InputEncoding(space).number_of_features(), label_length_scale);
    add_part(GaussianProcessSurrogate::condition(space, all, labels, parameters, plain), 0, unbounded);
  }
  if (parts.empty()) return nullptr;
  return std::unique_ptr<const FeasibilityModel>(new FeasibilityModel(std::move(parts)));
}

FeasibilityModel::Standardised FeasibilityModel::Part::standardised(double mean, double variance) const {
  const double noise = process.noise_variance().on_model_scale();
  const double deviation = std::sqrt(std::max(variance, 0.0) + std::max(noise, 1e-18));
  return {std::clamp((lower.on_model_scale() - mean) / deviation, -unbounded, most_deviations),
          std::clamp((upper.on_model_scale() - mean) / deviation, -most_deviations, unbounded), deviation};
}

Eigen::VectorXd FeasibilityModel::log_probabilities(std::span<const Configuration> configurations) const {
  Eigen::VectorXd result = Eigen::VectorXd::Zero(static_cast<Eigen::Index>(configurations.size()));
  for (const Part& part : parts_) {
    const Prediction posterior = part.process.posterior(configurations).on_model_scale();
    for (Eigen::Index i = 0; i < result.size(); ++i) {
      const Standardised bounds = part.standardised(posterior.mean[i], posterior.variance[i]);
      result[i] += log_normal_interval(bounds.lower, bounds.upper).value;
    }
  }
  return result;
}

double FeasibilityModel::log_probability_and_gradient(const Configuration& configuration,
                                                      Eigen::Ref<Eigen::VectorXd> gradient) const {
  double result = 0;
  gradient.setZero();
  for (const Part& part : parts_) {
    const PredictionWithGradient at = part.process.posterior_with_gradient(configuration).on_model_scale();
    const Standardised bounds = part.standardised(at.mean, at.variance);
    const LogInterval interval = log_normal_interval(bounds.lower, bounds.upper);
    result += interval.value;
    // z = (bound − μ)/s: dz = −dμ/s − z ds²/(2 s²).
    const double lower = std::isfinite(bounds.lower) ? bounds.lower : 0;
    const double upper = std::isfinite(bounds.upper) ? bounds.upper : 0;
    const double by_mean = -(interval.d_lower + interval.d_upper) / bounds.deviation;
    const double by_variance =
        -(interval.d_lower * lower + interval.d_upper * upper) / (2 * bounds.deviation * bounds.deviation);
    gradient += by_mean * at.mean_gradient + by_variance * at.variance_gradient;
  }
  return result;
}

Eigen::VectorXd FeasibleAcquisition::values(std::span<const Configuration> configurations) const {
  return improvement_.values(configurations) + feasibility_.log_probabilities(configurations);
}

double FeasibleAcquisition::value_and_gradient(const Configuration& configuration, const Eigen::VectorXd& unit,
                                               Eigen::Ref<Eigen::VectorXd> gradient) const {
  Eigen::VectorXd own(gradient.size());
  const double improvement = improvement_.value_and_gradient(configuration, unit, gradient);
  const double probability = feasibility_.log_probability_and_gradient(relaxed(space_, configuration, unit), own);
  gradient += own;
  return improvement + probability;
}

}  // namespace hyperego
