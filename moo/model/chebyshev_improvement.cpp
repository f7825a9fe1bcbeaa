#include <hyperego/moo/model/chebyshev_improvement.hpp>
#include <hyperego/moo/model/expected_improvement.hpp>

#include <boost/math/quadrature/gauss.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

namespace hyperego {
namespace {

constexpr unsigned nodes = 24;

/// φ(z) / Φ(z), the derivative of log Φ.
double inverse_mills(double z) {
  constexpr double sqrt_two_over_pi = 0.79788456080286535588;
  if (z < 0) return sqrt_two_over_pi / erfcx(-z / std::numbers::sqrt2);
  return sqrt_two_over_pi * std::exp(-0.5 * z * z) / std::erfc(-z / std::numbers::sqrt2);
}

/// Nodes and weights of the Gauss–Legendre rule on [0, 1].
struct Rule {
  std::array<double, nodes> position{};
  std::array<double, nodes> weight{};

  Rule() {
    using Gauss = boost::math::quadrature::gauss<double, nodes>;
    for (unsigned k = 0; k < nodes / 2; ++k) {
      const double x = Gauss::abscissa()[k];
      const double w = Gauss::weights()[k] / 2;
      position[2 * k] = (1 - x) / 2;
      position[2 * k + 1] = (1 + x) / 2;
      weight[2 * k] = weight[2 * k + 1] = w;
    }
  }
};

}  // namespace

double log_normal_cdf(double z) {
  if (z < -1) return -0.5 * z * z + std::log(0.5 * erfcx(-z / std::numbers::sqrt2));
  return std::log1p(-0.5 * std::erfc(z / std::numbers::sqrt2));
}

ChebyshevImprovement log_chebyshev_improvement(std::span<const WeightedObjective> objectives,
                                               const Eigen::Ref<const Eigen::VectorXd>& a,
                                               const Eigen::Ref<const Eigen::VectorXd>& deviations, double best,
                                               double rho, bool with_gradient) {
  static const Rule rule;
  const Eigen::Index m = a.size();
  const auto objective = [&](Eigen::Index j) -> const WeightedObjective& {
    return objectives[static_cast<std::size_t>(j)];
  };
  double top = best;
  for (Eigen::Index j = 0; j < m; ++j) top -= rho * objective(j).from_model(a[j]);

  Eigen::VectorXd b = deviations;
  double at_top = 0;  // log of the integrand at c, and its slope there
  double slope = 0;
  double floor = -std::numeric_limits<double>::infinity();  // below it the integrand is under e⁻⁴³
  for (Eigen::Index j = 0; j < m; ++j) {
    const double value = objective(j).to_model(top);
    // A model without any doubt (trees that all agree): from a million deviations away logarithms are so large that
    // differences of them are rounding, and their exponentials infinite. There is no improvement from there on.
    b[j] = std::max(b[j], (a[j] - value) / 1e6);
    const double z = (value - a[j]) / b[j];
    at_top += log_normal_cdf(z);
    slope += inverse_mills(z) / b[j] * objective(j).slope_to_model(top);
    floor = std::max(floor, objective(j).from_model(a[j] - 9 * b[j]));
  }
  // Relative to the integrand at c everything is in [0, 1].
  const auto log_integrand = [&](double t) {
    double log_value = -at_top;
    for (Eigen::Index j = 0; j < m; ++j) log_value += log_normal_cdf((objective(j).to_model(t) - a[j]) / b[j]);
    return log_value;
  };
  double length = 36 / slope;
  const double longest = top > floor ? top - floor : std::numeric_limits<double>::infinity();
  for (int k = 0; k < 8 && length < longest && log_integrand(top - length) > -30; ++k) length *= 2;
  length = std::min(length, longest);

  double sum = 0;
  Eigen::VectorXd d_mean = Eigen::VectorXd::Zero(m);
  Eigen::VectorXd d_deviation = Eigen::VectorXd::Zero(m);
  Eigen::VectorXd z(m);
  for (unsigned k = 0; k < nodes; ++k) {
    const double t = top - length * rule.position[k];
    double log_value = -at_top;
    for (Eigen::Index j = 0; j < m; ++j) {
      z[j] = (objective(j).to_model(t) - a[j]) / b[j];
      log_value += log_normal_cdf(z[j]);
    }
    const double part = rule.weight[k] * std::exp(log_value);
    sum += part;
    if (!with_gradient || part == 0) continue;
    for (Eigen::Index j = 0; j < m; ++j) {
      const double rate = part * inverse_mills(z[j]) / b[j];
      d_mean[j] -= rate;
      d_deviation[j] -= rate * z[j];
    }
  }
  ChebyshevImprovement result;
  result.value = at_top + std::log(length * sum);
  if (with_gradient) {
    result.d_mean = d_mean / sum;
    // The upper limit moves with the medians: d log EI / dc = 1 / (length · sum) in units of the integrand at c.
    for (Eigen::Index j = 0; j < m; ++j) result.d_mean[j] -= rho * objective(j).slope_from_model(a[j]) / (length * sum);
    result.d_deviation = d_deviation / sum;
  }
  return result;
}

}  // namespace hyperego
