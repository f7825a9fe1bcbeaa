#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/acquisition/expert_prior.hpp>

#include <span>
#include <vector>

namespace hyperego {

/// From what a new configuration is drawn: shares that sum to 1.
struct PriorBandShares {
  double uniform = 1;
  double prior = 0;
  double incumbents = 0;
};

/// PriorBand (Mallik et al., NeurIPS 2023), for a configuration that starts at rung r: uniform 1/(1 + η^r), the rest
/// from the expert's prior, and, once there are `incumbents`, from the prior and from around them in proportion to
/// Σ_k w_k p(λ_k), the density that each gives to the best configurations so far, the best first, of weights
/// w = K, …, 1. Without a prior the rest is drawn from around the incumbents, or uniformly where there are none.
/// Several objectives: the density around the incumbents is the mean over them.
[[nodiscard]] PriorBandShares prior_band_shares(std::size_t rung, double eta, const SearchSpace& space,
                                                const ExpertPrior* prior, std::span<const Configuration> incumbents,
                                                std::span<const Configuration> best);

/// An incumbent, every free hyperparameter of it changed with probability ½: numbers and ordinals by a normal step of
/// deviation ¼ in unit coordinates, kept inside; categoricals to another choice. As NePS does it.
[[nodiscard]] Configuration mutated(const Slice& domain, const Configuration& incumbent, Rng& rng);

/// log density of `configuration` around `incumbent` relative to uniform: a truncated normal of deviation ¼ for every
/// number, three quarters on the incumbent's choice for categoricals.
[[nodiscard]] double log_density_around(const SearchSpace& space, const Configuration& incumbent,
                                        const Configuration& configuration);

}  // namespace hyperego
