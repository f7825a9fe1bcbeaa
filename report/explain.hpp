#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/shapley/game.hpp>
#include <hyperego/shapley/interaction_index.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

/// Completed trials to be explained, whatever made them.
struct TrialTable {
  std::shared_ptr<const SearchSpace> space;
  std::vector<Objective> objectives;
  std::vector<Configuration> configurations;
  Eigen::MatrixXd values;  ///< objectives × trials, raw direction, all finite

  /// The objectives to be minimised, in the shape of `values`.
  [[nodiscard]] Eigen::MatrixXd minimised() const;
  /// @throws InvalidInput naming the objectives there are.
  [[nodiscard]] std::size_t objective_index(const std::string& name) const;
};

/// The completed trials of a run directory. @throws as RunDirectory::read_history().
[[nodiscard]] TrialTable trials_of_run(const std::filesystem::path& directory);

/// What is explained: one objective, or one trade-off between all of them.
struct ExplainTarget {
  std::optional<std::string> objective = {};
  Eigen::VectorXd weights = {};  ///< non-negative, not all 0; used where no objective is named; empty: equal weights
};

struct ExplainOptions {
  GameKind game = GameKind::tunability;
  MaximumKind maximum = MaximumKind::optimized;
  InteractionIndex index = InteractionIndex::sv;
  std::optional<int> order = {};  ///< default_order() of the index unless given
  /// λ0. Unless given the default configuration: from the incumbent of a finished search there is little left to gain,
  /// so its games are mostly noise.
  std::optional<Configuration> baseline = {};
  bool incumbent_as_baseline = false;  ///< the evaluated configuration with the best prediction instead
  /// λ* of ablation; the incumbent unless given.
  std::optional<Configuration> of = {};
  std::optional<std::size_t> samples = {};  ///< 1,000 candidates for `optimized`, 10,000 for `sampled` and sensitivity
  std::uint64_t seed = 0;
  int threads = 0;

  /// @throws InvalidInput naming the field at fault.
  void validate() const;
};

/// Fits a Gaussian process to the target and plays a HyperSHAP game on it.
///
/// {"game", "index", "order", "target", "players", "baseline", "values", "empty", "full", "coalitions", "legal_share",
/// "fit", "intervals", "seed", …}. Values are in the game's own direction: improvement is positive, in units of the
/// objective as it is modelled (its logarithm where the study says so), or of the augmented Chebyshev value of a
/// trade-off. Hyperparameters that never varied are held and get 0.
/// @throws InvalidInput for too few trials (2), unknown objectives, weights that do not fit, illegal configurations.
[[nodiscard]] nlohmann::ordered_json explain(const TrialTable& trials, const ExplainTarget& target,
                                             const ExplainOptions& options);

/// `count` weight vectors that cover the simplex evenly, extremes included where count ≥ the number of objectives.
[[nodiscard]] std::vector<Eigen::VectorXd> tradeoffs(int objectives, std::size_t count);

}  // namespace hyperego
