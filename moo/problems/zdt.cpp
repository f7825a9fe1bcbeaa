#include <hyperego/core/error.hpp>
#include <hyperego/moo/problems/detail/record_segments.hpp>
#include <hyperego/moo/problems/zdt.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

namespace hyperego {
namespace {

using std::numbers::pi;

double zdt6_first(double x) { return 1 - std::exp(-4 * x) * std::pow(std::sin(6 * pi * x), 6); }

/// The distance from the front, 1 on it.
double distance_factor(int function, std::span<const double> x) {
  const auto rest = x.subspan(1);
  const auto count = static_cast<double>(rest.size());
  if (function == 4) {
    double g = 1 + 10 * count;
    for (const double v : rest) g += v * v - 10 * std::cos(4 * pi * v);
    return g;
  }
  const double mean = std::accumulate(rest.begin(), rest.end(), 0.0) / count;
  return 1 + 9 * (function == 6 ? std::pow(mean, 0.25) : mean);
}

double shape(int function, double f1, double g) {
  const double ratio = f1 / g;
  switch (function) {
    case 2:
    case 6:
      return 1 - ratio * ratio;
    case 3:
      return 1 - std::sqrt(ratio) - ratio * std::sin(10 * pi * f1);
    default:
      return 1 - std::sqrt(ratio);
  }
}

/// The values of f1 on the front.
detail::Segments front_segments(int function) {
  if (function == 3) return detail::record_segments([](double x) { return shape(3, x, 1); }, 0, 1);
  if (function == 6) return {{zdt6_first(std::atan(9 * pi) / (6 * pi)), 1.0}};  // the maximum of e^(−4x) sin⁶(6πx)
  return {{0.0, 1.0}};
}

}  // namespace

Zdt::Zdt(int function, int variables) : function_(function), variables_(variables) {
  if (function < 1 || function > 6 || function == 5)
    throw InvalidInput("function", "ZDT has the real functions 1, 2, 3, 4 and 6");
  if (variables < 2)
    throw InvalidInput("variables", "is " + std::to_string(variables) + "; " + name() + " needs 2 or more");
}

Eigen::VectorXd Zdt::lower() const {
  Eigen::VectorXd bounds = Eigen::VectorXd::Constant(variables_, function_ == 4 ? -5.0 : 0.0);
  bounds(0) = 0;
  return bounds;
}

Eigen::VectorXd Zdt::upper() const {
  Eigen::VectorXd bounds = Eigen::VectorXd::Constant(variables_, function_ == 4 ? 5.0 : 1.0);
  bounds(0) = 1;
  return bounds;
}

Eigen::VectorXd Zdt::evaluate(std::span<const double> x) const {
  const double f1 = function_ == 6 ? zdt6_first(x[0]) : x[0];
  const double g = distance_factor(function_, x);
  return Eigen::Vector2d(f1, g * shape(function_, f1, g));
}

Eigen::MatrixXd Zdt::pareto_front(Eigen::Index count) const {
  Eigen::MatrixXd front(count, 2);
  front.col(0) = detail::spread_over(front_segments(function_), count);
  front.col(1) = front.col(0).unaryExpr([this](double f1) { return shape(function_, f1, 1); });
  return front;
}

std::optional<Eigen::VectorXd> Zdt::ideal() const {
  const auto segments = front_segments(function_);
  return Eigen::Vector2d(segments.front().first, shape(function_, segments.back().second, 1));
}

std::optional<Eigen::VectorXd> Zdt::nadir() const {
  const auto segments = front_segments(function_);
  return Eigen::Vector2d(segments.back().second, shape(function_, segments.front().first, 1));
}

Zdt5::Zdt5(int variables) : groups_((variables - 30) / 5) {
  if (variables < 35 || variables % 5 != 0) {
    throw InvalidInput("variables", "is " + std::to_string(variables) +
                                        "; ZDT5 has 30 bits and one or more groups of 5: 35, 40, …, 80, …");
  }
}

Eigen::Vector2d Zdt5::normalized(double ones, double g) const {
  const double f1 = 1 + ones;
  const double best = groups_ / 31.0;
  return {ones / 30, (g / f1 - best) / (groups_ - best)};
}

Eigen::VectorXd Zdt5::evaluate(std::span<const double> x) const {
  const auto ones = [&](std::size_t first, std::size_t size) {
    const auto bits = x.subspan(first, size);
    return std::accumulate(bits.begin(), bits.end(), 0.0);
  };
  double g = 0;
  for (int group = 0; group < groups_; ++group) {
    const double u = ones(30 + 5 * static_cast<std::size_t>(group), 5);
    g += u < 5 ? 2 + u : 1;  // deceptive: all ones is best, but fewer ones look better
  }
  return normalized(ones(0, 30), g);
}

Eigen::MatrixXd Zdt5::pareto_front(Eigen::Index count) const {
  const Eigen::Index size = std::min<Eigen::Index>(count, 31);
  Eigen::MatrixXd front(size, 2);
  for (Eigen::Index i = 0; i < size; ++i) {
    const Eigen::Index ones = 30 * i / (size - 1);  // a whole number of bits
    front.row(i) = normalized(static_cast<double>(ones), groups_).transpose();
  }
  return front;
}

std::vector<std::pair<std::string, double>> Zdt5::parameters() const {
  return {{"m", groups_ + 1.0}, {"n", 5.0}, {"normalize", 1.0}};
}

}  // namespace hyperego
