#include <hyperego/core/error.hpp>
#include <hyperego/core/huge_value.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/surrogate/target_transform.hpp>

#include <boost/math/tools/minima.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <tuple>
#include <utility>

namespace hyperego {
namespace {

constexpr double lambda_lower = -1.0;
constexpr double lambda_upper = 3.0;

// T for x ≥ 0 with power λ; for x < 0 it is −T(−x) with 2 − λ. expm1 and log1p keep powers near 0 exact.
double power_branch(double x, double lambda) {
  const double l = std::log1p(x);
  return lambda == 0.0 ? l : std::expm1(lambda * l) / lambda;
}

double yeo_johnson(double x, double lambda) {
  return x >= 0 ? power_branch(x, lambda) : -power_branch(-x, 2.0 - lambda);
}

double power_branch_inverse(double y, double lambda) {
  if (lambda == 0.0) return std::expm1(y);
  // Below λ = 0 the branch is bounded by −1/λ; stay where its inverse is finite.
  const double inside = std::max(lambda * y, -1.0 + 1e-9);
  return std::expm1(std::log1p(inside) / lambda);
}

double yeo_johnson_inverse(double y, double lambda) {
  return y >= 0 ? power_branch_inverse(y, lambda) : -power_branch_inverse(-y, 2.0 - lambda);
}

double yeo_johnson_derivative(double x, double lambda) {
  return std::exp((x >= 0 ? lambda - 1.0 : 1.0 - lambda) * std::log1p(std::abs(x)));
}

std::pair<double, double> moments(const Eigen::VectorXd& values) {
  const double mean = values.mean();
  double deviation = std::sqrt((values.array() - mean).square().mean());
  if (const double largest = (values.array() - mean).abs().maxCoeff(); largest > 0 && largest < 1e-140) {
    // Their squares would vanish.
    deviation = largest * std::sqrt(((values.array() - mean) / largest).square().mean());
  }
  // Equal values leave a deviation of rounding errors, by which nothing should be divided.
  const bool constant = !(deviation > 1e-12 * std::max(std::abs(mean), std::numeric_limits<double>::min()));
  return {mean, constant ? 1.0 : deviation};
}

// Profile log-likelihood of a normal after the transform: −(n/2) log variance + (λ − 1) Σ sign(x) log(1 + |x|).
double fit_lambda(const Eigen::VectorXd& x) {
  double log_jacobian = 0;
  for (const double value : x) log_jacobian += std::copysign(std::log1p(std::abs(value)), value);
  const auto n = static_cast<double>(x.size());
  const auto badness = [&](double lambda) {
    const Eigen::VectorXd y = x.unaryExpr([&](double value) { return yeo_johnson(value, lambda); });
    const double variance = (y.array() - y.mean()).square().mean();
    return 0.5 * n * std::log(std::max(variance, 1e-300)) - (lambda - 1.0) * log_jacobian;
  };
  std::uintmax_t iterations = 50;
  return boost::math::tools::brent_find_minima(badness, lambda_lower, lambda_upper, 20, iterations).first;
}

}  // namespace

TargetTransform TargetTransform::fit(Kind kind, const Eigen::VectorXd& targets) {
  TargetTransform transform;
  transform.kind_ = kind;
  if (targets.size() == 0) return transform;
  if (kind == Kind::log) {
    transform.lowest_ = 0;
    Eigen::Index worst = 0;
    if (!(targets.minCoeff(&worst) > 0)) {
      throw InvalidInput(
          "targets/" + std::to_string(worst),
          "is " + number_text(targets[worst], 6) + "; a log transform needs positive targets, use yeo_johnson");
    }
  }
  if (kind == Kind::yeo_johnson) {
    const Eigen::VectorXd within = targets.unaryExpr([](double target) { return within_huge(target); });
    const double low = within.minCoeff();
    const double high = within.maxCoeff();
    const double range = high > low ? high - low : 1.0;
    transform.lowest_ = low - range;
    transform.highest_ = high + range;
    std::tie(transform.inner_centre_, transform.inner_scale_) = moments(within);
    transform.lambda_ = fit_lambda((within.array() - transform.inner_centre_) / transform.inner_scale_);
  }
  std::tie(transform.centre_, transform.scale_) =
      moments(targets.unaryExpr([&](double target) { return transform.to_model(target).on_model_scale(); }));
  return transform;
}

ModelScale<double> TargetTransform::to_model(double target) const {
  switch (kind_) {
    case Kind::log:
      return ModelScale(std::log(std::max(target, std::numeric_limits<double>::min())));
    case Kind::yeo_johnson:
      return ModelScale(yeo_johnson((within_huge(target) - inner_centre_) / inner_scale_, lambda_));
    case Kind::none:
      break;
  }
  return ModelScale(within_huge(target));
}

TargetTransform TargetTransform::within(const TargetReach& reach) const {
  TargetTransform limited = *this;
  limited.reach_ = reach;
  return limited;
}

double TargetTransform::from_model(ModelScale<double> value) const {
  return reach_.apply(inverse(value.on_model_scale()));
}

double TargetTransform::inverse(double value) const {
  switch (kind_) {
    case Kind::log:
      return std::exp(std::clamp(value, -700.0, 700.0));
    case Kind::yeo_johnson:
      return std::clamp(inner_centre_ + inner_scale_ * yeo_johnson_inverse(value, lambda_), lowest_, highest_);
    case Kind::none:
      break;
  }
  return value;
}

double TargetTransform::derivative(double target) const {
  switch (kind_) {
    case Kind::log:
      return 1 / std::max(target, std::numeric_limits<double>::min());
    case Kind::yeo_johnson:
      return yeo_johnson_derivative((target - inner_centre_) / inner_scale_, lambda_) / inner_scale_;
    case Kind::none:
      break;
  }
  return 1.0;
}

double TargetTransform::inverse_derivative(ModelScale<double> value) const {
  const double target = inverse(value.on_model_scale());
  const double slope = reach_.slope(target);
  switch (kind_) {
    case Kind::log:
      return slope * target;
    case Kind::yeo_johnson: {
      if (target <= lowest_ || target >= highest_) return 0;
      return slope * inner_scale_ /
             yeo_johnson_derivative(yeo_johnson_inverse(value.on_model_scale(), lambda_), lambda_);
    }
    case Kind::none:
      break;
  }
  return slope;
}

Eigen::VectorXd TargetTransform::standardise(const Eigen::VectorXd& targets) const {
  return targets.unaryExpr([&](double target) { return standardise(target); });
}

nlohmann::ordered_json TargetTransform::to_json() const {
  nlohmann::ordered_json json{{"kind", to_string(kind_)}, {"centre", centre_}, {"scale", scale_}};
  if (kind_ == Kind::yeo_johnson) json["lambda"] = lambda_;
  return json;
}

std::string_view to_string(TargetTransform::Kind kind) {
  switch (kind) {
    case TargetTransform::Kind::log:
      return "log";
    case TargetTransform::Kind::yeo_johnson:
      return "yeo_johnson";
    case TargetTransform::Kind::none:
      break;
  }
  return "none";
}

TargetTransform::Kind target_transform_from(std::string_view text, const std::string& where) {
  for (const auto kind :
       {TargetTransform::Kind::none, TargetTransform::Kind::log, TargetTransform::Kind::yeo_johnson}) {
    if (text == to_string(kind)) return kind;
  }
  throw InvalidInput(where, "\"" + std::string(text) + "\" is no target transform; use none, log or yeo_johnson");
}

}  // namespace hyperego
