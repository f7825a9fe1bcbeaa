#include <hyperego/core/error.hpp>
#include <hyperego/moo/problems/kursawe.hpp>

#include <cmath>

namespace hyperego {

Kursawe::Kursawe(int variables) : variables_(variables) {
  if (variables < 2) throw InvalidInput("variables", "is " + std::to_string(variables) + "; Kursawe needs 2 or more");
}

Eigen::VectorXd Kursawe::evaluate(std::span<const double> x) const {
  Eigen::Vector2d f(0, 0);
  for (std::size_t i = 0; i + 1 < x.size(); ++i)
    f(0) -= 10 * std::exp(-0.2 * std::sqrt(x[i] * x[i] + x[i + 1] * x[i + 1]));
  for (const double v : x) f(1) += std::pow(std::abs(v), 0.8) + 5 * std::sin(v * v * v);
  return f;
}

}  // namespace hyperego
