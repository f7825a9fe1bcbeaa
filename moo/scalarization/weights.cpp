#include <hyperego/core/rng.hpp>
#include <hyperego/moo/scalarization/weights.hpp>

#include <boost/math/special_functions/erf.hpp>

#include <cmath>
#include <numbers>

namespace hyperego {
namespace {

/// The positive root of x^(k+1) = x + 1: the golden ratio for k = 1, the plastic number for k = 2.
double generalised_golden_ratio(int k) {
  double x = 1.5;
  for (int i = 0; i < 64; ++i) x = std::pow(1 + x, 1.0 / (k + 1));
  return x;
}

double fraction(double x) { return x - std::floor(x); }

}  // namespace

Eigen::VectorXd stratified_point(int dimension, std::uint64_t index, std::uint64_t seed) {
  const double ratio = generalised_golden_ratio(dimension);
  Rng rng(seed, "weights");
  Eigen::VectorXd point(dimension);
  double step = 1;
  for (double& u : point) {
    step /= ratio;
    u = fraction(rng.uniform() + step * static_cast<double>(index + 1));
  }
  return point;
}

Eigen::VectorXd stratified_weights(int objectives, std::uint64_t index, std::uint64_t seed) {
  if (objectives == 1) return Eigen::VectorXd::Ones(1);
  Eigen::VectorXd weights(objectives);
  const Eigen::VectorXd point = stratified_point(objectives == 2 ? 1 : objectives, index, seed);
  if (objectives == 2) {
    weights << std::cos(point[0] * std::numbers::pi / 2), std::sin(point[0] * std::numbers::pi / 2);
  } else {
    // The half-normal quantile up to a factor.
    weights = point.unaryExpr([](double u) { return boost::math::erf_inv(std::min(u, 1 - 0x1.0p-53)); });
  }
  const double sum = weights.sum();
  if (!(sum > 0)) return Eigen::VectorXd::Constant(objectives, 1.0 / objectives);
  return weights / sum;
}

}  // namespace hyperego
