#pragma once

#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process.hpp>

#include <cstddef>
#include <vector>

namespace hyperego::detail {

/// `count` draws from the posterior of the parameters of `process`, for what one vector of largest density leaves out:
/// that a length scale may be quite another.
///
/// Hamiltonian Monte Carlo (Neal, Handbook of MCMC, 2011, ch. 5) on the log-parameters from those of the process, with
/// masses from the curvature there and step sizes that follow the acceptance during a warm-up. A draw costs up to six
/// evaluations of the log posterior with its gradient, O(n³) each. Draws of one generator are the same for every count
/// (the first k of them).
[[nodiscard]] std::vector<GaussianProcessParameters> draw_parameters(const GaussianProcess& process, std::size_t count,
                                                                     Rng rng);

}  // namespace hyperego::detail
