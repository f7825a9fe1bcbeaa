#include <hyperego/moo/problems/detail/wfg_transformations.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace hyperego::detail::wfg {
namespace {

using std::numbers::pi;

double into_unit_interval(double value) {
  constexpr double rounding = 1e-10;
  if (value < 0 && value >= -rounding) return 0;
  if (value > 1 && value <= 1 + rounding) return 1;
  return value;
}

/// Π falling(x_i) over the first M − m positions, times rising(x) of the next one unless m = 1.
template <typename Falling, typename Rising>
double shape(const Eigen::VectorXd& x, int m, Falling falling, Rising rising) {
  const Eigen::Index factors = x.size() + 1 - m;
  double value = 1;
  for (Eigen::Index i = 0; i < factors; ++i) value *= falling(x(i));
  if (m > 1) value *= rising(x(factors));
  return into_unit_interval(value);
}

}  // namespace

double shift_linear(double y, double a) {
  return into_unit_interval(std::abs(y - a) / std::abs(std::floor(a - y) + a));
}

double shift_deceptive(double y, double a, double b, double c) {
  const double left = std::floor(y - a + b) * (1 - c + (a - b) / b) / (a - b);
  const double right = std::floor(a + b - y) * (1 - c + (1 - a - b) / b) / (1 - a - b);
  return into_unit_interval(1 + (std::abs(y - a) - b) * (left + right + 1 / b));
}

double shift_multi_modal(double y, int a, double b, double c) {
  const double distance = std::abs(y - c) / (2 * (std::floor(c - y) + c));
  const double wave = std::cos((4 * a + 2) * pi * (0.5 - distance));
  return into_unit_interval((1 + wave + 4 * b * distance * distance) / (b + 2));
}

double bias_flat(double y, double a, double b, double c) {
  const double below = std::min(0.0, std::floor(y - b)) * a * (b - y) / b;
  const double above = std::min(0.0, std::floor(c - y)) * (1 - a) * (y - c) / (1 - c);
  return into_unit_interval(a + below - above);
}

double bias_polynomial(double y, double alpha) { return into_unit_interval(std::pow(y, alpha)); }

double bias_parameter(double y, double u) {
  constexpr double a = 0.98 / 49.98;
  constexpr double b = 0.02;
  constexpr double c = 50;
  const double v = a - (1 - 2 * u) * std::abs(std::floor(0.5 - u) + a);
  return into_unit_interval(std::pow(y, b + (c - b) * v));
}

double reduce_mean(std::span<const double> y) {
  return into_unit_interval(std::accumulate(y.begin(), y.end(), 0.0) / static_cast<double>(y.size()));
}

double reduce_weighted(std::span<const double> y, std::span<const double> weights) {
  const double sum = std::inner_product(y.begin(), y.end(), weights.begin(), 0.0);
  return into_unit_interval(sum / std::accumulate(weights.begin(), weights.end(), 0.0));
}

double reduce_non_separable(std::span<const double> y, int degree) {
  const double a = degree;
  double sum = 0;
  for (std::size_t j = 0; j < y.size(); ++j) {
    sum += y[j];
    for (std::size_t k = 1; k < static_cast<std::size_t>(degree); ++k) sum += std::abs(y[j] - y[(j + k) % y.size()]);
  }
  const double half = std::ceil(a / 2);
  return into_unit_interval(sum / (static_cast<double>(y.size()) * half * (1 + 2 * a - 2 * half) / a));
}

double shape_linear(const Eigen::VectorXd& x, int m) {
  return shape(
      x, m, [](double v) { return v; }, [](double v) { return 1 - v; });
}

double shape_convex(const Eigen::VectorXd& x, int m) {
  return shape(
      x, m, [](double v) { return 1 - std::cos(v * pi / 2); }, [](double v) { return 1 - std::sin(v * pi / 2); });
}

double shape_concave(const Eigen::VectorXd& x, int m) {
  return shape(
      x, m, [](double v) { return std::sin(v * pi / 2); }, [](double v) { return std::cos(v * pi / 2); });
}

double shape_mixed(double x) {
  constexpr double waves = 2 * 5 * pi;
  return into_unit_interval(1 - x - std::cos(waves * x + pi / 2) / waves);
}

double shape_disconnected(double x) {
  const double wave = std::cos(5 * pi * x);
  return into_unit_interval(1 - x * wave * wave);
}

}  // namespace hyperego::detail::wfg
