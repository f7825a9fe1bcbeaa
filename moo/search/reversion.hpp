#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/acquisition/acquisition_maximizer.hpp>
#include <hyperego/moo/model/acquisition.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace hyperego {

/// The maximum of an acquisition with everything put back to an evaluated configuration that is not worth changing.
struct Reversion {
  AcquisitionMaximum reached;
  Configuration origin;              ///< what it was put back to
  std::vector<std::size_t> changed;  ///< searched hyperparameters in which `reached` differs from `origin`, ascending
  std::vector<double> without;       ///< log α of `reached` with each of them put back as well
};

/// Puts hyperparameters of `maximum` back to their values in one of the `origins`, cheapest first, as long as the
/// acquisition α stays at `least_share` of its maximum: log α(x* ⊕_S λ0) ≥ log α(x*) + log least_share. (BONSAI:
/// Daulton, Eriksson, Balandat & Bakshy, arXiv 2602.07144, there towards the default configuration.)
///
/// A round values every single reversion and then the sets of the k cheapest for every k, of which the largest that
/// keeps the share is taken; the last round finds none. At most d² + d values of α for an origin, in batches, and
/// hardly ever more than 6 d. Of the `origins` the three nearest in unit coordinates are tried, and the one with the
/// fewest changes is taken. A hyperparameter that becomes active takes its value from whichever has one. Nothing where
/// no reversion is cheap enough, or there are no origins. What `excluded` refuses and what is forbidden is passed over.
[[nodiscard]] std::optional<Reversion> revert(const AcquisitionFunction& acquisition, const Slice& domain,
                                              const AcquisitionMaximum& maximum, std::span<const Configuration> origins,
                                              double least_share,
                                              const std::function<bool(const Configuration&)>& excluded);

/// `to` where `changed`, else `from`, for every hyperparameter of the space; what becomes active takes its value from
/// whichever has one, else its default. On the domain; may be forbidden.
[[nodiscard]] Configuration between(const Slice& domain, const Configuration& from, const Configuration& to,
                                    std::span<const std::size_t> changed);

}  // namespace hyperego
