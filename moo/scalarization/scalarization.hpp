#pragma once

#include <hyperego/core/objective.hpp>

#include <Eigen/Core>

#include <span>
#include <string>
#include <vector>

namespace hyperego {

/// Minimised objectives (m × n) on the scale on which each is modelled: ±ln of the raw value where the objective asks
/// for it and all its values are positive (a note says where they are not). O(m n).
[[nodiscard]] Eigen::MatrixXd modelled_objectives(std::span<const Objective> objectives, Eigen::MatrixXd minimised,
                                                  std::vector<std::string>& notes);

/// Bounds that map each minimised objective to about [0, 1].
struct Normalization {
  Eigen::VectorXd ideal;           ///< mapped to 0
  Eigen::VectorXd nadir;           ///< mapped to 1
  std::vector<std::string> notes;  ///< which objectives needed a wider range, one sentence each

  /// Each column of `objectives` (m × n) mapped.
  [[nodiscard]] Eigen::MatrixXd apply(const Eigen::MatrixXd& objectives) const;
};

/// Ideal and nadir point of the non-dominated columns of `objectives` (m × n, minimised, n ≥ 1).
///
/// Where the front's range in an objective is below a fifth of the way from its best value to its median over the first
/// `undirected` ≥ 1 columns (trials that no model has chosen), that is taken instead: a young front can be one lucky
/// corner, and scaled to that corner every weight vector would stay in it. Where that is zero too, the range of all
/// columns; where that is zero, 1.
[[nodiscard]] Normalization normalize_by_front(const Eigen::MatrixXd& objectives, Eigen::Index undirected);

/// Augmented Chebyshev scalarisation of normalised objectives (m × n): g_i = max_j w_j f_ij + ρ Σ_j w_j f_ij (Knowles,
/// IEEE TEVC 10(1), 2006, equation 2). O(m n).
[[nodiscard]] Eigen::VectorXd augmented_chebyshev(const Eigen::MatrixXd& normalised, const Eigen::VectorXd& weights,
                                                  double rho = 0.05);

}  // namespace hyperego
