#pragma once

#include <hyperego/moo/problems/problem.hpp>

#include <string>

namespace hyperego {

/// Kursawe's problem (PPSN 1990): f1 = Σ −10 exp(−0.2 √(x_i² + x_{i+1}²)), f2 = Σ |x_i|^0.8 + 5 sin x_i³ over [−5, 5].
/// The front is disconnected and known only numerically.
class Kursawe {
 public:
  /// @throws InvalidInput unless `variables` is 2 or more.
  explicit Kursawe(int variables);

  [[nodiscard]] std::string name() const { return "Kursawe"; }
  [[nodiscard]] int number_of_variables() const { return variables_; }
  [[nodiscard]] int number_of_objectives() const { return 2; }
  [[nodiscard]] Eigen::VectorXd lower() const { return Eigen::VectorXd::Constant(variables_, -5.0); }
  [[nodiscard]] Eigen::VectorXd upper() const { return Eigen::VectorXd::Constant(variables_, 5.0); }
  [[nodiscard]] Eigen::VectorXd evaluate(std::span<const double> x) const;

 private:
  int variables_;
};

}  // namespace hyperego
