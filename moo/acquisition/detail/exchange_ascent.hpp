#pragma once

#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/acquisition/acquisition_maximizer.hpp>
#include <hyperego/moo/model/acquisition.hpp>

#include <functional>

namespace hyperego::detail {

using Offer = std::function<void(const Configuration&, double value)>;

/// Moves `current` uphill by changing one discrete hyperparameter at a time, and shows every configuration that it
/// values to `offer`. Returns whether it moved.
///
/// Up to 20 discrete hyperparameters: steepest ascent, at most 20 moves, each the best of all exchanges. Beyond that
/// one sweep over all exchanges costs O(d) values of O(d) each. There the hyperparameters are gone through in random
/// order, and the best of every 16 exchanges is taken where it improves; at most about 160 values whatever d is.
/// Deterministic in `rng`, from which only large spaces and categoricals of more than 1000 choices draw.
bool exchange_ascent(const AcquisitionFunction& acquisition, const Slice& slice, AcquisitionMaximum& current,
                     const Offer& offer, Rng& rng);

}  // namespace hyperego::detail
