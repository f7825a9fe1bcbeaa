#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/indicators.hpp>
#include <hyperego/moo/front/pareto.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

namespace hyperego {
namespace {

using Points = Eigen::Ref<const Eigen::MatrixXd>;
using Vector = Eigen::Ref<const Eigen::VectorXd>;

constexpr double largest_double = std::numeric_limits<double>::max();

void check_set(const char* where, const Points& set, Eigen::Index width) {
  if (set.rows() == 0 || set.cols() == 0) throw InvalidInput(where, "is empty; give at least one point");
  if (set.cols() != width) {
    throw InvalidInput(where, "has " + std::to_string(set.cols()) + " objectives where " + std::to_string(width) +
                                  " are expected; use the same objectives in both sets");
  }
  if (!set.allFinite()) throw InvalidInput(where, "has a value that is not finite; leave such points out");
}

void check_ideal(const Vector& ideal, Eigen::Index width) {
  if (ideal.size() != width)
    throw InvalidInput("ideal", "needs " + std::to_string(width) + " values, one per objective");
  if (!ideal.allFinite()) throw InvalidInput("ideal", "has a value that is not finite");
}

/// For each reference row, the least of `distance(differences)` over the points; columns of the transposed sets are
/// contiguous.
template <typename Distance>
Eigen::VectorXd nearest(const Points& points, const Points& reference_set, Distance distance) {
  check_set("points", points, points.cols());
  check_set("reference_set", reference_set, points.cols());
  const Eigen::MatrixXd columns = points.transpose();
  const Eigen::MatrixXd references = reference_set.transpose();
  Eigen::VectorXd least = Eigen::VectorXd::Constant(references.cols(), std::numeric_limits<double>::infinity());
  for (Eigen::Index r = 0; r < references.cols(); ++r) {
    for (Eigen::Index a = 0; a < columns.cols(); ++a) {
      least(r) = std::min(least(r), static_cast<double>(distance(columns.col(a) - references.col(r))));
    }
  }
  return least;
}

/// Also where squares would leave double precision; infinite only where the norm is no number.
template <typename Differences>
double norm(const Differences& differences) {
  const double square = differences.squaredNorm();
  if (std::isfinite(square) && square > 1e-280) return std::sqrt(square);
  const Eigen::VectorXd limited = differences.cwiseMin(largest_double).cwiseMax(-largest_double);
  const double scale = limited.cwiseAbs().maxCoeff();
  return scale > 0 ? scale * (limited / scale).norm() : 0;
}

/// ∫ w dw and ∫ (1 − w) dw over [from, to], in factored form.
double integral_w(double from, double to) { return (to - from) * (to + from) / 2; }
double integral_1_w(double from, double to) { return (to - from) * (2 - to - from) / 2; }

}  // namespace

double igd(const Points& points, const Points& reference_set) {
  return nearest(points, reference_set, [](const auto& d) { return norm(d); }).mean();
}

double igd_plus(const Points& points, const Points& reference_set) {
  return nearest(points, reference_set, [](const auto& d) { return norm(d.cwiseMax(0.0)); }).mean();
}

double additive_epsilon(const Points& points, const Points& reference_set) {
  return nearest(points, reference_set, [](const auto& d) { return d.maxCoeff(); }).maxCoeff();
}

double r2_exact(const Points& points, const Vector& ideal) {
  check_set("points", points, 2);
  check_ideal(ideal, 2);
  if ((points.colwise().minCoeff().transpose().array() < ideal.array()).any()) {
    throw InvalidInput("ideal", "a point is better than it; give a value no worse than the best of every objective");
  }
  // Sums and differences of quarters are numbers whatever the points.
  const double unit = points.cwiseAbs().maxCoeff() > 1e300 || ideal.cwiseAbs().maxCoeff() > 1e300 ? 0.25 : 1;
  std::vector<Eigen::Vector2d> front;
  for (const Eigen::Index i : non_dominated(points, EqualPoints::keep_first)) {
    front.emplace_back(unit * points.row(i).transpose() - unit * ideal);
  }
  std::sort(front.begin(), front.end(), [](const auto& a, const auto& b) { return a(0) < b(0); });
  // Along the front, u rises and v falls. Point a costs w u above its kink w_a = v / (u + v) and (1 − w) v below;
  // between the kinks of two neighbours the better one of the right neighbour's first and the left neighbour's second
  // part counts.
  double sum = 0;
  double upper = 1;
  for (std::size_t a = 0; a < front.size(); ++a) {
    const double u = front[a](0);
    const double v = front[a](1);
    if (u + v == 0) return 0;
    const double kink = v / (u + v);
    if (a == 0) {
      sum += u * integral_w(kink, upper);
    } else {
      const double left_v = front[a - 1](1);
      const double crossing = left_v / (u + left_v);
      sum += left_v * integral_1_w(crossing, upper) + u * integral_w(kink, crossing);
    }
    upper = kink;
  }
  return (sum + front.back()(1) * integral_1_w(0, upper)) / unit;
}

double r2(const Points& points, const Vector& ideal, const Points& weights) {
  check_set("points", points, points.cols());
  check_ideal(ideal, points.cols());
  check_set("weights", weights, points.cols());
  if (weights.minCoeff() < 0) throw InvalidInput("weights", "has a negative value; give weights of 0 or more");
  const Eigen::MatrixXd regrets =
      (points.transpose().colwise() - Eigen::VectorXd(ideal)).cwiseMin(largest_double).cwiseMax(-largest_double);
  double sum = 0;
  for (Eigen::Index i = 0; i < weights.rows(); ++i) {
    const Eigen::ArrayXd w = weights.row(i).transpose();
    double best = std::numeric_limits<double>::infinity();
    for (Eigen::Index a = 0; a < regrets.cols(); ++a) best = std::min(best, (w * regrets.col(a).array()).maxCoeff());
    sum += best;
  }
  return sum / static_cast<double>(weights.rows());
}

}  // namespace hyperego
