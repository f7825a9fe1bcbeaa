#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/progress.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/surrogate/surrogate.hpp>
#include <hyperego/surrogate/target_reach.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace hyperego::detail {

/// Trials of one objective as a model sees them.
struct ModelledTrials {
  std::shared_ptr<const SearchSpace> space;
  std::span<const Configuration> configurations;
  Eigen::VectorXd targets;  ///< minimised, all finite
  TargetReachOptions reach;
  std::uint64_t seed = 0;
  ProgressHook progress = {};  ///< told of the fits under the name `phase`
  std::string phase = {};
};

/// Trials that a Gaussian process is conditioned on, and of these those that its parameters are fitted to, at most.
inline constexpr std::size_t most_conditioned = 1000;
inline constexpr std::size_t most_fitted = 300;
/// Trials that a forest is grown on, at most.
inline constexpr std::size_t most_grown = 10'000;

/// A Gaussian process of the targets as they are or under the power transform, whichever predicts left-out trials
/// better; predictions keep to the reach of the targets. Of more than `most` trials the best and a space-filling rest.
[[nodiscard]] std::shared_ptr<const Surrogate> fit_process(const ModelledTrials& trials, std::size_t most);

/// A random forest. Of more than most_grown trials the best of them and a random rest.
[[nodiscard]] std::shared_ptr<const Surrogate> grow_forest(const ModelledTrials& trials);

}  // namespace hyperego::detail
