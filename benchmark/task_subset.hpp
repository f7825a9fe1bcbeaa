#pragma once

#include <hyperego/benchmark/summary.hpp>
#include <hyperego/benchmark/task.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace hyperego {

/// Tasks as points of [0, 1]^f, one row each.
struct TaskFeatures {
  std::vector<std::string> names = {};
  Eigen::MatrixXd values = {};
};

/// How well optimizers do: the mean share of the best known hypervolume when the budget is spent, scaled over the tasks
/// to [0, 1], one feature for each of the first `most` optimizers.
///
/// CARP-S chooses its subsets so, from three optimizers that behave differently (C. Benjamins et al.: "carps: A
/// Framework for Comparing N Hyperparameter Optimizers on M Benchmarks", arXiv 2506.06143, 2025).
/// @throws InvalidInput for fewer than two tasks.
[[nodiscard]] TaskFeatures performance_features(const BenchmarkSummary& summary, std::size_t most = 3);

/// What the tasks are, without any run: log of the number of searched hyperparameters, share of those that are no
/// floats, log of the number of objectives; each scaled to [0, 1]. What is alike on all tasks is left out.
/// @throws InvalidInput where all tasks are alike.
[[nodiscard]] TaskFeatures description_features(const std::vector<BenchmarkTask>& tasks);

/// Some tasks for all.
struct TaskSubset {
  std::vector<std::string> tasks = {};
  std::vector<std::string> features = {};
  double discrepancy = 0;          ///< star discrepancy of the chosen tasks
  double typical_discrepancy = 0;  ///< mean over 100 subsets of that size that are drawn at random
};

/// `names` of the rows of `features`. @throws InvalidInput as low_discrepancy_subset().
[[nodiscard]] TaskSubset representative_subset(const TaskFeatures& features, const std::vector<std::string>& names,
                                               std::size_t count);

[[nodiscard]] nlohmann::ordered_json to_json(const TaskSubset& subset);

}  // namespace hyperego
