#pragma once

#include <hyperego/surrogate/target_transform.hpp>

#include <Eigen/Core>

#include <span>

namespace hyperego {

/// A term t = scale (y − ideal) of the scalarisation of an objective y whose T(y), its *model scale*, is normal.
struct WeightedObjective {
  TargetTransform transform = {};  ///< T, the identity unless given
  double scale = 1;                ///< > 0
  double ideal = 0;

  /// From t to the model scale and back; the integrals here are over both, so these are bare numbers.
  [[nodiscard]] double to_model(double t) const { return transform.to_model(ideal + t / scale).on_model_scale(); }
  [[nodiscard]] double from_model(double value) const {
    return scale * (transform.from_model(ModelScale(value)) - ideal);
  }
  /// d to_model / dt, and d from_model / d value.
  [[nodiscard]] double slope_to_model(double t) const { return transform.derivative(ideal + t / scale) / scale; }
  [[nodiscard]] double slope_from_model(double value) const {
    return scale * transform.inverse_derivative(ModelScale(value));
  }
};

/// log of the expected improvement of a Chebyshev scalarisation of independent objectives, and its derivatives.
struct ChebyshevImprovement {
  double value = 0;
  Eigen::VectorXd d_mean;       ///< by the means a
  Eigen::VectorXd d_deviation;  ///< by the deviations b
};

/// log E[max(best − max_j t_j − ρ Σ_j t̃_j, 0)] for independent terms t_j whose model scale is N(a_j, b_j²): the
/// expected improvement of the augmented Chebyshev value below `best`, its augmentation taken at the medians t̃_j.
///
/// With c = best − ρ Σ t̃_j it is log ∫_{−∞}^{c} Π_j Φ((T_j(t) − a_j)/b_j) dt. Where T is the identity the integrand is
/// log-concave and increasing, so it falls at least as fast as its logarithmic slope at c says; 24 Gauss–Legendre nodes
/// over the part above e⁻³⁶ of its largest value give about six digits (all that double precision has far in the tail,
/// where the integrand is an exponential). Under another T the part is looked for. One objective on its own scale and
/// ρ = 0 is the log expected improvement. Costs about 24 m evaluations of log Φ. `a` and the `deviations` b have m ≥ 1
/// entries, as many as `objectives`; b > 0.
[[nodiscard]] ChebyshevImprovement log_chebyshev_improvement(std::span<const WeightedObjective> objectives,
                                                             const Eigen::Ref<const Eigen::VectorXd>& a,
                                                             const Eigen::Ref<const Eigen::VectorXd>& deviations,
                                                             double best, double rho, bool with_gradient = true);

/// log Φ(z), accurate in the lower tail.
[[nodiscard]] double log_normal_cdf(double z);

}  // namespace hyperego
