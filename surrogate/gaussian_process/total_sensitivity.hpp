#pragma once

#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <Eigen/Core>

namespace hyperego {

/// What the fitted kernel alone says of the importance of every player (space.searched()), however many there are: the
/// total-effect variance (Sobol' 1993; Homma & Saltelli 1996) that a function of the process has in expectation,
///
///     ψ_i = E Var(f(λ) | all but λ_i) = σ² (1 − E k(λ, λ') / σ²),  λ' = λ but for a redrawn value of i,
///
/// configurations uniform, on the scale of GaussianProcessSurrogate::process(). It falls with the length scale of i and
/// holds for both kernel forms, as λ and λ' differ in one hyperparameter. In closed form for floats, by sums over a
/// grid of at least 64 values for what is discrete, and by 256 draws for a hyperparameter that conditions join with
/// others (what i switches on or off counts as its effect; 0 where it is inactive itself). Deterministic. O(d) and
/// O(256 p) for each joined one.
[[nodiscard]] Eigen::VectorXd total_sensitivity(const GaussianProcessSurrogate& model);

}  // namespace hyperego
