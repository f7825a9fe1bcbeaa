#pragma once

#include <hyperego/report/explain_options.hpp>
#include <hyperego/report/trial_models.hpp>
#include <hyperego/shapley/game_table.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace hyperego::detail {

/// One study with the model of what is explained and what its games are played with.
struct ExplainedStudy {
  std::shared_ptr<const SearchSpace> space;
  std::vector<Configuration> trials;
  TargetModel model;
  std::vector<Configuration> baselines;
  Configuration of;    ///< λ*; size 0 but for ablation
  Coalition held = 0;  ///< players that never varied in the trials
};

/// Players whose hyperparameter has one value in all trials where it is set: the data say nothing of them.
[[nodiscard]] Coalition never_varied(const TrialTable& trials);

/// The configurations that a game is played with: how many are drawn and whether the trials join them.
struct SampleList {
  std::size_t drawn = 0;
  bool with_trials = false;
  std::uint64_t seed = 0;
};
[[nodiscard]] SampleList sample_list(const ExplainOptions& options);

/// The game on one predictor for each study, aggregated over studies and their baselines.
[[nodiscard]] GameTable play(std::span<const ExplainedStudy> studies, std::span<const BlendPredictor* const> predictors,
                             const ExplainOptions& options, const SampleList& samples, MaximumKind maximum);

/// The game on the models themselves.
[[nodiscard]] GameTable play(std::span<const ExplainedStudy> studies, const ExplainOptions& options);

/// The game on functions that the trials leave plausible, one after the other; fewer than `count` where the models have
/// no more. Maxima are sampled.
[[nodiscard]] std::vector<GameTable> play_plausible(std::span<const ExplainedStudy> studies,
                                                    const ExplainOptions& options, std::size_t count);

/// The game on the models with `count` other lists of samples.
[[nodiscard]] std::vector<GameTable> play_replicates(std::span<const ExplainedStudy> studies,
                                                     const ExplainOptions& options, std::size_t count);

}  // namespace hyperego::detail
