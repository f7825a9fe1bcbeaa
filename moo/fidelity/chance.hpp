#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <Eigen/Core>

#include <memory>
#include <span>

namespace hyperego {

/// The probability that the full evaluation of a configuration is not weakly dominated by `front` (points × objectives,
/// as modelled), objectives being independent: the share of 512 fixed quasi-random draws of the posterior. The noise of
/// observations is none of it. 1 where the front is empty. O(n² m + 512 f m).
[[nodiscard]] double chance_to_improve(std::span<const std::shared_ptr<const GaussianProcessSurrogate>> surrogates,
                                       const Configuration& configuration, const Eigen::MatrixXd& front);

/// `count` points of a fixed quasi-random sequence as standard normal numbers (count × dimensions).
[[nodiscard]] Eigen::MatrixXd normal_points(Eigen::Index count, Eigen::Index dimensions);

}  // namespace hyperego
