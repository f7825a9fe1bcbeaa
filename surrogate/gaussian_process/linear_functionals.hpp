#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>
#include <hyperego/surrogate/input_encoding.hpp>

#include <Eigen/Core>

#include <memory>
#include <span>

namespace hyperego {

/// Linear functions φ_v = Σ_k W_vk f(z_k) of the function f that a Gaussian process models, on the scale of
/// GaussianProcessSurrogate::process(): what is not known of them, and how much of that an evaluation of f would
/// settle.
///
/// An observation of f(x) with noise lowers Var φ_v by cov(φ_v, f(x))² / (Var f(x) + noise), whatever it will be
/// (Rasmussen & Williams 2006, eq. 2.26; A-optimal design: Chaloner & Verdinelli, Statistical Science 10, 1995).
/// Parameters are held. Immutable; const calls are thread-safe.
class LinearFunctionals {
 public:
  /// `weights` is functions × places. O(P² p + n P p + n² V) for P places and V functions.
  /// @throws InvalidInput where sizes disagree.
  LinearFunctionals(const std::shared_ptr<const GaussianProcessSurrogate>& model, std::span<const Configuration> places,
                    Eigen::MatrixXd weights);

  /// Σ_v Var φ_v.
  [[nodiscard]] double variance() const { return variance_; }
  /// By how much an observation at each of the configurations lowers variance(). O(n² + (P + n) p) for each.
  [[nodiscard]] Eigen::VectorXd reductions(std::span<const Configuration> configurations) const;
  /// These functions once `configuration` has been observed. O(n² V).
  [[nodiscard]] LinearFunctionals with_observation(const Configuration& configuration) const;

 private:
  /// Posterior covariances of φ (rows) and f at the columns of `features`.
  [[nodiscard]] Eigen::MatrixXd covariance(const Eigen::MatrixXd& features) const;
  void condition();

  InputEncoding encoding_;
  std::shared_ptr<const GaussianProcess> process_;
  Kernel::Points places_;
  Eigen::MatrixXd weights_;  // functions × places
  Eigen::MatrixXd solved_;   // functions × observations: W K(Z, X) (K + noise I)⁻¹
  double variance_ = 0;
};

}  // namespace hyperego
