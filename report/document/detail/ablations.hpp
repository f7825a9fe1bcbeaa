#pragma once

#include <hyperego/report/explanation/explain_options.hpp>
#include <hyperego/report/explanation/trial_models.hpp>
#include <hyperego/study/study_history.hpp>

#include <cstdint>
#include <span>
#include <vector>

namespace hyperego::detail {

/// The ablation game from the default configuration to a trial: which change of a value brought how much.
struct Ablation {
  std::uint64_t trial = 0;
  bool is_on_front = false;
  double full = 0;             ///< v(N): the trial's prediction, larger is better, on the modelled scale
  std::vector<double> values;  ///< Shapley values by player; their sum is v(N) − v(∅)
};

/// The ablations of `objective` for the trials of the front, all where a game is cheap, else an even choice with the
/// knee and the extremes; where games are cheap, for an even choice of the other `modelled` trials as well. By trial
/// number. `options` say how games are played.
[[nodiscard]] std::vector<Ablation> ablations(TrialModels& models, std::size_t objective, const StudyHistory& history,
                                              std::span<const std::uint64_t> modelled, const ExplainOptions& options);

}  // namespace hyperego::detail
