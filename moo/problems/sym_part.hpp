#pragma once

#include <hyperego/moo/problems/problem.hpp>

#include <string>

namespace hyperego {

/// SYM-PART (Rudolph, Naujoks, Preuss, "Capabilities of EMOA to Detect and Preserve Equivalent Pareto Subsets", EMO
/// 2007): nine equivalent Pareto sets, segments of length 2 on a 3 × 3 grid of tiles, over [−100, 100]²; the rotated
/// form turns them by 45°.
class SymPart {
 public:
  explicit SymPart(bool rotated) : rotated_(rotated) {}

  [[nodiscard]] std::string name() const { return rotated_ ? "SYMPARTRotated" : "SYMPART"; }
  [[nodiscard]] int number_of_variables() const { return 2; }
  [[nodiscard]] int number_of_objectives() const { return 2; }
  [[nodiscard]] Eigen::VectorXd lower() const { return Eigen::VectorXd::Constant(2, -100.0); }
  [[nodiscard]] Eigen::VectorXd upper() const { return Eigen::VectorXd::Constant(2, 100.0); }
  [[nodiscard]] Eigen::VectorXd evaluate(std::span<const double> x) const;
  [[nodiscard]] FrontKnowledge front_knowledge() const { return FrontKnowledge::exact; }
  [[nodiscard]] Eigen::MatrixXd pareto_front(Eigen::Index count) const;
  [[nodiscard]] std::optional<Eigen::VectorXd> ideal() const { return Eigen::VectorXd::Zero(2); }
  [[nodiscard]] std::optional<Eigen::VectorXd> nadir() const { return Eigen::VectorXd::Constant(2, 4.0); }
  /// length (half of a segment), v_dist and h_dist between tiles, angle in radians.
  [[nodiscard]] std::vector<std::pair<std::string, double>> parameters() const;

 private:
  bool rotated_;
};

}  // namespace hyperego
