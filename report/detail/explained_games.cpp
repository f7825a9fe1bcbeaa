#include <hyperego/core/rng.hpp>
#include <hyperego/moo/optimizer_game.hpp>
#include <hyperego/report/detail/explained_games.hpp>
#include <hyperego/shapley/game.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>

namespace hyperego::detail {
namespace {

constexpr std::size_t most_samples_of_a_draw = 2000;

bool searches(const ExplainOptions& options) {
  return options.maximum == MaximumKind::optimized && monotone_direction(options.game) != 0;
}

std::vector<Configuration> samples_of(const ExplainedStudy& study, const SampleList& list) {
  if (study.of.size() > 0) return {study.of};
  std::vector<Configuration> samples = draw_samples(study.space, list.drawn, list.seed);
  if (list.with_trials) samples.insert(samples.end(), study.trials.begin(), study.trials.end());
  return samples;
}

GameTable play_bias(const ExplainedStudy& study, const BlendPredictor& predictor, const Configuration& baseline,
                    const ExplainOptions& options) {
  const OptimizerGameOptions game{
      .trials = options.bias.trials, .held = study.held, .seed = options.seed, .threads = options.threads};
  const auto played = [&](const std::string& name) {
    return play_optimizer(predictor, study.space, baseline, {{"name", name}}, game);
  };
  std::vector<GameTable> ensemble;
  for (const std::string& name : options.bias.ensemble) ensemble.push_back(played(name));
  return optimizer_bias(played(options.bias.optimizer), ensemble);
}

GameOptions game_options(const ExplainedStudy& study, const ExplainOptions& options, MaximumKind maximum) {
  GameOptions game;
  game.kind = options.game;
  game.maximum = maximum;
  game.sign = -1;  // the models predict something to be minimised
  game.held = study.held;
  game.seed = options.seed;
  game.threads = options.threads;
  game.most_players_optimized = 16;
  return game;
}

}  // namespace

Coalition never_varied(const TrialTable& trials) {
  Coalition held = 0;
  const auto& players = trials.space->searched();
  for (std::size_t p = 0; p < players.size(); ++p) {
    std::optional<double> first;
    bool varies = false;
    for (const Configuration& configuration : trials.configurations) {
      if (!configuration.is_set(players[p])) continue;
      if (!first) first = configuration[players[p]];
      varies = varies || configuration[players[p]] != *first;
    }
    if (!varies) held |= Coalition{1} << p;
  }
  return held;
}

SampleList sample_list(const ExplainOptions& options) {
  return {.drawn = options.samples.value_or(searches(options) ? 1000 : 10000),
          .with_trials = searches(options),
          .seed = options.seed};
}

GameTable play(std::span<const ExplainedStudy> studies, std::span<const BlendPredictor* const> predictors,
               const ExplainOptions& options, const SampleList& samples, MaximumKind maximum) {
  std::vector<GameTable> tables;
  for (std::size_t s = 0; s < studies.size(); ++s) {
    const ExplainedStudy& study = studies[s];
    for (const Configuration& baseline : study.baselines) {
      if (options.game == GameKind::optimizer_bias) {
        tables.push_back(play_bias(study, *predictors[s], baseline, options));
        continue;
      }
      const Blends blends(study.space, baseline, samples_of(study, samples));
      tables.push_back(play_game(*predictors[s], blends, game_options(study, options, maximum)));
    }
  }
  return tables.size() == 1 ? std::move(tables.front()) : aggregate_games(tables, options.aggregate, options.level);
}

GameTable play(std::span<const ExplainedStudy> studies, const ExplainOptions& options) {
  std::vector<const BlendPredictor*> predictors;
  for (const ExplainedStudy& study : studies) predictors.push_back(&study.model.predictor());
  return play(studies, predictors, options, sample_list(options), options.maximum);
}

std::vector<GameTable> play_plausible(std::span<const ExplainedStudy> studies, const ExplainOptions& options,
                                      std::size_t count) {
  std::vector<std::vector<std::unique_ptr<BlendPredictor>>> functions;
  std::size_t available = count;
  for (std::size_t s = 0; s < studies.size(); ++s) {
    functions.push_back(studies[s].model.plausible_functions(count, Rng(options.seed, "plausible-study", s)()));
    available = std::min(available, functions.back().size());
  }
  SampleList samples = sample_list(options);
  samples.drawn = std::min(samples.drawn, most_samples_of_a_draw);
  samples.with_trials = monotone_direction(options.game) != 0;  // maxima of a function lie near good trials
  std::vector<GameTable> tables;
  for (std::size_t i = 0; i < available; ++i) {
    std::vector<const BlendPredictor*> predictors;
    for (const auto& of_study : functions) predictors.push_back(of_study[i].get());
    tables.push_back(play(studies, predictors, options, samples, MaximumKind::sampled));
  }
  return tables;
}

std::vector<GameTable> play_replicates(std::span<const ExplainedStudy> studies, const ExplainOptions& options,
                                       std::size_t count) {
  std::vector<const BlendPredictor*> predictors;
  for (const ExplainedStudy& study : studies) predictors.push_back(&study.model.predictor());
  std::vector<GameTable> tables;
  for (std::size_t r = 0; r < count; ++r) {
    SampleList samples = sample_list(options);
    samples.seed = Rng(options.seed, "sample-replicate", r)();
    tables.push_back(play(studies, predictors, options, samples, options.maximum));
  }
  return tables;
}

}  // namespace hyperego::detail
