#pragma once

#include <hyperego/core/progress.hpp>
#include <hyperego/surrogate/feature.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_parameters.hpp>
#include <hyperego/surrogate/gaussian_process/kernel.hpp>
#include <hyperego/surrogate/gaussian_process/prior.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyperego {

/// Where the fit looks: bounds on the parameters themselves, not on their logarithms.
struct GaussianProcessBounds {
  double signal_variance_lower = 1e-2, signal_variance_upper = 1e2;
  double length_scale_lower = 1e-2, length_scale_upper = 1e3;
  double noise_variance_lower = 1e-8, noise_variance_upper = 1e0;
  double fidelity_length_scale_lower = 3e-2, fidelity_length_scale_upper = 3e1;
  double fidelity_drift_lower = 1e-4, fidelity_drift_upper = 1e1;

  /// Bounds of GaussianProcessParameters::as_vector() for p features.
  [[nodiscard]] std::pair<Eigen::VectorXd, Eigen::VectorXd> log_box(Eigen::Index p, bool has_fidelity) const;
};

struct GaussianProcessOptions {
  KernelForm kernel = KernelForm::product;
  GaussianProcessPriors priors = {};
  GaussianProcessBounds bounds = {};
  /// Starting points that are scored once: the warm start, fixed points of the priors, then draws from them.
  int candidates = 6;
  /// So many of them, the warm start first and then the best, are climbed from.
  int starts = 2;
  /// Evaluations of the posterior density allowed to each climb. There are no time limits: results must not depend on
  /// the machine.
  int evaluations_per_start = 60;
  /// A climb ends where a step improves the log posterior by less than this.
  double tolerance = 1e-5;
  std::uint64_t seed = 0;      ///< of the drawn starting points
  ProgressHook progress = {};  ///< told of every evaluation of a fit, out of the most that there may be

  /// @throws InvalidInput naming the field at fault.
  void validate() const;
};

/// What fitting did.
struct FitReport {
  int evaluations = 0;       ///< of the log posterior
  int starts = 0;            ///< climbs
  double log_posterior = 0;  ///< log marginal likelihood + log prior density at the result, up to the evidence
  double jitter = 0;         ///< added to the diagonal of the final covariance
  bool fitted = false;       ///< false where the parameters were given
  bool fallback = false;     ///< every climb ended in a numerical failure; the best point seen is used
  std::string message;       ///< how the climbs ended

  [[nodiscard]] std::string brief() const;
  [[nodiscard]] nlohmann::ordered_json to_json() const;
};

/// Gaussian-process regression with zero prior mean on plain matrices (Rasmussen & Williams 2006, ch. 2 and 5).
///
/// Feature matrices hold one COLUMN per point (p × n). Targets are used as given; standardise them before. Immutable,
/// and const calls are thread-safe. Observations may have fidelities: `distances` from the full one, one for each, or
/// empty where all are at full (FidelityKernel). Predictions are at full fidelity but where a name says otherwise.
/// Fitting costs O(n³) per evaluation, a prediction O(n p + n²).
class GaussianProcess {
 public:
  struct Posterior {
    Eigen::VectorXd mean;
    Eigen::VectorXd variance;  ///< of the noise-free function, ≥ 0
  };
  struct PosteriorWithGradient {
    double mean = 0;
    double variance = 0;
    Eigen::VectorXd mean_gradient;      ///< ∂mean/∂z, length p; 0 for categorical features
    Eigen::VectorXd variance_gradient;  ///< ∂variance/∂z
  };
  /// At one place: of the noise-free function at full fidelity (f) and at a lower one (g).
  struct AcrossFidelities {
    double full_mean = 0, full_variance = 0;
    double mean = 0, variance = 0;
    double covariance = 0;
  };
  struct JointPosterior {
    Eigen::VectorXd mean;
    Eigen::MatrixXd covariance;  ///< of the noise-free function
  };
  /// Prediction of every target from all the others, the parameters being held (Rasmussen & Williams, eqs. 5.10–5.12).
  struct LeaveOneOut {
    Eigen::VectorXd mean;
    Eigen::VectorXd variance;  ///< of the target, noise included
  };

  /// Conditions on data without fitting.
  /// @throws InvalidInput where sizes disagree or a number is not finite.
  GaussianProcess(std::vector<FeatureKind> kinds, Eigen::MatrixXd features, Eigen::VectorXd targets,
                  const GaussianProcessParameters& parameters, const GaussianProcessOptions& options = {},
                  Eigen::VectorXd distances = {});

  /// Conditions at the maximum of log marginal likelihood + log density of the priors of the log-parameters.
  [[nodiscard]] static GaussianProcess fit(std::vector<FeatureKind> kinds, Eigen::MatrixXd features,
                                           Eigen::VectorXd targets, const GaussianProcessOptions& options = {},
                                           const std::optional<GaussianProcessParameters>& warm_start = std::nullopt,
                                           Eigen::VectorXd distances = {});

  [[nodiscard]] Eigen::Index number_of_points() const { return targets_.size(); }
  [[nodiscard]] Eigen::Index number_of_features() const { return features_.rows(); }
  [[nodiscard]] const Eigen::MatrixXd& features() const { return features_; }
  [[nodiscard]] const Eigen::VectorXd& targets() const { return targets_; }
  [[nodiscard]] const GaussianProcessParameters& parameters() const { return parameters_; }
  [[nodiscard]] const GaussianProcessOptions& options() const { return options_; }
  [[nodiscard]] const Kernel& kernel() const { return kernel_; }
  /// Of the observations from full fidelity; empty where all are there.
  [[nodiscard]] const Eigen::VectorXd& distances() const { return distances_; }
  /// α ∘ c with α = (K + noise I)⁻¹ y and c_i = c(F_i, 0), 1 without fidelities: the posterior mean at z is
  /// Σ_i weights_i k(x_i, z).
  [[nodiscard]] const Eigen::VectorXd& weights() const { return weights_; }
  /// (K + noise I)⁻¹ b, jitter included, for length n. O(n²).
  [[nodiscard]] Eigen::VectorXd solve(const Eigen::Ref<const Eigen::VectorXd>& right) const;
  /// c_i k(x_i, z_j): prior covariances of the observations with the full fidelity at the points z.
  [[nodiscard]] Eigen::MatrixXd covariance_with_data(const Kernel::Points& z) const;
  /// What is added to the diagonal of K: noise variance and jitter.
  [[nodiscard]] double diagonal_variance() const;
  [[nodiscard]] const FitReport& report() const { return report_; }

  /// At these parameters, −(n/2) log 2π included.
  [[nodiscard]] double log_marginal_likelihood() const;
  /// At other parameters of the same data; `gradient` (where given) is resized to the order of
  /// GaussianProcessParameters::as_vector(). O(n³).
  [[nodiscard]] double log_marginal_likelihood(const GaussianProcessParameters& parameters,
                                               Eigen::VectorXd* gradient = nullptr) const;
  /// The same plus the log density of the priors: what fit() maximises.
  [[nodiscard]] double log_posterior(const GaussianProcessParameters& parameters,
                                     Eigen::VectorXd* gradient = nullptr) const;

  /// Mean and variance of the noise-free function at the columns of Z (p × m). O(m (n p + n²)), in blocks.
  [[nodiscard]] Posterior posterior(const Eigen::Ref<const Eigen::MatrixXd>& Z) const;
  /// The mean alone: O(m n p).
  [[nodiscard]] Eigen::VectorXd posterior_mean(const Eigen::Ref<const Eigen::MatrixXd>& Z) const;
  [[nodiscard]] PosteriorWithGradient posterior_with_gradient(const Eigen::Ref<const Eigen::VectorXd>& z) const;
  /// At z and at the distance `distance` from full fidelity. O(n p + n²).
  [[nodiscard]] AcrossFidelities across_fidelities(const Eigen::Ref<const Eigen::VectorXd>& z, double distance) const;
  [[nodiscard]] JointPosterior joint_posterior(const Eigen::Ref<const Eigen::MatrixXd>& Z) const;
  /// Joint draws at the columns of Z: one row per point, one column per draw, from `normals` (m × draws) of independent
  /// standard normal numbers. Jitter as in conditioning.
  [[nodiscard]] Eigen::MatrixXd draws(const Eigen::Ref<const Eigen::MatrixXd>& Z,
                                      const Eigen::Ref<const Eigen::MatrixXd>& normals) const;

  [[nodiscard]] LeaveOneOut leave_one_out() const;

  /// This process conditioned on q more observations (at full fidelity where `distances` is empty), parameters held:
  /// the Cholesky factor is bordered, O(n² q).
  [[nodiscard]] GaussianProcess with_observations(const Eigen::Ref<const Eigen::MatrixXd>& features,
                                                  const Eigen::Ref<const Eigen::VectorXd>& targets,
                                                  const Eigen::VectorXd& distances = {}) const;

  [[nodiscard]] std::string brief() const;
  [[nodiscard]] nlohmann::ordered_json to_json() const;

 private:
  GaussianProcess() = default;
  void require_features(const Eigen::Ref<const Eigen::MatrixXd>& Z, const char* name) const;
  void condition();
  [[nodiscard]] Eigen::VectorXd factors_at(const Eigen::VectorXd& distances, double distance) const;
  void scale_by_fidelity(Eigen::Ref<Eigen::MatrixXd> covariances) const;
  void solve_weights();
  void join_distances(const Eigen::VectorXd& before, const Eigen::VectorXd& added);

  std::vector<FeatureKind> kinds_;
  Eigen::MatrixXd features_;
  Eigen::VectorXd targets_;
  GaussianProcessParameters parameters_;
  GaussianProcessOptions options_;
  Kernel kernel_;
  Kernel::Points points_;
  Eigen::MatrixXd factor_;     // lower Cholesky factor of K + noise I; garbage above the diagonal
  Eigen::VectorXd alpha_;      // (K + noise I)⁻¹ y
  Eigen::VectorXd weights_;    // α, times c(F_i, 0) where there are fidelities
  Eigen::VectorXd distances_;  // empty without fidelities
  Eigen::VectorXd to_full_;    // c(F_i, 0); empty without fidelities
  FitReport report_;
};

}  // namespace hyperego
