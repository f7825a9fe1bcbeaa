#pragma once

#include <hyperego/core/objective.hpp>

#include <Eigen/Core>

#include <span>
#include <string>
#include <vector>

namespace hyperego {

/// Minimised objectives (trials × objectives) on the scale on which each is modelled: ±ln of the raw value where the
/// objective asks for it and all its values are positive (a note says where they are not). O(n m).
[[nodiscard]] Eigen::MatrixXd modelled_objectives(std::span<const Objective> objectives, Eigen::MatrixXd minimised,
                                                  std::vector<std::string>& notes);

/// Bounds that map each minimised objective to about [0, 1].
struct Normalization {
  Eigen::VectorXd ideal;           ///< mapped to 0
  Eigen::VectorXd nadir;           ///< mapped to 1
  std::vector<std::string> notes;  ///< which objectives needed a wider range, one sentence each

  /// Each row of `objectives` (trials × objectives) mapped.
  [[nodiscard]] Eigen::MatrixXd apply(const Eigen::MatrixXd& objectives) const;
};

/// Ideal and nadir point of the non-dominated rows of `objectives` (trials × objectives, minimised, at least one
/// trial).
///
/// Where the front's range in an objective is below a fifth of the way from its best value to its median over the first
/// `undirected` ≥ 1 rows (trials that no model has chosen), that is taken instead: a young front can be one lucky
/// corner, and scaled to that corner every weight vector would stay in it. Where that is zero too, the range of all
/// rows; where that is zero, 1. The notes call objectives by the names in `named`, or by their numbers where it is
/// empty.
[[nodiscard]] Normalization normalize_by_front(const Eigen::MatrixXd& objectives, Eigen::Index undirected,
                                               std::span<const Objective> named = {});

/// Augmented Chebyshev scalarisation of normalised objectives (trials × objectives), one value for each trial:
/// g_i = max_j w_j f_ij + ρ Σ_j w_j f_ij (Knowles, IEEE TEVC 10(1), 2006, equation 2). O(n m).
[[nodiscard]] Eigen::VectorXd augmented_chebyshev(const Eigen::MatrixXd& normalised, const Eigen::VectorXd& weights,
                                                  double rho = 0.05);

}  // namespace hyperego
