#include <hyperego/core/error.hpp>
#include <hyperego/moo/problems/omni_test.hpp>

#include <cmath>
#include <numbers>

namespace hyperego {

OmniTest::OmniTest(int variables) : variables_(variables) {
  if (variables < 2) throw InvalidInput("variables", "is " + std::to_string(variables) + "; OmniTest needs 2 or more");
}

Eigen::VectorXd OmniTest::evaluate(std::span<const double> x) const {
  Eigen::Vector2d f(0, 0);
  for (const double v : x) f += Eigen::Vector2d(std::sin(std::numbers::pi * v), std::cos(std::numbers::pi * v));
  return f;
}

Eigen::MatrixXd OmniTest::pareto_front(Eigen::Index count) const {
  Eigen::MatrixXd front(count, 2);
  for (Eigen::Index i = 0; i < count; ++i) {
    const double angle = std::numbers::pi / 2 * static_cast<double>(i) / static_cast<double>(count - 1);
    front.row(i) << -variables_ * std::sin(angle), -variables_ * std::cos(angle);
  }
  return front;
}

}  // namespace hyperego
