#pragma once

#include <hyperego/report/explanation/explain_options.hpp>
#include <hyperego/report/explanation/trial_models.hpp>
#include <hyperego/study/study_history.hpp>

#include <cstdint>
#include <utility>
#include <vector>

namespace hyperego::detail {

/// A trial and the Shapley values of the ablation game from the default configuration to it, by player.
using Ablation = std::pair<std::uint64_t, std::vector<double>>;

/// The ablations of `objective` for the trials of the front: all where a game is cheap, else an even choice with the
/// knee and the extremes. By trial number. `options` say how games are played.
[[nodiscard]] std::vector<Ablation> ablations_of_front(TrialModels& models, std::size_t objective,
                                                       const StudyHistory& history, const ExplainOptions& options);

}  // namespace hyperego::detail
