#pragma once

#include <hyperego/moo/problems/problem.hpp>

#include <string>

namespace hyperego {

/// Relatives of DTLZ used in the many-objective literature (Deb & Jain, IEEE TEVC 18(4), 2014; Jain & Deb, ibid.).
enum class DtlzVariant {
  plain,
  convex,    ///< all objectives but the last to the power 4, the last to the power 2; of DTLZ2 and DTLZ4
  inverted,  ///< (1 + g)/2 minus the objective; of DTLZ1
  scaled,    ///< objective i (from 0) times 10^i; of DTLZ1
};

/// DTLZ1–7 (Deb, Thiele, Laumanns, Zitzler, "Scalable Test Problems for Evolutionary Multiobjective Optimization",
/// 2005). Variables in [0, 1]; the last k = variables − objectives + 1 measure the distance from the front.
///
/// The fronts of DTLZ5 and 6 with four or more objectives are conventional: their curve does not dominate every
/// solution.
class Dtlz {
 public:
  /// @throws InvalidInput unless `function` is 1 to 7 with a variant that exists, `objectives` ≥ 2 and `variables` ≥
  /// `objectives`.
  Dtlz(int function, int variables, int objectives, DtlzVariant variant = DtlzVariant::plain);

  [[nodiscard]] std::string name() const;
  [[nodiscard]] int number_of_variables() const { return variables_; }
  [[nodiscard]] int number_of_objectives() const { return objectives_; }
  [[nodiscard]] Eigen::VectorXd lower() const { return Eigen::VectorXd::Zero(variables_); }
  [[nodiscard]] Eigen::VectorXd upper() const { return Eigen::VectorXd::Ones(variables_); }
  [[nodiscard]] Eigen::VectorXd evaluate(std::span<const double> x) const;
  [[nodiscard]] FrontKnowledge front_knowledge() const;
  [[nodiscard]] Eigen::MatrixXd pareto_front(Eigen::Index count) const;
  [[nodiscard]] std::optional<Eigen::VectorXd> ideal() const;
  [[nodiscard]] std::optional<Eigen::VectorXd> nadir() const;
  /// alpha (DTLZ4 and ConvexDTLZ4) or scale_factor (ScaledDTLZ1).
  [[nodiscard]] std::vector<std::pair<std::string, double>> parameters() const;

 private:
  [[nodiscard]] Eigen::VectorXd plain_objectives(std::span<const double> position,
                                                 std::span<const double> distance) const;
  [[nodiscard]] Eigen::MatrixXd plain_front(Eigen::Index count) const;

  int function_;
  int variables_;
  int objectives_;
  DtlzVariant variant_;
};

}  // namespace hyperego
