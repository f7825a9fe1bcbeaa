#pragma once

#include <hyperego/benchmark/competitor.hpp>
#include <hyperego/study/specification.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hyperego {

/// ⌈base + per_root_dimension · √d⌉ for d searched hyperparameters.
struct TrialBudget {
  double base = 20;
  double per_root_dimension = 40;

  [[nodiscard]] std::uint64_t trials(std::size_t searched) const;
};

/// What objectives are mapped to 0 and 1 before hypervolume is taken; never anything that the compared optimizers
/// found.
enum class BoundsSource {
  statistics,  ///< the published minimum and maximum of a YAHPO instance
  front,       ///< ideal and nadir of the known front
  sobol,       ///< ideal and nadir of the non-dominated ones among fixed Sobol' points
  given,       ///< in the suite
};

[[nodiscard]] std::string_view to_string(BoundsSource source);

/// One problem to be solved, as the suite says it.
struct TaskDefinition {
  std::string name = {};  ///< unique within the suite, also as a folder
  std::variant<ProblemEvaluation, YahpoEvaluation> evaluation = {};
  std::optional<TrialBudget> budget = {};       ///< the suite's unless given
  std::optional<BoundsSource> bounds = {};      ///< statistics or front where known, else sobol, unless given
  Eigen::VectorXd ideal = {}, nadir = {};       ///< raw scale, for `given`
  std::optional<double> best_hypervolume = {};  ///< of the best known front, normalised as the task is
  std::size_t irrelevant = 0;                   ///< mixed hyperparameters that change nothing, added to a YAHPO task's
  std::string where = {};                       ///< for messages
};

/// The same task with only the hyperparameters that matter; nothing where all of them do.
[[nodiscard]] std::optional<TaskDefinition> relevant_alone(const TaskDefinition& task);

/// Optimizers × tasks × seeds (format: docs/benchmark-suites.md).
struct BenchmarkSuite {
  std::string name = "benchmark";
  std::vector<TaskDefinition> tasks = {};
  std::vector<CompetingOptimizer> optimizers = {};
  std::vector<std::uint64_t> seeds = {};
  std::string baseline = {};  ///< label of the optimizer that the others are compared with
  TrialBudget budget = {};
  std::optional<std::size_t> initial_trials = {};  ///< default_initial_trials() unless given
  double reference = 1.1;                          ///< in every normalised objective

  /// Keeps only what is named; empty lists keep everything. The baseline becomes the first optimizer where it is gone.
  /// @throws InvalidInput naming the nearest known name.
  void select(const std::vector<std::string>& tasks_kept, const std::vector<std::string>& optimizers_kept);
};

/// Reads a suite. Paths in it are relative to its folder.
/// @throws InvalidInput naming the file, the JSON pointer and what was expected.
[[nodiscard]] BenchmarkSuite read_suite(const std::filesystem::path& file);

[[nodiscard]] BenchmarkSuite suite_from_json(const nlohmann::ordered_json& json, const std::string& where,
                                             const std::filesystem::path& folder);

/// Canonical, with every default that does not depend on the problems, readable by suite_from_json().
[[nodiscard]] nlohmann::ordered_json to_json(const BenchmarkSuite& suite);

}  // namespace hyperego
