#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/moo/optimizer/optimizer_game.hpp>
#include <hyperego/report/explanation/detail/explained_games.hpp>
#include <hyperego/report/explanation/detail/remembered_tiles.hpp>
#include <hyperego/shapley/game/blend_game.hpp>
#include <hyperego/shapley/game/candidates.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/surrogate/gaussian_process/closed_form_ablation.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <list>
#include <optional>

namespace hyperego::detail {
namespace {

constexpr std::size_t most_samples_of_a_draw = 2000;
/// Beyond, a draw's index is estimated from some coalitions and fewer samples, whatever the reported one is.
constexpr int most_players_of_a_draw = 10;
constexpr std::size_t samples_of_an_estimated_draw = 300;
constexpr std::size_t coalitions_of_a_draw = 512;
/// Above, all coalitions are played only where that is asked for.
constexpr int most_players_exact = 16;
constexpr std::size_t default_budget = 4096;

constexpr std::array<std::string_view, 3> method_names{"exact", "estimated", "closed form"};

GameTable play_bias(const ExplainedStudy& study, const BlendPredictor& predictor, const Configuration& baseline,
                    const ExplainOptions& options, const ProgressHook& progress) {
  OptimizerGameOptions game{
      .trials = options.bias.trials, .held = study.held, .seed = options.seed, .threads = options.threads};
  std::vector<GameTable> ensemble;
  const auto played = [&](const std::string& name) {
    const std::size_t before = ensemble.size();
    game.progress = part_of(progress, "game", before, before + 1, options.bias.ensemble.size() + 1);
    return play_optimizer(predictor, study.space, baseline, {{"name", name}}, game);
  };
  for (const std::string& name : options.bias.ensemble) ensemble.push_back(played(name));
  return optimizer_bias(played(options.bias.optimizer), ensemble);
}

GameOptions game_options(const ExplainedStudy& study, const ExplainOptions& options, MaximumKind maximum,
                         ProgressHook progress) {
  GameOptions game;
  game.kind = options.game;
  game.maximum = maximum;
  game.sign = -1;  // the models predict something to be minimised
  game.held = study.held;
  game.seed = options.seed;
  game.threads = options.threads;
  game.most_players_optimized = most_players_exact;
  game.keep_maximisers = maximum == MaximumKind::optimized;
  game.progress = std::move(progress);
  return game;
}

std::vector<std::string> player_names(const SearchSpace& space) {
  std::vector<std::string> names;
  for (const std::size_t i : space.searched()) names.push_back(space[i].name);
  return names;
}

/// Whether one closed-form game answers the question, but for what the model itself may forbid.
bool asks_for_closed_form(std::span<const ExplainedStudy> studies, const ExplainOptions& options) {
  const bool is_value = options.index == InteractionIndex::sv || options.index == InteractionIndex::bv;
  return options.game == GameKind::ablation && is_value && *options.order == 1 && studies.size() == 1 &&
         studies.front().models.size() == 1 && studies.front().baselines.front().size() == 1 &&
         dynamic_cast<const GaussianProcessSurrogate*>(studies.front().models.front().surrogate()) != nullptr &&
         !studies.front().models.front().surrogate()->transform().reach().is_limited();
}

Blends ablation_blends(const ExplainedStudy& study) {
  return {study.space, study.baselines.front().front(), {study.of.front()}};
}

}  // namespace

std::string_view to_string(ExplainMethod method) { return method_names[static_cast<std::size_t>(method)]; }

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

/// The configurations that games are played with, how many are drawn and whether the trials join them; and who is told
/// how far the games are.
struct ExplainedGames::SampleList {
  std::size_t drawn = 0;
  bool with_trials = false;
  std::uint64_t seed = 0;
  std::span<const Configuration> given = {};  ///< in the place of them all
  ProgressHook progress = {};

  [[nodiscard]] std::vector<Configuration> of(const ExplainedStudy& study, std::size_t target) const {
    if (!study.of.empty()) return {study.of[target]};
    if (!given.empty()) return {given.begin(), given.end()};
    tell(progress, {"game", 0, 1});
    std::vector<Configuration> samples = draw_samples(study.space, drawn, seed);
    if (with_trials) samples.insert(samples.end(), study.trials.begin(), study.trials.end());
    return samples;
  }
};

/// Games of one study over the blends with one baseline; λ* may differ between targets, and then so do the blends.
class ExplainedGames::BlendedGames {
 public:
  BlendedGames(const ExplainedStudy& study, const Functions& functions, Configuration baseline)
      : study_(study), functions_(functions), baseline_(std::move(baseline)) {}

  [[nodiscard]] const Configuration& baseline() const { return baseline_; }

  /// `candidates`: one for every coalition, or none.
  GameTable play(std::size_t target, const ExplainOptions& options, const SampleList& list, MaximumKind maximum,
                 std::span<const Configuration> candidates, const ProgressHook& progress) {
    const TargetModel& model = study_.models[target];
    if (options.game == GameKind::optimizer_bias) {
      return play_bias(study_, *model.over(functions_), baseline_, options, progress);
    }
    if (!blends_ || !study_.of.empty()) {
      blends_.emplace(study_.space, baseline_, list.of(study_, target));
      remembered_.clear();
      for (const auto& function : functions_) {
        // A single target has nobody to share with.
        remembered_.push_back(study_.models.size() == 1 ? function : std::make_shared<RememberedTiles>(function));
      }
    }
    const std::shared_ptr<const BlendPredictor> predictor = model.over(remembered_);
    GameTable table = play_game(*predictor, *blends_, game_options(study_, options, maximum, progress));
    if (!candidates.empty()) add_candidates(table, *predictor, candidates);
    return table;
  }

 private:
  const ExplainedStudy& study_;
  const Functions& functions_;
  Configuration baseline_;
  std::optional<Blends> blends_;
  Functions remembered_;
};

ExplainedGames::ExplainedGames(std::span<const ExplainedStudy> studies, const ExplainOptions& options)
    : studies_(studies), options_(options) {
  const auto players = static_cast<int>(studies.front().space->searched().size());
  const bool budget_is_short =
      options.budget && (players >= 63 || *options.budget < std::size_t{1} << static_cast<unsigned>(players));
  if (!budget_is_short && (options.budget || options.exact || players <= most_players_exact)) return;
  if (options.game == GameKind::optimizer_bias) {
    throw InvalidInput("budget",
                       "optimizer_bias runs its optimizers for every coalition and is not estimated; hold or "
                       "drop hyperparameters");
  }
  if (asks_for_closed_form(studies, options) && !budget_is_short) {
    const auto& surrogate = dynamic_cast<const GaussianProcessSurrogate&>(*studies.front().models.front().surrogate());
    note_ = why_no_closed_form(surrogate, ablation_blends(studies.front()));
    if (note_.empty()) {
      method_ = ExplainMethod::closed_form;
      return;
    }
  }
  method_ = ExplainMethod::estimated;
  if (!options.budget) {
    note_ += (note_.empty() ? "" : "; ") + std::string("with ") + std::to_string(players) +
             " hyperparameters the index is estimated from " + std::to_string(default_budget) +
             " coalitions; ask for more by a budget";
  } else if (options.maximum == MaximumKind::optimized && monotone_direction(options.game) != 0) {
    note_ = "an estimate takes its maxima over the samples instead of searching them";
  }
}

std::vector<ExplainedGame> ExplainedGames::play() const {
  SampleList list = sample_list();
  list.progress = part_of(options_.progress, "game", 0, 1, 1);
  return play(models(), list, options_.maximum);
}

std::vector<std::vector<ExplainedGame>> ExplainedGames::play_plausible(std::size_t count, Opinion opinion,
                                                                       std::span<const ExplainedGame> played) const {
  std::vector<std::vector<Functions>> draws(count, std::vector<Functions>(studies_.size()));
  for (std::size_t s = 0; s < studies_.size(); ++s) {
    const TargetModel& model = studies_[s].models.front();
    const auto& objectives = opinion == Opinion::first    ? model.objectives()
                             : opinion == Opinion::second ? model.second_opinions()
                                                          : model.unlimited();
    if (objectives.empty()) return {};  // there is no doubt of a function that is given
    for (std::size_t j = 0; j < objectives.size(); ++j) {
      const std::uint64_t seed = Rng(options_.seed, "plausible-functions", s * objectives.size() + j)();
      auto functions = objectives[j]->plausible_functions(count, seed);
      draws.resize(std::min(draws.size(), functions.size()));
      for (std::size_t i = 0; i < draws.size(); ++i) draws[i][s].emplace_back(std::move(functions[i]));
    }
  }
  SampleList list = sample_list();
  list.drawn = std::min(list.drawn, most_samples_of_a_draw);
  list.with_trials = monotone_direction(options_.game) != 0;  // maxima of a function lie near good trials
  const auto players = static_cast<int>(studies_.front().space->searched().size());
  const bool is_large = method_ == ExplainMethod::exact && players > most_players_of_a_draw;
  if (is_large) list.drawn = std::min(list.drawn, samples_of_an_estimated_draw);
  const char* phase = opinion == Opinion::first ? "intervals of the model" : "intervals of another model";
  std::vector<std::vector<ExplainedGame>> games;
  for (const std::vector<Functions>& functions : draws) {
    list.progress = part_of(options_.progress, phase, games.size(), games.size() + 1, draws.size());
    if (is_large) {
      std::vector<ExplainedGame> estimates;
      for (std::size_t t = 0; t < played.size(); ++t) {
        estimates.push_back(estimate(t, functions, list, coalitions_of_a_draw));
      }
      games.push_back(std::move(estimates));
    } else {
      games.push_back(play(functions, list, MaximumKind::sampled, played));
    }
  }
  return games;
}

std::vector<std::vector<ExplainedGame>> ExplainedGames::play_replicates(std::size_t count) const {
  std::vector<std::vector<ExplainedGame>> games;
  for (std::size_t r = 0; r < count; ++r) {
    SampleList list = sample_list();
    list.seed = Rng(options_.seed, "sample-replicate", r)();
    list.progress = part_of(options_.progress, "intervals of sampling", r, r + 1, count);
    games.push_back(play(models(), list, options_.maximum));
  }
  return games;
}

ExplainedGames::SampleList ExplainedGames::sample_list() const {
  const bool searches = method_ == ExplainMethod::exact && options_.maximum == MaximumKind::optimized &&
                        monotone_direction(options_.game) != 0;
  const bool is_small = searches || method_ == ExplainMethod::estimated;
  return {.drawn = options_.samples.value_or(is_small ? 1000 : 10000),
          .with_trials = is_small && monotone_direction(options_.game) != 0,
          .seed = options_.seed,
          .given = options_.sample_list};
}

std::vector<ExplainedGames::Functions> ExplainedGames::models() const {
  std::vector<Functions> functions;
  for (const ExplainedStudy& study : studies_) functions.push_back(study.models.front().functions());
  return functions;
}

std::vector<ExplainedGame> ExplainedGames::play(const std::vector<Functions>& functions, const SampleList& list,
                                                MaximumKind maximum, std::span<const ExplainedGame> known) const {
  if (method_ == ExplainMethod::exact) return play_all_coalitions(functions, list, maximum, known);
  if (method_ == ExplainMethod::closed_form && functions.front().front() == models().front().front()) {
    return {closed_form()};
  }
  std::vector<ExplainedGame> games;
  for (std::size_t t = 0; t < studies_.front().models.size(); ++t)
    games.push_back(estimate(t, functions, list, options_.budget.value_or(default_budget)));
  return games;
}

std::vector<ExplainedGame> ExplainedGames::play_all_coalitions(const std::vector<Functions>& functions,
                                                               const SampleList& list, MaximumKind maximum,
                                                               std::span<const ExplainedGame> known) const {
  const std::size_t targets = studies_.front().models.size();
  std::vector<std::vector<GameTable>> tables(targets);
  std::vector<std::vector<std::vector<Configuration>>> maximisers(targets);
  std::uint64_t all = 0, played = 0;
  for (const ExplainedStudy& study : studies_) {
    for (const auto& baselines : study.baselines) all += baselines.size();
  }
  for (std::size_t s = 0; s < studies_.size(); ++s) {
    std::list<BlendedGames> games;
    for (std::size_t t = 0; t < targets; ++t) {
      for (const Configuration& baseline : studies_[s].baselines[t]) {
        auto game = std::find_if(games.begin(), games.end(),
                                 [&](const BlendedGames& one) { return one.baseline() == baseline; });
        if (game == games.end()) game = games.emplace(games.end(), studies_[s], functions[s], baseline);
        std::span<const Configuration> candidates;
        if (!known.empty() && !known[t].maximisers.empty()) candidates = known[t].maximisers[tables[t].size()];
        tables[t].push_back(game->play(t, options_, list, maximum, candidates,
                                       part_of(list.progress, "game", played, played + 1, all)));
        ++played;
        maximisers[t].push_back(std::move(tables[t].back().maximisers));
        tables[t].back().maximisers.clear();
      }
    }
  }
  std::vector<ExplainedGame> result;
  for (std::size_t t = 0; t < targets; ++t) {
    result.push_back(explained_game(tables[t].size() == 1
                                        ? std::move(tables[t].front())
                                        : aggregate_games(tables[t], options_.aggregate, options_.level),
                                    options_));
    result.back().maximisers = std::move(maximisers[t]);
  }
  return result;
}

ExplainedGame ExplainedGames::estimate(std::size_t target, const std::vector<Functions>& functions,
                                       const SampleList& list, std::size_t budget) const {
  std::vector<std::shared_ptr<const BlendPredictor>> predictors;
  std::list<Blends> blends;
  std::list<BlendGame> games;
  std::uint64_t played = 0;
  const ProgressHook of_budget = [&](const ProgressStep&) {
    return !list.progress || list.progress({"game", std::min<std::uint64_t>(played, budget), budget});
  };
  ExplainedGame result;
  result.table.held = grand_coalition(static_cast<int>(studies_.front().space->searched().size()));
  for (std::size_t s = 0; s < studies_.size(); ++s) {
    predictors.push_back(studies_[s].models[target].over(functions[s]));
    result.table.held &= studies_[s].held;
    for (const Configuration& baseline : studies_[s].baselines[target]) {
      blends.emplace_back(studies_[s].space, baseline, list.of(studies_[s], target));
      games.emplace_back(*predictors.back(), blends.back(),
                         game_options(studies_[s], options_, MaximumKind::sampled, of_budget));
      result.table.samples += blends.back().number_of_samples();
    }
  }
  const CoalitionFunction joined = [&](std::span<const Coalition> coalitions) {
    std::vector<std::vector<double>> values;
    for (BlendGame& game : games) values.push_back(game.play(coalitions));
    played += coalitions.size();
    return values.size() == 1 ? std::move(values.front())
                              : aggregate_values(values, options_.aggregate, options_.level);
  };
  const int players = games.front().number_of_players();
  result.estimate = estimate_interactions(
      players, joined, options_.index, *options_.order, options_.estimator.value_or(default_estimator(options_.index)),
      {.budget = budget, .seed = options_.seed, .target_standard_error = options_.target_standard_error});
  result.values = result.estimate->values;
  const Coalition all = grand_coalition(players);
  result.empty = result.values.baseline;
  result.full = joined(std::span(&all, 1)).front();
  result.coalitions = result.estimate->coalitions;
  result.table.kind = options_.game;
  result.table.maximum = MaximumKind::sampled;
  result.table.players = player_names(*studies_.front().space);
  for (const BlendGame& game : games) {
    const std::vector<std::string> statuses = game.statuses();
    result.table.statuses.insert(result.table.statuses.end(), statuses.begin(), statuses.end());
    result.legal_share = std::min(result.legal_share, game.lowest_legal_share());
  }
  if (!result.estimate->note.empty()) result.table.statuses.push_back(result.estimate->note);
  clean(result, options_);
  return result;
}

ExplainedGame ExplainedGames::closed_form() const {
  const ExplainedStudy& study = studies_.front();
  const auto& surrogate = dynamic_cast<const GaussianProcessSurrogate&>(*study.models.front().surrogate());
  const ClosedFormAblation form = closed_form_ablation(surrogate, ablation_blends(study));
  ExplainedGame game;
  game.table.kind = GameKind::ablation;
  game.table.players = player_names(*study.space);
  game.table.samples = 1;
  game.table.held = study.held;
  game.values.index = options_.index;
  game.values.order = 1;
  game.values.players = static_cast<int>(game.table.players.size());
  game.values.interactions = interactions_up_to(game.values.players, 1);
  const Eigen::VectorXd values = -(options_.index == InteractionIndex::sv ? form.shapley : form.banzhaf);
  game.values.values.assign(values.begin(), values.end());
  game.empty = game.values.baseline = game.values.empty_interaction = -form.empty;
  game.full = -form.full;
  clean(game, options_);
  return game;
}

}  // namespace hyperego::detail
