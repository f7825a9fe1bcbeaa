#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/gaussian_process/detail/parameter_draws.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

namespace hyperego::detail {
namespace {

constexpr int warm_up = 12;
constexpr int most_leaps = 6;

/// A place, its log density and the gradient of that; −∞ outside of the bounds.
struct State {
  Eigen::VectorXd place;
  double density = -std::numeric_limits<double>::infinity();
  Eigen::VectorXd gradient;
};

class LogPosterior {
 public:
  explicit LogPosterior(const GaussianProcess& process) : process_(process) {
    std::tie(lower_, upper_) = process.options().bounds.log_box(process.number_of_features(), has_fidelity());
  }

  [[nodiscard]] State at(const Eigen::VectorXd& place) const {
    State state{.place = place, .gradient = Eigen::VectorXd::Zero(place.size())};
    if ((place.array() < lower_.array()).any() || (place.array() > upper_.array()).any()) return state;
    try {
      state.density = process_.log_posterior(parameters(place), &state.gradient);
    } catch (const Error&) {
      state.density = -std::numeric_limits<double>::infinity();  // a covariance that cannot be factorised
    }
    if (!std::isfinite(state.density) || !state.gradient.allFinite()) {
      state.density = -std::numeric_limits<double>::infinity();
    }
    return state;
  }
  [[nodiscard]] GaussianProcessParameters parameters(const Eigen::VectorXd& place) const {
    return GaussianProcessParameters::from_vector(place, has_fidelity());
  }
  [[nodiscard]] Eigen::VectorXd inside(const Eigen::VectorXd& place) const {
    const Eigen::VectorXd margin = 1e-3 * (upper_ - lower_);
    return place.cwiseMax(lower_ + margin).cwiseMin(upper_ - margin);
  }

 private:
  [[nodiscard]] bool has_fidelity() const { return process_.parameters().fidelity.has_value(); }

  const GaussianProcess& process_;
  Eigen::VectorXd lower_, upper_;
};

/// Standard deviations of the coordinates as the curvature at the start would have them, within those of a wide prior.
Eigen::VectorXd scales_at(const LogPosterior& posterior, const State& start) {
  constexpr double step = 0.1;
  Eigen::VectorXd scales(start.place.size());
  for (Eigen::Index i = 0; i < scales.size(); ++i) {
    Eigen::VectorXd place = start.place;
    place[i] += step;
    State beside = posterior.at(place);
    double slope = -(beside.gradient[i] - start.gradient[i]) / step;
    if (!std::isfinite(beside.density)) slope = 1;
    scales[i] = std::clamp(1 / std::sqrt(std::max(slope, 1e-6)), 0.05, 2.0);
  }
  return scales;
}

}  // namespace

std::vector<GaussianProcessParameters> draw_parameters(const GaussianProcess& process, std::size_t count, Rng rng) {
  const LogPosterior posterior(process);
  State state = posterior.at(posterior.inside(process.parameters().as_vector()));
  std::vector<GaussianProcessParameters> draws;
  if (!std::isfinite(state.density)) return {count, process.parameters()};
  const Eigen::VectorXd scales = scales_at(posterior, state);
  double step = 0.4;
  for (int t = -warm_up; t < static_cast<int>(count); ++t) {
    Eigen::VectorXd momentum(state.place.size());
    for (double& value : momentum) value = rng.normal();
    const double length = step * (0.7 + 0.6 * rng.uniform());
    const double before = state.density - 0.5 * momentum.squaredNorm();
    State moved = state;
    momentum.array() += 0.5 * length * scales.array() * moved.gradient.array();
    for (int leap = 0; leap < most_leaps && std::isfinite(moved.density); ++leap) {
      moved = posterior.at(moved.place + length * scales.cwiseProduct(momentum));
      const double share = leap + 1 < most_leaps ? 1.0 : 0.5;
      momentum.array() += share * length * scales.array() * moved.gradient.array();
    }
    const double log_ratio = moved.density - 0.5 * momentum.squaredNorm() - before;
    const bool accepted = std::log(rng.uniform()) < log_ratio;
    if (accepted) state = std::move(moved);
    if (t < 0) {
      step *= accepted ? 1.15 : 0.7;
    } else {
      draws.push_back(posterior.parameters(state.place));
    }
  }
  return draws;
}

}  // namespace hyperego::detail
