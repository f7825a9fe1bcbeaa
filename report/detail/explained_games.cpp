#include <hyperego/core/rng.hpp>
#include <hyperego/moo/optimizer_game.hpp>
#include <hyperego/report/detail/explained_games.hpp>
#include <hyperego/report/detail/remembered_tiles.hpp>
#include <hyperego/shapley/game.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <list>
#include <optional>

namespace hyperego::detail {
namespace {

constexpr std::size_t most_samples_of_a_draw = 2000;

bool searches(const ExplainOptions& options) {
  return options.maximum == MaximumKind::optimized && monotone_direction(options.game) != 0;
}

/// The configurations that games are played with: how many are drawn and whether the trials join them.
struct SampleList {
  std::size_t drawn = 0;
  bool with_trials = false;
  std::uint64_t seed = 0;
};

SampleList sample_list(const ExplainOptions& options) {
  return {.drawn = options.samples.value_or(searches(options) ? 1000 : 10000),
          .with_trials = searches(options),
          .seed = options.seed};
}

std::vector<Configuration> samples_of(const ExplainedStudy& study, std::size_t target, const SampleList& list) {
  if (!study.of.empty()) return {study.of[target]};
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

/// One function for each objective of a study.
using Functions = std::vector<std::shared_ptr<const BlendPredictor>>;

Functions models_of(const ExplainedStudy& study) {
  const auto& models = study.models.front().objectives();
  return {models.begin(), models.end()};
}

/// Games of one study over the blends with one baseline; λ* may differ between targets, and then so do the blends.
class BlendedGames {
 public:
  BlendedGames(const ExplainedStudy& study, const Functions& functions, Configuration baseline)
      : study_(study), functions_(functions), baseline_(std::move(baseline)) {}

  [[nodiscard]] const Configuration& baseline() const { return baseline_; }

  GameTable play(std::size_t target, const ExplainOptions& options, const SampleList& list, MaximumKind maximum) {
    const TargetModel& model = study_.models[target];
    if (options.game == GameKind::optimizer_bias) return play_bias(study_, *model.over(functions_), baseline_, options);
    if (!blends_ || !study_.of.empty()) {
      blends_.emplace(study_.space, baseline_, samples_of(study_, target, list));
      remembered_.clear();
      for (const auto& function : functions_) {
        // A single target has nobody to share with.
        remembered_.push_back(study_.models.size() == 1 ? function : std::make_shared<RememberedTiles>(function));
      }
    }
    return play_game(*model.over(remembered_), *blends_, game_options(study_, options, maximum));
  }

 private:
  const ExplainedStudy& study_;
  const Functions& functions_;
  Configuration baseline_;
  std::optional<Blends> blends_;
  Functions remembered_;
};

/// The games of all targets, functions[s] standing for the objectives of study s.
std::vector<GameTable> play_all(std::span<const ExplainedStudy> studies, const std::vector<Functions>& functions,
                                const ExplainOptions& options, const SampleList& list, MaximumKind maximum) {
  const std::size_t targets = studies.front().models.size();
  std::vector<std::vector<GameTable>> tables(targets);
  for (std::size_t s = 0; s < studies.size(); ++s) {
    std::list<BlendedGames> games;
    for (std::size_t t = 0; t < targets; ++t) {
      for (const Configuration& baseline : studies[s].baselines[t]) {
        auto game = std::find_if(games.begin(), games.end(),
                                 [&](const BlendedGames& known) { return known.baseline() == baseline; });
        if (game == games.end()) game = games.emplace(games.end(), studies[s], functions[s], baseline);
        tables[t].push_back(game->play(t, options, list, maximum));
      }
    }
  }
  std::vector<GameTable> joined;
  for (std::vector<GameTable>& of_target : tables) {
    joined.push_back(of_target.size() == 1 ? std::move(of_target.front())
                                           : aggregate_games(of_target, options.aggregate, options.level));
  }
  return joined;
}

std::vector<Functions> models_of(std::span<const ExplainedStudy> studies) {
  std::vector<Functions> functions;
  for (const ExplainedStudy& study : studies) functions.push_back(models_of(study));
  return functions;
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

std::vector<GameTable> play(std::span<const ExplainedStudy> studies, const ExplainOptions& options) {
  return play_all(studies, models_of(studies), options, sample_list(options), options.maximum);
}

std::vector<std::vector<GameTable>> play_plausible(std::span<const ExplainedStudy> studies,
                                                   const ExplainOptions& options, std::size_t count) {
  std::vector<std::vector<Functions>> draws(count, std::vector<Functions>(studies.size()));
  for (std::size_t s = 0; s < studies.size(); ++s) {
    const auto& objectives = studies[s].models.front().objectives();
    for (std::size_t j = 0; j < objectives.size(); ++j) {
      const std::uint64_t seed = Rng(options.seed, "plausible-functions", s * objectives.size() + j)();
      auto functions = objectives[j]->plausible_functions(count, seed);
      draws.resize(std::min(draws.size(), functions.size()));
      for (std::size_t i = 0; i < draws.size(); ++i) draws[i][s].emplace_back(std::move(functions[i]));
    }
  }
  SampleList list = sample_list(options);
  list.drawn = std::min(list.drawn, most_samples_of_a_draw);
  list.with_trials = monotone_direction(options.game) != 0;  // maxima of a function lie near good trials
  std::vector<std::vector<GameTable>> tables;
  for (const std::vector<Functions>& functions : draws) {
    tables.push_back(play_all(studies, functions, options, list, MaximumKind::sampled));
  }
  return tables;
}

std::vector<std::vector<GameTable>> play_replicates(std::span<const ExplainedStudy> studies,
                                                    const ExplainOptions& options, std::size_t count) {
  std::vector<std::vector<GameTable>> tables;
  for (std::size_t r = 0; r < count; ++r) {
    SampleList list = sample_list(options);
    list.seed = Rng(options.seed, "sample-replicate", r)();
    tables.push_back(play_all(studies, models_of(studies), options, list, options.maximum));
  }
  return tables;
}

}  // namespace hyperego::detail
