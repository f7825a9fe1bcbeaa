#pragma once

#include <Eigen/Core>

namespace hyperego {

/// log of the expected improvement of a Chebyshev scalarisation of independent normal objectives, and its derivatives.
struct ChebyshevImprovement {
  double value = 0;
  Eigen::VectorXd d_mean;       ///< by the means a
  Eigen::VectorXd d_deviation;  ///< by the deviations b
};

/// log E[max(best − max_j Y_j − ρ Σ_j a_j, 0)] for independent Y_j ~ N(a_j, b_j²): the expected improvement of the
/// augmented Chebyshev value below `best`, its augmentation taken at the means.
///
/// With c = best − ρ Σ a_j it is log ∫_{−∞}^{c} Π_j Φ((t − a_j)/b_j) dt. The integrand is log-concave and increasing,
/// so it falls at least as fast as its logarithmic slope at c says; 24 Gauss–Legendre nodes over the part above e⁻³⁶ of
/// its largest value give about six digits (all that double precision has far in the tail, where the integrand is an
/// exponential). One objective and ρ = 0 is the log expected improvement. Costs about 24 m evaluations of log Φ. `a`
/// and the `deviations` b have m ≥ 1 entries, b > 0.
[[nodiscard]] ChebyshevImprovement log_chebyshev_improvement(const Eigen::Ref<const Eigen::VectorXd>& a,
                                                             const Eigen::Ref<const Eigen::VectorXd>& deviations,
                                                             double best, double rho, bool with_gradient = true);

/// log Φ(z), accurate in the lower tail.
[[nodiscard]] double log_normal_cdf(double z);

}  // namespace hyperego
