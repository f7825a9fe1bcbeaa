#pragma once

#include <hyperego/report/explain_options.hpp>
#include <hyperego/report/trial_models.hpp>
#include <hyperego/shapley/game_table.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace hyperego::detail {

/// One study, the models of what is explained (one for each target) and what their games are played with.
struct ExplainedStudy {
  std::shared_ptr<const SearchSpace> space;
  std::vector<Configuration> trials;
  std::vector<TargetModel> models;
  std::vector<std::vector<Configuration>> baselines;  ///< of each target
  std::vector<Configuration> of;                      ///< λ* of each target; empty but for ablation
  Coalition held = 0;                                 ///< players that never varied in the trials
};

/// Players whose hyperparameter has one value in all trials where it is set: the data say nothing of them.
[[nodiscard]] Coalition never_varied(const TrialTable& trials);

/// The games of all targets on the models themselves, each aggregated over studies and their baselines. Targets that
/// have a baseline in common ask the models once for the blends with it.
[[nodiscard]] std::vector<GameTable> play(std::span<const ExplainedStudy> studies, const ExplainOptions& options);

/// The same on functions that the trials leave plausible: one list of games (of the targets) after the other; fewer
/// than `count` where the models have no more. Maxima are sampled.
[[nodiscard]] std::vector<std::vector<GameTable>> play_plausible(std::span<const ExplainedStudy> studies,
                                                                 const ExplainOptions& options, std::size_t count);

/// The same on the models with `count` other lists of samples.
[[nodiscard]] std::vector<std::vector<GameTable>> play_replicates(std::span<const ExplainedStudy> studies,
                                                                  const ExplainOptions& options, std::size_t count);

}  // namespace hyperego::detail
