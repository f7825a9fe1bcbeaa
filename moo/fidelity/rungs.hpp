#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/moo/trials/partial_trials.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <optional>
#include <vector>

namespace hyperego {

/// The rungs of successive halving, each η times the one below, the last one full: full / η^R, …, full / η, full, with
/// the largest R for which the first is not below the least fidelity. Values that round to the same are one rung.
[[nodiscard]] std::vector<double> rungs_of(const Fidelity& fidelity, double eta);

/// Row numbers by non-dominated sorting, within a front by falling crowding distance (NSGA-II; Deb et al. 2002), then
/// in the order given. Minimised.
[[nodiscard]] std::vector<std::size_t> best_first(const Eigen::MatrixXd& points);

/// A configuration to evaluate at a higher rung.
struct RungPromotion {
  Configuration configuration;
  std::size_t rung = 0;         ///< where it goes
  std::size_t place = 0;        ///< among those evaluated at the rung below, 0 for the best
  std::size_t competitors = 0;  ///< so many were
};

/// Asynchronous promotion (ASHA; Li et al., MLSys 2020) by best_first() (MO-ASHA; Schmucker et al., arXiv 2106.12639):
/// from the highest rung down, the best of the first 1/η of all that were evaluated at a rung that has not gone on.
/// With `regularize` the seconds of the evaluation at the rung are one more objective of the ranking.
[[nodiscard]] std::optional<RungPromotion> next_promotion(const PartialTrials& trials, const std::vector<double>& rungs,
                                                          double eta, bool regularize);

/// The probabilities with which a new configuration starts at each rung: the numbers of configurations in Hyperband's
/// brackets, ⌈(R + 1) / (R − r + 1) η^(R − r)⌉ (Li et al., JMLR 18, 2018).
[[nodiscard]] Eigen::VectorXd starting_shares(std::size_t rungs, double eta);

}  // namespace hyperego
