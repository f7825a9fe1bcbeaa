#pragma once

#include <hyperego/surrogate/surrogate.hpp>

#include <Eigen/Core>

#include <span>
#include <utility>

namespace hyperego {

/// Total sensitivities of Σ_j c_j f_j for independent surrogates f_j with slopes c_j, per player (space.searched()), as
/// shares of their sum: Σ_j c_j² ψ_ij, each f_j taken as linear in its modelled scale around the middle of its targets.
/// Empty where a surrogate is no Gaussian process, or nothing varies. O(m d), more for hyperparameters that conditions
/// join (total_sensitivity()).
[[nodiscard]] Eigen::VectorXd importance_of(std::span<const std::pair<double, const Surrogate*>> terms);

/// exp of the entropy of shares that sum to 1: of d equal ones d, of a single one 1.
[[nodiscard]] double effective_dimension(const Eigen::VectorXd& shares);

}  // namespace hyperego
