#pragma once

#include <hyperego/moo/problems/problem.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hyperego {

/// What becomes of a test problem when it is made harder to guess.
struct Embedding {
  std::optional<int> relevant = {};  ///< how many variables matter; all unless given
  /// How far from the ends of its range, as a share of it, a relevant variable has what was at the end; 0: unchanged.
  double shift = 0;
};

/// The greatest Embedding::shift.
inline constexpr double greatest_shift = 0.33;

/// A problem of few variables among many that do not matter, its optimum away from special places.
///
/// Of D variables k are relevant: the k smallest of D keys drawn from one fixed random stream, so that they lie
/// anywhere among the others, are the same for every seed, and those for k are among those for k + 1. In their order
/// they are the variables of the original problem and keep its bounds; the others have [0, 1].
///
/// With a shift s > 0 a relevant variable at the share u of its range stands for the original's share
///   v = sin²(3π/4 · (u − s)),
/// so that the original's lower end is at u = s, its middle at s + 1/3 and its upper end at s + 2/3; every second
/// relevant variable is mirrored (u ← 1 − u). The map is smooth and onto: front, ideal and nadir stay what they are.
class EmbeddedProblem {
 public:
  /// `relevant` variables of `variables` are those of `original`.
  /// @throws InvalidInput naming "relevant" where there are more than `variables`, and "shift" where it is not in
  /// [0, greatest_shift] or the variables are binary.
  EmbeddedProblem(Problem original, int variables, double shift);

  [[nodiscard]] std::string name() const { return original_.name(); }
  [[nodiscard]] int number_of_variables() const { return variables_; }
  [[nodiscard]] int number_of_objectives() const { return original_.number_of_objectives(); }
  [[nodiscard]] Eigen::VectorXd lower() const { return spread(original_.lower(), 0); }
  [[nodiscard]] Eigen::VectorXd upper() const { return spread(original_.upper(), 1); }
  [[nodiscard]] bool binary() const { return original_.binary(); }
  [[nodiscard]] std::vector<int> relevant() const { return relevant_; }
  [[nodiscard]] Eigen::VectorXd evaluate(std::span<const double> x) const;
  [[nodiscard]] FrontKnowledge front_knowledge() const { return original_.front_knowledge(); }
  [[nodiscard]] Eigen::MatrixXd pareto_front(Eigen::Index count) const { return original_.pareto_front(count); }
  [[nodiscard]] std::optional<Eigen::VectorXd> ideal() const { return original_.ideal(); }
  [[nodiscard]] std::optional<Eigen::VectorXd> nadir() const { return original_.nadir(); }
  /// Those of the original, and shift.
  [[nodiscard]] std::vector<std::pair<std::string, double>> parameters() const;

 private:
  /// `bounds` at the relevant variables, `other` at the others.
  [[nodiscard]] Eigen::VectorXd spread(const Eigen::VectorXd& bounds, double other) const;

  Problem original_;
  int variables_;
  double shift_;
  std::vector<int> relevant_;  ///< ascending
};

}  // namespace hyperego
