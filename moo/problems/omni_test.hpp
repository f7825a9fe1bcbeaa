#pragma once

#include <hyperego/moo/problems/problem.hpp>

#include <string>

namespace hyperego {

/// The Omni-test problem (Deb & Tiwari, EMO 2005): f1 = Σ sin πx_i, f2 = Σ cos πx_i over [0, 6]. 3^D equivalent Pareto
/// sets, each variable in 2k + [1, 1.5]; the front is a quarter circle of radius D.
class OmniTest {
 public:
  /// @throws InvalidInput unless `variables` is 2 or more.
  explicit OmniTest(int variables);

  [[nodiscard]] std::string name() const { return "OmniTest"; }
  [[nodiscard]] int number_of_variables() const { return variables_; }
  [[nodiscard]] int number_of_objectives() const { return 2; }
  [[nodiscard]] Eigen::VectorXd lower() const { return Eigen::VectorXd::Zero(variables_); }
  [[nodiscard]] Eigen::VectorXd upper() const { return Eigen::VectorXd::Constant(variables_, 6.0); }
  [[nodiscard]] Eigen::VectorXd evaluate(std::span<const double> x) const;
  [[nodiscard]] FrontKnowledge front_knowledge() const { return FrontKnowledge::exact; }
  [[nodiscard]] Eigen::MatrixXd pareto_front(Eigen::Index count) const;
  [[nodiscard]] std::optional<Eigen::VectorXd> ideal() const { return Eigen::VectorXd::Constant(2, -variables_); }
  [[nodiscard]] std::optional<Eigen::VectorXd> nadir() const { return Eigen::VectorXd::Zero(2); }

 private:
  int variables_;
};

}  // namespace hyperego
