#pragma once

#include <hyperego/moo/decision/decision.hpp>
#include <hyperego/moo/scalarization/scalarization.hpp>
#include <hyperego/moo/search/search_state.hpp>
#include <hyperego/surrogate/surrogate.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <memory>
#include <span>

namespace hyperego {

// Ideal and nadir point that the objectives of a trial are normalised by. `objectives`: completed configurations ×
// objectives, minimised.

/// Of the front of the completed trials.
[[nodiscard]] Normalization front_bounds(const SearchState& state, const Eigen::MatrixXd& objectives);

/// Of the front of the completed trials and, where there are two objectives, of what the `surrogates` (one for each)
/// predict at random places: where all trials on the front sit in one corner, an ideal point taken from them would make
/// that corner the best place for every weight vector. With more than two objectives, though, hardly any place is
/// predicted to be dominated, and the nadir of such a front is that of bad places.
[[nodiscard]] Normalization predicted_front_bounds(const SearchState& state,
                                                   std::span<const std::shared_ptr<const Surrogate>> surrogates,
                                                   const Eigen::MatrixXd& objectives, std::uint64_t trial);

void record_bounds(const Normalization& bounds, Decision& decision);

}  // namespace hyperego
