#include <hyperego/moo/fidelity/prior_band.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {
namespace {

constexpr double deviation = 0.25;
constexpr double changed = 0.5;

double normal_cdf(double z) { return 0.5 * std::erfc(-z / std::sqrt(2.0)); }

}  // namespace

double log_density_around(const SearchSpace& space, const Configuration& incumbent,
                          const Configuration& configuration) {
  double sum = 0;
  for (const std::size_t i : space.searched()) {
    if (!incumbent.is_set(i) || !configuration.is_set(i)) continue;
    if (space[i].is_categorical()) {
      const auto choices = static_cast<double>(space[i].cardinality());
      const bool same = incumbent[i] == configuration[i];
      sum += std::log(same ? (1 - deviation) * choices : deviation * choices / (choices - 1));
      continue;
    }
    const double centre = space[i].to_unit(incumbent[i]);
    const double z = (space[i].to_unit(configuration[i]) - centre) / deviation;
    const double mass = normal_cdf((1 - centre) / deviation) - normal_cdf(-centre / deviation);
    sum += -0.5 * z * z - std::log(deviation * std::sqrt(2 * std::acos(-1.0)) * mass);
  }
  return sum;
}

PriorBandShares prior_band_shares(std::size_t rung, double eta, const SearchSpace& space, const ExpertPrior* prior,
                                  std::span<const Configuration> incumbents, std::span<const Configuration> best) {
  PriorBandShares shares{.uniform = 1 / (1 + std::pow(eta, static_cast<double>(rung)))};
  const double rest = 1 - shares.uniform;
  if (prior == nullptr && incumbents.empty()) return {};
  if (incumbents.empty()) {
    shares.prior = rest;
    return shares;
  }
  if (prior == nullptr) {
    shares.incumbents = rest;
    return shares;
  }
  double by_prior = 0;
  double by_incumbents = 0;
  for (std::size_t k = 0; k < best.size(); ++k) {
    const auto weight = static_cast<double>(best.size() - k);
    by_prior += weight * std::exp(prior->log_density(space, best[k]));
    for (const Configuration& incumbent : incumbents) {
      by_incumbents +=
          weight * std::exp(log_density_around(space, incumbent, best[k])) / static_cast<double>(incumbents.size());
    }
  }
  const double all = by_prior + by_incumbents;
  shares.prior = rest * (all > 0 ? by_prior / all : 0.5);
  shares.incumbents = rest - shares.prior;
  return shares;
}

Configuration mutated(const Slice& domain, const Configuration& incumbent, Rng& rng) {
  const SearchSpace& space = domain.space();
  Configuration wanted = space.default_configuration();
  for (const std::size_t i : space.searched()) {
    wanted.set(i, incumbent.is_set(i) ? incumbent[i] : space[i].from_unit(rng.uniform()));
    if (!domain.is_free(i) || !(rng.uniform() < changed)) continue;
    if (space[i].is_categorical()) {
      const std::size_t choices = space[i].cardinality();
      const auto step = static_cast<double>(1 + rng.below(choices - 1));
      wanted.set(i, std::fmod(wanted[i] + step, static_cast<double>(choices)));
    } else {
      const double u = space[i].to_unit(wanted[i]) + deviation * rng.normal();
      wanted.set(i, space[i].from_unit(std::clamp(u, 0.0, 1.0)));
    }
  }
  return domain.project(wanted);
}

}  // namespace hyperego
