#pragma once

#include <hyperego/surrogate/feature.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_parameters.hpp>
#include <hyperego/surrogate/gaussian_process/kernel.hpp>

#include <Eigen/Core>

#include <utility>
#include <vector>

namespace hyperego::detail {

/// Evaluates the log marginal likelihood of one data set at many parameters, re-using its matrices between calls.
class Likelihood {
 public:
  Likelihood(const std::vector<FeatureKind>& kinds, KernelForm form, const Eigen::MatrixXd& features,
             const Eigen::VectorXd& targets, Eigen::VectorXd distances = {})
      : kinds_(kinds), form_(form), features_(features), targets_(targets), distances_(std::move(distances)) {}

  /// −½ yᵀK⁻¹y − ½ log|K| − (n/2) log 2π; `gradient`, where given, is resized to the order of as_vector().
  /// ∂/∂θ = ½ Σ_ij (ααᵀ − K⁻¹)_ij ∂K_ij/∂θ (Rasmussen & Williams, eq. 5.9).
  double operator()(const GaussianProcessParameters& parameters, Eigen::VectorXd* gradient);

 private:
  const std::vector<FeatureKind>& kinds_;
  KernelForm form_;
  const Eigen::MatrixXd& features_;
  const Eigen::VectorXd& targets_;
  Eigen::VectorXd distances_;  // empty without fidelities
  Eigen::MatrixXd covariance_;
  Eigen::MatrixXd factor_;
};

/// log density of data given the factor of their covariance and the solution α = K⁻¹ y.
double log_density_of_targets(const Eigen::MatrixXd& factor, const Eigen::VectorXd& targets,
                              const Eigen::VectorXd& alpha);

}  // namespace hyperego::detail
