#pragma once

#include <hyperego/benchmark/suite.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/core/trial.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

/// A task that is ready to be run and judged. Safe to use from several threads.
struct BenchmarkTask {
  std::string name;
  std::shared_ptr<const SearchSpace> space;
  std::vector<Objective> objectives;
  std::function<Eigen::VectorXd(const Configuration&)> evaluate;  ///< raw objectives
  std::uint64_t trials = 0;
  std::size_t initial_trials = 0;
  double reference = 1.1;  ///< in every normalised objective

  BoundsSource bounds = BoundsSource::given;
  Eigen::VectorXd lower, upper;  ///< of the minimised objectives: mapped to 0 and 1
  /// Points of the known front, minimised and normalised, one row each; no rows where it is not known.
  Eigen::MatrixXd front;
  std::optional<double> best_hypervolume;  ///< normalised: of the known front, or given by the suite

  /// Evaluates a trial: one whose objectives are not finite, or whose evaluation throws, has failed.
  [[nodiscard]] Outcome outcome(const Configuration& configuration) const;
  /// Raw objectives → minimised and mapped by the bounds, not clipped.
  [[nodiscard]] Eigen::VectorXd normalised(const Eigen::VectorXd& raw) const;
  /// Whether the space's defaults are somebody's advice. Those of a built-in problem are not: they are the middle of
  /// its domain, where some (ZDT4, DTLZ1–5, SYM-PART) have their optimum, which would be given away.
  bool has_defaults = true;
  /// The same with only the hyperparameters that matter, bounds and budget being these; null where all of them do.
  std::shared_ptr<const BenchmarkTask> relevant_alone = {};
  /// What every optimizer gets for this seed: the same first configurations, namely the default, then scrambled Sobol'
  /// points. Without defaults, the first of those points takes their place in the space as well.
  [[nodiscard]] OptimizationProblem problem(std::uint64_t seed) const;
};

/// Number of points behind BoundsSource::sobol.
inline constexpr std::uint64_t bounds_sample = 4096;

/// Loads what the tasks need. @throws InvalidInput naming the task's place for unknown problems, scenarios, instances
/// or objectives, missing data, or bounds that there are not.
[[nodiscard]] std::vector<BenchmarkTask> prepare_tasks(const BenchmarkSuite& suite);

}  // namespace hyperego
