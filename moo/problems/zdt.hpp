#pragma once

#include <hyperego/moo/problems/problem.hpp>

#include <string>

namespace hyperego {

/// ZDT1–4 and ZDT6 (Zitzler, Deb, Thiele, "Comparison of Multiobjective Evolutionary Algorithms: Empirical Results",
/// Evol. Comput. 8(2), 2000). Variables in [0, 1]; ZDT4: all but the first in [−5, 5].
class Zdt {
 public:
  /// @throws InvalidInput unless `function` is 1, 2, 3, 4 or 6 and `variables` is 2 or more.
  Zdt(int function, int variables);

  [[nodiscard]] std::string name() const { return "ZDT" + std::to_string(function_); }
  [[nodiscard]] int number_of_variables() const { return variables_; }
  [[nodiscard]] int number_of_objectives() const { return 2; }
  [[nodiscard]] Eigen::VectorXd lower() const;
  [[nodiscard]] Eigen::VectorXd upper() const;
  [[nodiscard]] Eigen::VectorXd evaluate(std::span<const double> x) const;
  [[nodiscard]] FrontKnowledge front_knowledge() const { return FrontKnowledge::exact; }
  [[nodiscard]] Eigen::MatrixXd pareto_front(Eigen::Index count) const;
  [[nodiscard]] std::optional<Eigen::VectorXd> ideal() const;
  [[nodiscard]] std::optional<Eigen::VectorXd> nadir() const;

 private:
  int function_;
  int variables_;
};

/// ZDT5: one group of 30 bits and `groups` groups of 5, in this order; both objectives normalised to [0, 1] on the
/// front.
class Zdt5 {
 public:
  /// @throws InvalidInput unless `variables` is 30 + 5 groups with one group or more.
  explicit Zdt5(int variables);

  [[nodiscard]] std::string name() const { return "ZDT5"; }
  [[nodiscard]] int number_of_variables() const { return 30 + 5 * groups_; }
  [[nodiscard]] int number_of_objectives() const { return 2; }
  [[nodiscard]] Eigen::VectorXd lower() const { return Eigen::VectorXd::Zero(number_of_variables()); }
  [[nodiscard]] Eigen::VectorXd upper() const { return Eigen::VectorXd::Ones(number_of_variables()); }
  [[nodiscard]] bool binary() const { return true; }
  [[nodiscard]] Eigen::VectorXd evaluate(std::span<const double> x) const;
  [[nodiscard]] FrontKnowledge front_knowledge() const { return FrontKnowledge::exact; }
  /// The front has 31 points; fewer are chosen evenly.
  [[nodiscard]] Eigen::MatrixXd pareto_front(Eigen::Index count) const;
  [[nodiscard]] std::optional<Eigen::VectorXd> ideal() const { return Eigen::Vector2d(0, 0); }
  [[nodiscard]] std::optional<Eigen::VectorXd> nadir() const { return Eigen::Vector2d(1, 1); }
  /// m: all groups with the long one; n: bits of the short ones; normalize: 1.
  [[nodiscard]] std::vector<std::pair<std::string, double>> parameters() const;

 private:
  [[nodiscard]] Eigen::Vector2d normalized(double ones, double g) const;

  int groups_;
};

}  // namespace hyperego
