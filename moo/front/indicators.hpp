#pragma once

#include <Eigen/Core>

namespace hyperego {

// Sets have one row per point; all objectives are minimised, and smaller indicator values are better. Rows are compared
// as they are: normalise both sets first where the objectives differ in scale. All functions throw InvalidInput when a
// set is empty, widths differ, or a value is not finite.

/// Inverted generational distance: mean over the rows of `reference_set` of the Euclidean distance to the nearest row
/// of `points` (Coello Coello & Reyes Sierra, MICAI 2004). O(n r m).
[[nodiscard]] double igd(const Eigen::Ref<const Eigen::MatrixXd>& points,
                         const Eigen::Ref<const Eigen::MatrixXd>& reference_set);

/// IGD+: as igd(), counting only the coordinates in which a point is worse than the reference point, d = ‖max(0, a −
/// r)‖; weakly Pareto-compliant (Ishibuchi, Masuda, Tanigaki, Nojima, EMO 2015). O(n r m).
[[nodiscard]] double igd_plus(const Eigen::Ref<const Eigen::MatrixXd>& points,
                              const Eigen::Ref<const Eigen::MatrixXd>& reference_set);

/// Additive ε: the smallest shift by which `points` weakly dominates every row of `reference_set`, max_r min_a max_i
/// (a_i − r_i); negative when it is strictly better everywhere (Zitzler, Thiele, Laumanns, Fonseca, Grunert da Fonseca,
/// IEEE TEVC 7(2), 2003). O(n r m).
[[nodiscard]] double additive_epsilon(const Eigen::Ref<const Eigen::MatrixXd>& points,
                                      const Eigen::Ref<const Eigen::MatrixXd>& reference_set);

/// Exact R2 of two objectives with the Chebyshev utility and uniformly distributed weights,
/// ∫₀¹ min_a max(w (a₁ − z₁), (1 − w)(a₂ − z₂)) dw with z = `ideal` (Schäpermeier & Kerschke, PPSN 2024). O(n log n).
/// @throws InvalidInput moreover unless there are two objectives and no point is better than `ideal` in one of them.
[[nodiscard]] double r2_exact(const Eigen::Ref<const Eigen::MatrixXd>& points,
                              const Eigen::Ref<const Eigen::VectorXd>& ideal);

/// R2 over given weights (one row per weight vector, any number of objectives): mean over w of min_a max_i w_i (a_i −
/// z_i) with z = `ideal` (Hansen & Jaszkiewicz 1998; Brockhoff, Wagner, Trautmann, GECCO 2012). With simplex_lattice(m,
/// h) as weights it tends to the integral over the simplex, for two objectives to r2_exact(), as h grows. O(n w m).
[[nodiscard]] double r2(const Eigen::Ref<const Eigen::MatrixXd>& points, const Eigen::Ref<const Eigen::VectorXd>& ideal,
                        const Eigen::Ref<const Eigen::MatrixXd>& weights);

}  // namespace hyperego
