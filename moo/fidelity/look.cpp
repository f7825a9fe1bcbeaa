#include <hyperego/moo/fidelity/chance.hpp>
#include <hyperego/moo/fidelity/look.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace hyperego {
namespace {

constexpr Eigen::Index outcomes = 32;
constexpr double worth_a_look = 1.05;
/// A look that pays only if something rare is seen bets on tails, of which models know least.
constexpr double least_share_going_on = 0.25;
/// What no look is cheaper than when it is compared: it takes a trial, and its price would flatter it.
constexpr double least_cost = 0.05;

/// max_k (largest k of the improvements, summed) / (look + full k / n), and k / n.
std::pair<double, double> best_rate(std::vector<double> improvements, double look, double full) {
  std::sort(improvements.begin(), improvements.end(), std::greater<>());
  const auto n = static_cast<double>(improvements.size());
  double sum = 0;
  std::pair<double, double> best{0, 0};
  for (std::size_t k = 0; k < improvements.size(); ++k) {
    sum += improvements[k];
    const double share = static_cast<double>(k + 1) / n;
    if (share < least_share_going_on) continue;
    const double rate = sum / n / (look + full * share);
    if (rate > best.first) best = {rate, share};
  }
  return best;
}

double log_of(double value) { return std::log(std::max(value, 1e-300)); }

}  // namespace

std::vector<double> levels_of(const Fidelity& fidelity) {
  constexpr int most = 8;
  const double least = std::max(fidelity.least, fidelity.full / 200);
  std::vector<double> levels;
  for (int k = 0; k < most; ++k) {
    const double value = least * std::pow(fidelity.full / least, static_cast<double>(k) / (most - 1));
    const double legal = k + 1 == most ? fidelity.full : fidelity.value_at(fidelity.distance(value));
    if (levels.empty() || legal > levels.back()) levels.push_back(legal);
  }
  return levels;
}

double design_fidelity(const Fidelity& fidelity) {
  return fidelity.value_at(fidelity.distance(std::max(fidelity.least, fidelity.full / 27)));
}

Looks::Looks(const PartialTrials& trials, std::vector<std::shared_ptr<const GaussianProcessSurrogate>> surrogates,
             ImprovementOfMoments improvement)
    : trials_(trials),
      surrogates_(std::move(surrogates)),
      improvement_(std::move(improvement)),
      normals_(normal_points(outcomes, static_cast<Eigen::Index>(surrogates_.size()))) {}

Look Looks::best(const Configuration& configuration) const {
  const Fidelity& fidelity = *trials_.fidelity();
  const PartialTrials::Standing* standing = trials_.standing(configuration);
  const double reached = standing != nullptr ? standing->reached : 0;
  const Look whole = full(configuration);
  Look best = whole;
  double bar = whole.log_rate + std::log(worth_a_look);
  for (const double value : levels_of(fidelity)) {
    if (!(value > reached) || !(value < fidelity.full)) continue;
    const Look look = at(configuration, value, standing);
    if (!(look.log_rate > bar)) continue;
    best = look;
    bar = look.log_rate;
  }
  return best;
}

Look Looks::full(const Configuration& configuration) const {
  return at(configuration, trials_.fidelity()->full, trials_.standing(configuration));
}

Look Looks::at(const Configuration& configuration, double value, const PartialTrials::Standing* standing) const {
  const Fidelity& fidelity = *trials_.fidelity();
  const auto m = static_cast<Eigen::Index>(surrogates_.size());
  Eigen::VectorXd mean(m);
  Eigen::VectorXd variance(m);
  Eigen::VectorXd shift(m);  // s
  Look look{.fidelity = value, .is_full = value >= fidelity.full, .cost = trials_.cost(value, standing)};
  for (Eigen::Index j = 0; j < m; ++j) {
    const GaussianProcessSurrogate& model = *surrogates_[static_cast<std::size_t>(j)];
    const auto posterior = model.across_fidelities(configuration, fidelity.distance(value)).on_model_scale();
    const double seen = posterior.variance + model.noise_variance().on_model_scale();
    mean[j] = posterior.full_mean;
    variance[j] = std::max(posterior.full_variance, 1e-24);
    const double told = std::min(posterior.covariance * posterior.covariance / seen, (1 - 1e-12) * variance[j]);
    shift[j] = std::sqrt(told);
    look.correlation = std::min(look.correlation, std::sqrt(told / variance[j]));
    look.information -= 0.5 * std::log1p(-told / variance[j]);
  }
  const double now = improvement_(mean, variance.cwiseSqrt());
  look.log_rate = now - log_of(std::max(look.cost, 1e-9));
  if (look.is_full) return look;

  const Eigen::VectorXd left = (variance - shift.cwiseAbs2()).cwiseMax(1e-24).cwiseSqrt();
  std::vector<double> improvements;
  for (Eigen::Index k = 0; k < outcomes; ++k) {
    const Eigen::VectorXd moved = mean + shift.cwiseProduct(normals_.row(k).transpose());
    improvements.push_back(improvement_(moved, left));
  }
  // Relative to what is expected now, which the mean over outcomes must be.
  const double largest = *std::max_element(improvements.begin(), improvements.end());
  double sum = 0;
  for (double& value_of : improvements) sum += value_of = std::exp(value_of - largest);
  for (double& value_of : improvements) value_of *= outcomes / sum;
  PartialTrials::Standing there{.configuration = configuration, .reached = value, .trial = 0};
  const double further = trials_.cost(fidelity.full, &there);
  const auto [rate, share] = best_rate(std::move(improvements), std::max(look.cost, least_cost), further);
  look.log_rate = now + log_of(rate);
  look.share_going_on = share;
  return look;
}

}  // namespace hyperego
