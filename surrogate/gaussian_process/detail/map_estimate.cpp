#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/gaussian_process/detail/likelihood.hpp>
#include <hyperego/surrogate/gaussian_process/detail/map_estimate.hpp>

#include <nlopt.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <memory>
#include <numeric>

namespace hyperego::detail {
namespace {

constexpr double minus_infinity = -std::numeric_limits<double>::infinity();

/// The log posterior of one data set, counting calls and remembering the best point.
struct Density {
  Likelihood likelihood;
  const GaussianProcessOptions& options;
  bool has_fidelity = false;
  int evaluations = 0;
  double best_value = minus_infinity;
  Eigen::VectorXd best_point = {};

  double operator()(const Eigen::VectorXd& point, Eigen::VectorXd* gradient) {
    const int most = options.candidates + options.starts * options.evaluations_per_start;
    tell(options.progress, {"fit", static_cast<std::uint64_t>(evaluations), static_cast<std::uint64_t>(most)});
    ++evaluations;
    const auto parameters = GaussianProcessParameters::from_vector(point, has_fidelity);
    double value = likelihood(parameters, gradient);
    value += options.priors.log_density(parameters, gradient);
    if (value > best_value) {
      best_value = value;
      best_point = point;
    }
    return value;
  }
};

struct Box {
  Eigen::VectorXd lower;
  Eigen::VectorXd upper;

  [[nodiscard]] Eigen::VectorXd clamp(const Eigen::VectorXd& point) const {
    return point.cwiseMax(lower).cwiseMin(upper);
  }
};

std::vector<Eigen::VectorXd> candidates_for(const GaussianProcessOptions& options, const Box& box, Eigen::Index p,
                                            bool has_fidelity,
                                            const std::optional<GaussianProcessParameters>& warm_start) {
  const LogNormalPrior length = options.priors.length_scale_prior(p);
  const LogNormalPrior& noise = options.priors.noise_variance;
  const LogNormalPrior& range = options.priors.fidelity_length_scale;
  const LogNormalPrior& drift = options.priors.fidelity_drift;
  const Eigen::Index size = p + (has_fidelity ? 4 : 2);
  std::vector<Eigen::VectorXd> candidates;
  const auto add = [&](double log_signal, double log_length, double log_noise) {
    Eigen::VectorXd point = Eigen::VectorXd::Constant(size, log_length);
    point[0] = log_signal;
    point[p + 1] = log_noise;
    if (has_fidelity) point.tail(2) << range.location, drift.location;
    candidates.push_back(box.clamp(point));
  };
  if (warm_start) candidates.push_back(box.clamp(warm_start->as_vector()));
  const double signal = options.priors.signal_variance.location;
  add(signal, length.location - 0.5 * length.scale, noise.location);
  add(signal, length.location - length.scale, noise.location + noise.scale);
  add(signal, length.location + 0.5 * length.scale, noise.location);
  Rng rng(options.seed, "gaussian process starts");
  while (static_cast<int>(candidates.size()) < options.candidates) {
    Eigen::VectorXd point(size);
    point[0] = signal + options.priors.signal_variance.scale * rng.normal();
    for (Eigen::Index l = 0; l < p; ++l) point[1 + l] = length.location + length.scale * rng.normal();
    point[p + 1] = noise.location + noise.scale * rng.normal();
    if (has_fidelity) {
      point[p + 2] = range.location + range.scale * rng.normal();
      point[p + 3] = drift.location + drift.scale * rng.normal();
    }
    candidates.push_back(box.clamp(point));
  }
  return candidates;
}

/// What the C callback needs; NLopt is C code, so exceptions are carried around it.
struct Climb {
  Density& density;
  nlopt_opt optimizer;
  std::exception_ptr failure = nullptr;
};

double climb_callback(unsigned size, const double* x, double* gradient, void* data) {
  auto& climb = *static_cast<Climb*>(data);
  try {
    const Eigen::VectorXd point = Eigen::Map<const Eigen::VectorXd>(x, size);
    if (gradient == nullptr) return -climb.density(point, nullptr);
    Eigen::VectorXd slope;
    const double value = climb.density(point, &slope);
    Eigen::Map<Eigen::VectorXd>(gradient, size) = -slope;
    return -value;
  } catch (...) {
    climb.failure = std::current_exception();
    nlopt_force_stop(climb.optimizer);
    return std::numeric_limits<double>::max();
  }
}

nlopt_result climb_from(Density& density, const Box& box, const GaussianProcessOptions& options,
                        Eigen::VectorXd point) {
  const std::unique_ptr<nlopt_opt_s, decltype(&nlopt_destroy)> optimizer(
      nlopt_create(NLOPT_LD_LBFGS, static_cast<unsigned>(point.size())), &nlopt_destroy);
  Climb climb{density, optimizer.get()};
  nlopt_set_lower_bounds(optimizer.get(), box.lower.data());
  nlopt_set_upper_bounds(optimizer.get(), box.upper.data());
  nlopt_set_min_objective(optimizer.get(), climb_callback, &climb);
  nlopt_set_maxeval(optimizer.get(), options.evaluations_per_start);
  nlopt_set_ftol_abs(optimizer.get(), options.tolerance);
  double value = 0;
  const nlopt_result result = nlopt_optimize(optimizer.get(), point.data(), &value);
  if (climb.failure) std::rethrow_exception(climb.failure);
  return result;
}

std::vector<std::size_t> order_of_starts(const std::vector<double>& values, bool warm) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin() + (warm ? 1 : 0), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] > values[b]; });
  return order;
}

}  // namespace

MapEstimate estimate_map(const std::vector<FeatureKind>& kinds, const Eigen::MatrixXd& features,
                         const Eigen::VectorXd& targets, const Eigen::VectorXd& distances,
                         const GaussianProcessOptions& options, std::optional<GaussianProcessParameters> warm_start) {
  options.validate();
  const Eigen::Index p = features.rows();
  if (warm_start && warm_start->log_length_scales.size() != p) {
    throw InvalidInput("warm_start", "has " + std::to_string(warm_start->log_length_scales.size()) +
                                         " length scales for " + std::to_string(p) + " features");
  }
  const bool has_fidelity = distances.size() > 0;
  if (warm_start && !has_fidelity) warm_start->fidelity.reset();
  if (warm_start && has_fidelity && !warm_start->fidelity) warm_start->fidelity = FidelityParameters{};
  const auto [lower, upper] = options.bounds.log_box(p, has_fidelity);
  const Box box{lower, upper};
  Density density{.likelihood = Likelihood(kinds, options.kernel, features, targets, distances),
                  .options = options,
                  .has_fidelity = has_fidelity};
  const std::vector<Eigen::VectorXd> candidates = candidates_for(options, box, p, has_fidelity, warm_start);
  std::vector<double> values;
  for (const Eigen::VectorXd& candidate : candidates) values.push_back(density(candidate, nullptr));

  MapEstimate estimate;
  int failures = 0;
  for (const std::size_t start : order_of_starts(values, warm_start.has_value())) {
    if (estimate.report.starts == options.starts) break;
    ++estimate.report.starts;
    const nlopt_result result = climb_from(density, box, options, candidates[start]);
    if (result < 0) ++failures;
    if (!estimate.report.message.empty()) estimate.report.message += ", ";
    estimate.report.message += nlopt_result_to_string(result);
  }
  estimate.parameters = GaussianProcessParameters::from_vector(density.best_point, has_fidelity);
  estimate.report.fitted = true;
  estimate.report.fallback = failures == estimate.report.starts;
  estimate.report.evaluations = density.evaluations;
  estimate.report.log_posterior = density.best_value;
  return estimate;
}

}  // namespace hyperego::detail
