#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/gaussian_process/detail/cholesky.hpp>
#include <hyperego/surrogate/gaussian_process/detail/likelihood.hpp>
#include <hyperego/surrogate/gaussian_process/detail/map_estimate.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hyperego {
namespace {

constexpr Eigen::Index prediction_block = 128;  // columns of k(X, Z) held at a time

void require_data(const std::vector<FeatureKind>& kinds, const Eigen::MatrixXd& features,
                  const Eigen::VectorXd& targets, const Eigen::VectorXd& distances) {
  if (features.rows() != static_cast<Eigen::Index>(kinds.size())) {
    throw InvalidInput("features", "has " + std::to_string(features.rows()) + " rows for " +
                                       std::to_string(kinds.size()) + " feature kinds; a point is a column");
  }
  if (features.cols() != targets.size()) {
    throw InvalidInput("targets", "has " + std::to_string(targets.size()) + " entries for " +
                                      std::to_string(features.cols()) + " points");
  }
  if (targets.size() == 0) throw InvalidInput("targets", "is empty; a Gaussian process needs one observation at least");
  if (!features.allFinite()) throw InvalidInput("features", "holds a value that is not finite");
  if (!targets.allFinite()) throw InvalidInput("targets", "holds a value that is not finite; leave failed trials out");
  if (distances.size() != 0 && distances.size() != targets.size()) {
    throw InvalidInput("distances", "has " + std::to_string(distances.size()) + " entries for " +
                                        std::to_string(targets.size()) + " points; give one for each, or none");
  }
  if (!(distances.array() >= 0 && distances.array() <= 1).all()) {
    throw InvalidInput("distances", "holds a value outside of [0, 1]; 0 is the full fidelity");
  }
}

}  // namespace

GaussianProcess::GaussianProcess(std::vector<FeatureKind> kinds, Eigen::MatrixXd features, Eigen::VectorXd targets,
                                 const GaussianProcessParameters& parameters, const GaussianProcessOptions& options,
                                 Eigen::VectorXd distances)
    : kinds_(std::move(kinds)),
      features_(std::move(features)),
      targets_(std::move(targets)),
      parameters_(parameters),
      options_(options),
      distances_(std::move(distances)) {
  require_data(kinds_, features_, targets_, distances_);
  options_.validate();
  condition();
}

GaussianProcess GaussianProcess::fit(std::vector<FeatureKind> kinds, Eigen::MatrixXd features, Eigen::VectorXd targets,
                                     const GaussianProcessOptions& options,
                                     const std::optional<GaussianProcessParameters>& warm_start,
                                     Eigen::VectorXd distances) {
  require_data(kinds, features, targets, distances);
  detail::MapEstimate estimate = detail::estimate_map(kinds, features, targets, distances, options, warm_start);
  GaussianProcess process(std::move(kinds), std::move(features), std::move(targets), estimate.parameters, options,
                          std::move(distances));
  estimate.report.jitter = process.report_.jitter;
  process.report_ = std::move(estimate.report);
  process.options_.progress = {};  // of this fit alone
  return process;
}

void GaussianProcess::condition() {
  kernel_ = Kernel(kinds_, options_.kernel, parameters_.log_signal_variance, parameters_.log_length_scales);
  points_ = kernel_.points(features_);
  Eigen::MatrixXd covariance(number_of_points(), number_of_points());
  kernel_.lower_covariance(points_, covariance);
  if (distances_.size() == 0) parameters_.fidelity.reset();
  if (distances_.size() > 0) {
    if (!parameters_.fidelity) parameters_.fidelity = FidelityParameters{};
    FidelityKernel(*parameters_.fidelity).multiply_lower(distances_, covariance);
    to_full_ = factors_at(distances_, 0);
  }
  report_.jitter = detail::factorize_with_jitter(covariance, std::exp(parameters_.log_noise_variance), factor_);
  solve_weights();
  report_.log_posterior = log_marginal_likelihood() + options_.priors.log_density(parameters_);
}

void GaussianProcess::solve_weights() {
  alpha_ = targets_;
  detail::solve_in_place(factor_, alpha_);
  weights_ = alpha_;
  if (to_full_.size() > 0) weights_.array() *= to_full_.array();
}

/// c(F_i, F) for all i; 1 without fidelities.
Eigen::VectorXd GaussianProcess::factors_at(const Eigen::VectorXd& distances, double distance) const {
  if (!parameters_.fidelity) return Eigen::VectorXd::Ones(targets_.size());
  return FidelityKernel(*parameters_.fidelity).factors(distances, distance);
}

/// From prior covariances of configurations to those of the observations (rows) with the full fidelity.
void GaussianProcess::scale_by_fidelity(Eigen::Ref<Eigen::MatrixXd> covariances) const {
  if (to_full_.size() == 0) return;
  for (Eigen::Index j = 0; j < covariances.cols(); ++j) covariances.col(j).array() *= to_full_.array();
}

Eigen::VectorXd GaussianProcess::solve(const Eigen::Ref<const Eigen::VectorXd>& right) const {
  if (right.size() != number_of_points()) {
    throw InvalidInput("right", "has " + std::to_string(right.size()) + " entries for " +
                                    std::to_string(number_of_points()) + " points");
  }
  Eigen::VectorXd solved = right;
  detail::solve_in_place(factor_, solved);
  return solved;
}

double GaussianProcess::diagonal_variance() const { return std::exp(parameters_.log_noise_variance) + report_.jitter; }

double GaussianProcess::log_marginal_likelihood() const {
  return detail::log_density_of_targets(factor_, targets_, alpha_);
}

double GaussianProcess::log_marginal_likelihood(const GaussianProcessParameters& parameters,
                                                Eigen::VectorXd* gradient) const {
  return detail::Likelihood(kinds_, options_.kernel, features_, targets_, distances_)(parameters, gradient);
}

double GaussianProcess::log_posterior(const GaussianProcessParameters& parameters, Eigen::VectorXd* gradient) const {
  const double likelihood = log_marginal_likelihood(parameters, gradient);
  return likelihood + options_.priors.log_density(parameters, gradient);
}

void GaussianProcess::require_features(const Eigen::Ref<const Eigen::MatrixXd>& Z, const char* name) const {
  if (Z.rows() != number_of_features()) {
    throw InvalidInput(name, "has " + std::to_string(Z.rows()) + " rows; the process knows " +
                                 std::to_string(number_of_features()) + " features, and a point is a column");
  }
}

GaussianProcess::Posterior GaussianProcess::posterior(const Eigen::Ref<const Eigen::MatrixXd>& Z) const {
  require_features(Z, "Z");
  const Kernel::Points z = kernel_.points(Z);
  Posterior posterior{Eigen::VectorXd(Z.cols()), Eigen::VectorXd(Z.cols())};
  Eigen::MatrixXd covariances(number_of_points(), std::min(prediction_block, Z.cols()));
  for (Eigen::Index first = 0; first < Z.cols(); first += prediction_block) {
    const Eigen::Index m = std::min(prediction_block, Z.cols() - first);
    auto block = covariances.leftCols(m);
    kernel_.covariance(points_, z, first, block);
    for (Eigen::Index j = 0; j < m; ++j) posterior.mean[first + j] = block.col(j).dot(weights_);
    scale_by_fidelity(block);
    detail::solve_lower_in_place(factor_, block);
    for (Eigen::Index j = 0; j < m; ++j) {
      posterior.variance[first + j] = std::max(0.0, kernel_.signal_variance() - block.col(j).squaredNorm());
    }
  }
  return posterior;
}

Eigen::MatrixXd GaussianProcess::covariance_with_data(const Kernel::Points& z) const {
  Eigen::MatrixXd covariances = kernel_.covariance(points_, z);
  scale_by_fidelity(covariances);
  return covariances;
}

Eigen::VectorXd GaussianProcess::posterior_mean(const Eigen::Ref<const Eigen::MatrixXd>& Z) const {
  require_features(Z, "Z");
  const Kernel::Points z = kernel_.points(Z);
  Eigen::VectorXd mean(Z.cols());
  Eigen::MatrixXd covariances(number_of_points(), 1);
  for (Eigen::Index j = 0; j < Z.cols(); ++j) {
    kernel_.covariance(points_, z, j, covariances);
    mean[j] = covariances.col(0).dot(weights_);
  }
  return mean;
}

GaussianProcess::PosteriorWithGradient GaussianProcess::posterior_with_gradient(
    const Eigen::Ref<const Eigen::VectorXd>& z) const {
  require_features(z, "z");
  const Kernel::Points point = kernel_.points(z);
  const Eigen::VectorXd covariances = kernel_.covariance(points_, point);
  Eigen::MatrixXd slopes = kernel_.gradient(points_, point, covariances);
  Eigen::VectorXd solved = covariances;
  scale_by_fidelity(solved);
  detail::solve_lower_in_place(factor_, solved);
  PosteriorWithGradient posterior;
  posterior.mean = covariances.dot(weights_);
  posterior.variance = std::max(0.0, kernel_.signal_variance() - solved.squaredNorm());
  detail::solve_lower_transposed_in_place(factor_, solved);
  posterior.mean_gradient = slopes.transpose() * weights_;
  scale_by_fidelity(slopes);
  posterior.variance_gradient = -2.0 * (slopes.transpose() * solved);
  return posterior;
}

GaussianProcess::AcrossFidelities GaussianProcess::across_fidelities(const Eigen::Ref<const Eigen::VectorXd>& z,
                                                                     double distance) const {
  require_features(z, "z");
  const FidelityKernel factor(parameters_.fidelity.value_or(FidelityParameters{}));
  const Eigen::VectorXd distances = distances_.size() > 0 ? distances_ : Eigen::VectorXd::Zero(number_of_points());
  Eigen::MatrixXd covariances = kernel_.covariance(points_, kernel_.points(z)).replicate(1, 2);
  covariances.col(0).array() *= factor.factors(distances, 0).array();
  covariances.col(1).array() *= factor.factors(distances, distance).array();
  const double signal = kernel_.signal_variance();
  AcrossFidelities result;
  result.full_mean = covariances.col(0).dot(alpha_);
  result.mean = covariances.col(1).dot(alpha_);
  detail::solve_lower_in_place(factor_, covariances);
  result.full_variance = std::max(0.0, signal - covariances.col(0).squaredNorm());
  result.variance = std::max(0.0, signal * factor(distance, distance) - covariances.col(1).squaredNorm());
  result.covariance = signal * factor(distance, 0) - covariances.col(0).dot(covariances.col(1));
  return result;
}

GaussianProcess::JointPosterior GaussianProcess::joint_posterior(const Eigen::Ref<const Eigen::MatrixXd>& Z) const {
  require_features(Z, "Z");
  const Kernel::Points z = kernel_.points(Z);
  Eigen::MatrixXd covariances = kernel_.covariance(points_, z);
  JointPosterior posterior;
  posterior.mean = covariances.transpose() * weights_;
  posterior.covariance = kernel_.covariance(z, z);
  scale_by_fidelity(covariances);
  detail::solve_lower_in_place(factor_, covariances);
  detail::add_transposed_product(covariances, covariances, -1.0, posterior.covariance);
  return posterior;
}

Eigen::MatrixXd GaussianProcess::draws(const Eigen::Ref<const Eigen::MatrixXd>& Z,
                                       const Eigen::Ref<const Eigen::MatrixXd>& normals) const {
  if (normals.rows() != Z.cols()) {
    throw InvalidInput("normals", "has " + std::to_string(normals.rows()) + " rows for " + std::to_string(Z.cols()) +
                                      " points; give one row for each");
  }
  const JointPosterior joint = joint_posterior(Z);
  Eigen::MatrixXd root;
  detail::factorize_with_jitter(joint.covariance, 0.0, root);
  const Eigen::MatrixXd deviations = root.triangularView<Eigen::Lower>() * normals;
  return deviations.colwise() + joint.mean;
}

GaussianProcess::LeaveOneOut GaussianProcess::leave_one_out() const {
  Eigen::MatrixXd inverse = factor_;
  detail::invert_lower_in_place(inverse);
  LeaveOneOut result{Eigen::VectorXd(number_of_points()), Eigen::VectorXd(number_of_points())};
  for (Eigen::Index i = 0; i < number_of_points(); ++i) {
    result.variance[i] = 1.0 / inverse.col(i).tail(number_of_points() - i).squaredNorm();
    result.mean[i] = targets_[i] - alpha_[i] * result.variance[i];
  }
  return result;
}

/// Those of the observations before and of `added` ones; an empty vector is the full fidelity.
void GaussianProcess::join_distances(const Eigen::VectorXd& before, const Eigen::VectorXd& added) {
  if (before.size() == 0 && (added.array() == 0).all()) return;
  distances_ = Eigen::VectorXd::Zero(number_of_points());
  distances_.head(before.size()) = before;
  distances_.tail(added.size()) = added;
  if (!parameters_.fidelity) parameters_.fidelity = FidelityParameters{};
  to_full_ = factors_at(distances_, 0);
}

GaussianProcess GaussianProcess::with_observations(const Eigen::Ref<const Eigen::MatrixXd>& features,
                                                   const Eigen::Ref<const Eigen::VectorXd>& targets,
                                                   const Eigen::VectorXd& distances) const {
  require_data(kinds_, features, targets, distances);
  const Eigen::Index n = number_of_points();
  const Eigen::Index q = targets.size();
  GaussianProcess process;
  process.kinds_ = kinds_;
  process.parameters_ = parameters_;
  process.options_ = options_;
  process.kernel_ = kernel_;
  process.report_ = report_;
  process.features_.resize(features_.rows(), n + q);
  process.features_ << features_, features;
  process.targets_.resize(n + q);
  process.targets_ << targets_, targets;
  process.points_ = kernel_.points(process.features_);
  process.join_distances(distances_, distances);

  // [L 0; B C]: B = (L⁻¹ K12)ᵀ, C Cᵀ = K22 + noise I − B Bᵀ.
  const Kernel::Points added = kernel_.points(features);
  Eigen::MatrixXd border = kernel_.covariance(points_, added);
  Eigen::MatrixXd corner = kernel_.covariance(added, added);
  if (process.parameters_.fidelity) {
    const FidelityKernel factor(*process.parameters_.fidelity);
    const Eigen::VectorXd& all = process.distances_;
    for (Eigen::Index j = 0; j < q; ++j) {
      border.col(j).array() *= factor.factors(all.head(n), all[n + j]).array();
      corner.col(j).array() *= factor.factors(all.tail(q), all[n + j]).array();
    }
  }
  detail::solve_lower_in_place(factor_, border);
  detail::add_transposed_product(border, border, -1.0, corner);
  Eigen::MatrixXd corner_factor;
  const double noise = std::exp(parameters_.log_noise_variance) + report_.jitter;
  process.report_.jitter += detail::factorize_with_jitter(corner, noise, corner_factor);
  process.factor_.resize(n + q, n + q);
  process.factor_.topLeftCorner(n, n) = factor_;
  process.factor_.bottomLeftCorner(q, n) = border.transpose();
  process.factor_.bottomRightCorner(q, q) = corner_factor;
  process.solve_weights();
  process.report_.log_posterior = process.log_marginal_likelihood() + options_.priors.log_density(parameters_);
  return process;
}

}  // namespace hyperego
