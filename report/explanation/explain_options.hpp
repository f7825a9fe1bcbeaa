#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/progress.hpp>
#include <hyperego/shapley/estimators/estimate.hpp>
#include <hyperego/shapley/game/game_aggregate.hpp>
#include <hyperego/shapley/game/game_kind.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyperego {

/// What is fitted to trials; `automatic`: a Gaussian process, or a forest where there are more than 2,000.
enum class ModelKind { gp, forest, automatic };

[[nodiscard]] std::string_view to_string(ModelKind kind);
/// @throws InvalidInput naming `where` for a name that is none.
[[nodiscard]] ModelKind model_kind_from(std::string_view text, const std::string& where);

/// What is explained: one objective, or one trade-off between all of them.
struct ExplainTarget {
  std::optional<std::string> objective = {};
  Eigen::VectorXd weights = {};  ///< non-negative, not all 0; used where no objective is named; empty: equal weights
};

/// The optimizer-bias game: one optimizer of this project against the best of it and others, on the fitted model.
struct OptimizerBiasOptions {
  std::string optimizer = "parego";                ///< the one under study
  std::vector<std::string> ensemble = {"random"};  ///< those it is compared with
  std::uint64_t trials = 40;                       ///< evaluations of each of them for every coalition
};

struct ExplainOptions {
  GameKind game = GameKind::tunability;
  MaximumKind maximum = MaximumKind::optimized;
  InteractionIndex index = InteractionIndex::sv;
  std::optional<int> order = {};  ///< default_order() of the index unless given
  ModelKind model = ModelKind::automatic;
  /// λ0, or several that are aggregated. Without any the default configuration: from the incumbent of a finished search
  /// there is little left to gain, so its games are mostly noise.
  std::vector<Configuration> baselines = {};
  bool incumbent_as_baseline = false;  ///< the evaluated configuration with the best prediction as well
  /// λ* of ablation; the incumbent unless given.
  std::optional<Configuration> of = {};
  /// How the games of several studies and baselines are joined; `level` is that of `quantile`.
  GameAggregate aggregate = GameAggregate::mean;
  double level = 0.5;
  /// Coalitions to estimate the index from instead of playing all 2^n; with 2^n or more all are played. Without a
  /// budget all coalitions are played of up to 16 players and 4,096 of more, unless `exact`.
  std::optional<std::size_t> budget = {};
  bool exact = false;
  std::optional<Estimator> estimator = {};  ///< default_estimator() of the index unless given
  double target_standard_error = 0;         ///< stop an estimate where all its standard errors are at most this
  /// Configurations that games are played with in the place of drawn ones and trials: those over which maxima and
  /// variances are taken, or from which maxima are searched. There are no intervals of sampling then.
  std::vector<Configuration> sample_list = {};
  std::optional<std::size_t> samples = {};  ///< 1,000 candidates for `optimized`, 10,000 for `sampled` and sensitivity
  /// Functions that the data leave plausible, of each of two kinds of models, on which the game is played again for the
  /// intervals of the model; 0: none. Unless given 32 where there are at most 10 players, 16 up to 20 (whose games are
  /// estimated), else none.
  std::optional<std::size_t> draws = {};
  /// Independent lists of samples with which the game is played again for the intervals of sampling; 0: none. 4 unless
  /// given where there are at most 10 players, else none.
  std::optional<std::size_t> replicates = {};
  /// How far predictions may go beyond the trials (TargetReachOptions::factor); for TrialModels that explain() makes.
  double reach = 0.5;
  /// Permutations from which the p-values of hyperparameters come (test_relevance()); 0: none are given. 39 unless
  /// given.
  std::optional<std::size_t> permutations = {};
  double coverage = 0.9;  ///< of the intervals, in (0, 1)
  /// So many configurations whose evaluation would narrow the values most are named; of a single study.
  std::size_t suggest = 0;
  OptimizerBiasOptions bias = {};
  std::uint64_t seed = 0;
  int threads = 0;
  /// Told of games and their repetitions, each a phase; of fits, what TrialModels was given.
  ProgressHook progress = {};

  /// @throws InvalidInput naming the field at fault.
  void validate() const;
};

}  // namespace hyperego
