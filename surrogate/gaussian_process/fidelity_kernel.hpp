#pragma once

#include <Eigen/Core>

#include <utility>

namespace hyperego {

/// How observations at lower fidelities speak for the full one, in the space in which it is fitted.
struct FidelityParameters {
  double log_length_scale = -0.35;  ///< log ℓ_F
  double log_drift = -1.2;          ///< log a
};

/// The factor that a kernel over configurations gets where observations have fidelities,
///
///     c(F, F') = exp(−(F − F')²/2ℓ_F²) + a F F',
///
/// F ∈ [0, 1] the distance from the full fidelity, 0 at full (Fidelity::distance()). c(0, 0) = 1: at full fidelity the
/// process is the one without fidelities. ℓ_F → 0 makes a low fidelity tell nothing of the full one; the drift a F F'
/// is what low fidelities have of their own.
class FidelityKernel {
 public:
  explicit FidelityKernel(const FidelityParameters& parameters);

  [[nodiscard]] double operator()(double distance, double other) const;
  /// c(F_i, F) for every i.
  [[nodiscard]] Eigen::VectorXd factors(const Eigen::VectorXd& distances, double distance) const;
  /// K_ij ← K_ij c(F_i, F_j) for i ≥ j.
  void multiply_lower(const Eigen::VectorXd& distances, Eigen::Ref<Eigen::MatrixXd> covariance) const;
  /// A matrix R (distances × functions) with R Rᵀ = [c(F_i, F_j)] up to 1e-8 on the diagonal, whose first column is
  /// c(F_i, 0): pivoted Cholesky, the first pivot being the full fidelity. O(n r²).
  [[nodiscard]] Eigen::MatrixXd root(const Eigen::VectorXd& distances) const;
  /// Σ_{i>j} w_ij g_ij + ½ Σ_i w_ii g_ii with g the derivatives of log c(F_i, F_j) by log ℓ_F and by log a; `weights`
  /// is a lower triangle. O(n²).
  [[nodiscard]] std::pair<double, double> contract_gradient(const Eigen::VectorXd& distances,
                                                            const Eigen::Ref<const Eigen::MatrixXd>& weights) const;

 private:
  double inverse_square_ = 1;  // 1/ℓ_F²
  double drift_ = 0;
};

}  // namespace hyperego
