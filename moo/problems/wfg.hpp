#pragma once

#include <hyperego/moo/problems/problem.hpp>

#include <optional>
#include <string>

namespace hyperego {

/// WFG1–9 (Huband, Hingston, Barone, While, IEEE TEVC 10(5), 2006). Variable i (from 1) runs over [0, 2i]; the first k
/// place a point along the front, the other l = variables − k measure its distance. Objective i is scaled by 2i.
///
/// The front of WFG3 with three or more objectives is conventional: its line does not dominate every solution.
class Wfg {
 public:
  /// 4 for two objectives, otherwise 2 (m − 1).
  [[nodiscard]] static int default_position_variables(int objectives) {
    return objectives == 2 ? 4 : 2 * (objectives - 1);
  }

  /// @throws InvalidInput unless `function` is 1 to 9; `objectives` ≥ 2; `position_variables` is a multiple of
  /// objectives − 1, at least 4, and below `variables`; and for WFG2 and 3 the number of distance variables is even.
  Wfg(int function, int variables, int objectives, std::optional<int> position_variables = std::nullopt);

  [[nodiscard]] std::string name() const { return "WFG" + std::to_string(function_); }
  [[nodiscard]] int number_of_variables() const { return variables_; }
  [[nodiscard]] int number_of_objectives() const { return objectives_; }
  [[nodiscard]] int position_variables() const { return position_variables_; }
  [[nodiscard]] Eigen::VectorXd lower() const { return Eigen::VectorXd::Zero(variables_); }
  [[nodiscard]] Eigen::VectorXd upper() const { return Eigen::VectorXd::LinSpaced(variables_, 2.0, 2.0 * variables_); }
  [[nodiscard]] Eigen::VectorXd evaluate(std::span<const double> x) const;
  [[nodiscard]] FrontKnowledge front_knowledge() const;
  [[nodiscard]] Eigen::MatrixXd pareto_front(Eigen::Index count) const;
  [[nodiscard]] std::optional<Eigen::VectorXd> ideal() const { return Eigen::VectorXd::Zero(objectives_); }
  [[nodiscard]] std::optional<Eigen::VectorXd> nadir() const;
  /// k and l.
  [[nodiscard]] std::vector<std::pair<std::string, double>> parameters() const;

 private:
  /// Transforms the variables, each already in [0, 1]; returns the m reduced values t.
  [[nodiscard]] Eigen::VectorXd transition(std::vector<double> values) const;
  /// Objectives from the position values and the distance x_m.
  [[nodiscard]] Eigen::VectorXd shaped(const Eigen::VectorXd& position, double distance) const;

  int function_;
  int variables_;
  int objectives_;
  int position_variables_;
};

}  // namespace hyperego
