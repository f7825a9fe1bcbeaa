#include <hyperego/core/progress.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/acquisition/acquisition_maximizer.hpp>
#include <hyperego/moo/acquisition/game_variance.hpp>
#include <hyperego/report/explanation/detail/suggested_trials.hpp>
#include <hyperego/shapley/game/game.hpp>

#include <nlohmann/json.hpp>

#include <memory>
#include <unordered_set>
#include <utility>
#include <vector>

namespace hyperego::detail {
namespace {

using ConfigurationSet = std::unordered_set<Configuration, ConfigurationHash>;

/// Of every objective, whichever kind of model the game is played on.
GameVariance::Target processes_of(const TargetModel& model) {
  GameVariance::Target target{{}, model.weights()};
  for (const auto* opinions : {&model.objectives(), &model.second_opinions()}) {
    for (const auto& surrogate : *opinions) {
      if (auto process = std::dynamic_pointer_cast<const GaussianProcessSurrogate>(surrogate)) {
        target.models.push_back(std::move(process));
      }
    }
  }
  return target;
}

std::vector<Configuration> samples_of(const ExplainedStudy& study, std::size_t target, const ExplainedGame& played,
                                      const ExplainOptions& options) {
  if (!study.of.empty()) return {study.of[target]};
  const bool is_maximum = options.game != GameKind::sensitivity;  // a variance hangs on all of them
  std::vector<Configuration> samples = draw_samples(study.space, is_maximum ? 300 : 32, options.seed);
  if (!is_maximum) return samples;
  samples.insert(samples.end(), study.trials.begin(), study.trials.end());
  ConfigurationSet known(samples.begin(), samples.end());
  for (const std::vector<Configuration>& maximisers : played.maximisers) {
    for (const Configuration& place : maximisers) {
      if (known.insert(place).second) samples.push_back(place);
    }
  }
  return samples;
}

}  // namespace

nlohmann::ordered_json suggested_trials(const ExplainedStudy& study, std::size_t target,
                                        std::span<const Configuration> evaluated, const ExplainedGame& played,
                                        const ExplainOptions& options) {
  const GameVariance::Target models = processes_of(study.models[target]);
  const std::vector<Configuration> samples = samples_of(study, target, played, options);
  GameVariance variance;
  for (const Configuration& baseline : study.baselines[target]) {
    std::vector<Configuration> own = samples;
    if (study.of.empty()) own.push_back(baseline);
    variance.add_game(models, Blends(study.space, baseline, std::move(own)), options.game, options.seed);
  }
  nlohmann::ordered_json suggestions = nlohmann::ordered_json::array();
  ConfigurationSet known(evaluated.begin(), evaluated.end());
  const Slice whole(study.space);
  const AcquisitionMaximizerOptions search{.random_candidates = 300, .candidates_per_anchor = 15, .starts = 3};
  for (std::size_t k = 0; k < options.suggest && variance.has_games(); ++k) {
    tell(options.progress, {"suggestions", k, options.suggest});
    const auto found = maximize_acquisition(
        variance, whole, variance.anchors(), [&](const Configuration& c) { return known.contains(c); },
        Rng(options.seed, "suggestions", k), search);
    if (!found) break;
    known.insert(found->configuration);
    variance.observe(found->configuration);
    suggestions.push_back(
        {{"configuration", study.space->to_json(found->configuration)}, {"left", variance.open_share()}});
  }
  return suggestions;
}

}  // namespace hyperego::detail
