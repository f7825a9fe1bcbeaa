#pragma once

#include <hyperego/core/objective.hpp>
#include <hyperego/moo/model/acquisition.hpp>
#include <hyperego/moo/trials/trial_history.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <Eigen/Core>

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace hyperego {

/// log(Φ(upper) − Φ(lower)) of standard normal bounds lower ≤ upper, which may be infinite, exact far into both tails;
/// and its derivatives.
struct LogInterval {
  double value = 0;
  double d_lower = 0;
  double d_upper = 0;
};
[[nodiscard]] LogInterval log_normal_interval(double lower, double upper);

/// The probability that a trial gives objectives that count: of its meeting every constraint (one Gaussian process per
/// constraint, on the values measured; Gardner et al., ICML 2014) times that of its not failing (a Gaussian process
/// regression on labels 1 and −1 at fixed parameters, passed through a probit link; Rasmussen & Williams 2006, section
/// 6.5).
///
/// Failed and timed-out trials failed, and so did infeasible ones that gave no values of constraints. Lost trials say
/// nothing. No objective is made up for any of them.
class FeasibilityModel {
 public:
  /// Fitted parameters of the process of a constraint and the number of trials that they were fitted to.
  struct Fit {
    std::size_t observations = 0;
    GaussianProcessParameters parameters;
  };
  using Fits = std::map<std::string, Fit>;

  /// Nothing where no trial has failed and the study has no constraints, or none of them was measured twice: the search
  /// is then what it is without. `fits` is where fitting starts, and is brought up to date; parameters that were fitted
  /// to as many trials are taken as they are. Of more trials than `most_fitted` those nearest to the bounds and a
  /// space-filling share decide about parameters. `label_length_scale`: of the process on labels, in
  /// units of √features.
  [[nodiscard]] static std::unique_ptr<const FeasibilityModel> fit(const std::shared_ptr<const SearchSpace>& space,
                                                                   const std::vector<Constraint>& constraints,
                                                                   const TrialHistory& history,
                                                                   const GaussianProcessSurrogateOptions& options,
                                                                   Fits& fits, std::size_t most_fitted = 300,
                                                                   double label_length_scale = 0.5);

  /// Log probabilities, one per configuration.
  [[nodiscard]] Eigen::VectorXd log_probabilities(std::span<const Configuration> configurations) const;
  /// At one configuration, and the derivatives by the unit coordinates (length d).
  [[nodiscard]] double log_probability_and_gradient(const Configuration& configuration,
                                                    Eigen::Ref<Eigen::VectorXd> gradient) const;

 private:
  /// Bounds in units of what is predicted of one observation.
  struct Standardised {
    double lower;
    double upper;
    double deviation;
  };
  /// A process, and the interval that its target must lie in.
  struct Part {
    GaussianProcessSurrogate process;
    ModelScale<double> lower;
    ModelScale<double> upper;

    /// For a posterior mean and variance on the model scale.
    [[nodiscard]] Standardised standardised(double mean, double variance) const;
  };
  explicit FeasibilityModel(std::vector<Part> parts) : parts_(std::move(parts)) {}

  std::vector<Part> parts_;
};

/// log(improvement × probability of feasibility): what an expected improvement is worth where a trial may fail.
class FeasibleAcquisition final : public AcquisitionFunction {
 public:
  /// Both must outlive it.
  FeasibleAcquisition(const AcquisitionFunction& improvement, const FeasibilityModel& feasibility,
                      const SearchSpace& space)
      : improvement_(improvement), feasibility_(feasibility), space_(space) {}

  [[nodiscard]] Eigen::VectorXd values(std::span<const Configuration> configurations) const override;
  [[nodiscard]] bool has_gradient() const override { return improvement_.has_gradient(); }
  [[nodiscard]] double value_and_gradient(const Configuration& configuration, const Eigen::VectorXd& unit,
                                          Eigen::Ref<Eigen::VectorXd> gradient) const override;

 private:
  const AcquisitionFunction& improvement_;
  const FeasibilityModel& feasibility_;
  const SearchSpace& space_;
};

}  // namespace hyperego
