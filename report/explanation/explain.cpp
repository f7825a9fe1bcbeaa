#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/simplex_lattice.hpp>
#include <hyperego/moo/trials/fitting_subset.hpp>
#include <hyperego/report/explanation/detail/alike_studies.hpp>
#include <hyperego/report/explanation/detail/examined_trials.hpp>
#include <hyperego/report/explanation/detail/explained_games.hpp>
#include <hyperego/report/explanation/detail/explanation_json.hpp>
#include <hyperego/report/explanation/detail/modelled_target.hpp>
#include <hyperego/report/explanation/detail/ranking.hpp>
#include <hyperego/report/explanation/detail/repetitions.hpp>
#include <hyperego/report/explanation/detail/suggested_trials.hpp>
#include <hyperego/report/explanation/detail/support.hpp>
#include <hyperego/report/explanation/explain.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hyperego {
namespace {

using detail::ExplainedGame;
using detail::ExplainedStudy;
using detail::ModelledTarget;
using detail::TargetContext;
using nlohmann::ordered_json;

Configuration legal(const SearchSpace& space, const Configuration& configuration, const char* what) {
  const Legality legality = space.check(configuration);
  if (!legality) throw InvalidInput(what, legality.reason);
  return configuration;
}

/// Of many trials the best and a space-filling rest: candidates for maxima.
std::vector<Configuration> candidates(const TrialTable& trials, const std::vector<ModelledTarget>& targets) {
  constexpr std::size_t most = 300;
  std::vector<bool> is_chosen(trials.configurations.size(), false);
  for (const ModelledTarget& target : targets) {
    for (const std::size_t k : fitting_subset(*trials.space, trials.configurations, target.observed, most)) {
      is_chosen[k] = true;
    }
  }
  std::vector<Configuration> result;
  for (std::size_t k = 0; k < is_chosen.size(); ++k) {
    if (is_chosen[k]) result.push_back(trials.configurations[k]);
  }
  return result;
}

ExplainedStudy study_of(const TrialTable& trials, const std::vector<ModelledTarget>& targets,
                        const ExplainOptions& options) {
  ExplainedStudy study{.space = trials.space,
                       .trials = candidates(trials, targets),
                       .models = {},
                       .baselines = {},
                       .of = {},
                       .held = detail::never_varied(trials)};
  for (const Configuration& sample : options.sample_list) (void)legal(*trials.space, sample, "samples");
  for (const ModelledTarget& target : targets) {
    study.models.push_back(target.model);
    const auto incumbent = [&] {
      Eigen::Index best = 0;
      target.model.predictor().predict(trials.configurations).minCoeff(&best);
      return trials.configurations[static_cast<std::size_t>(best)];
    };
    std::vector<Configuration> baselines;
    for (const Configuration& baseline : options.baselines) {
      baselines.push_back(legal(*trials.space, baseline, "baseline"));
    }
    if (options.incumbent_as_baseline) baselines.push_back(incumbent());
    if (baselines.empty()) baselines.push_back(trials.space->default_configuration());
    study.baselines.push_back(std::move(baselines));
    if (options.game == GameKind::ablation) {
      study.of.push_back(options.of ? legal(*trials.space, *options.of, "of") : incumbent());
    }
  }
  return study;
}

/// Values of an objective that did not vary: none, and no doubt about it.
void clear(ExplainedGame& game) {
  std::fill(game.values.values.begin(), game.values.values.end(), 0.0);
  std::fill(game.table.values.begin(), game.table.values.end(), game.empty);
  game.full = game.empty;
}

void check(std::span<const TrialModels> studies, std::span<const ExplainTarget> targets,
           const ExplainOptions& options) {
  options.validate();
  if (studies.empty()) throw InvalidInput("studies", "there is none; give at least one");
  if (targets.empty()) throw InvalidInput("targets", "there is none; give at least one");
  const bool has_objective =
      std::any_of(targets.begin(), targets.end(), [](const ExplainTarget& t) { return t.objective.has_value(); });
  if (targets.size() > 1 && has_objective) {
    throw InvalidInput("targets", "several of them must all be trade-offs; explain objectives one by one");
  }
  detail::require_alike(studies, targets.front().objective);
  if (studies.size() == 1) return;
  if (options.suggest > 0) throw InvalidInput("suggest", "is for a single study; explain them one by one");
  if (studies.front().trials().space->searched().size() > max_players) {
    throw InvalidInput("studies", "there are too many hyperparameters for a game, and rankings are not aggregated; " +
                                      std::string("explain them one by one"));
  }
}

/// Of more hyperparameters than a game can have.
std::vector<ordered_json> rank(TrialModels& models, std::span<const ExplainTarget> targets,
                               const ExplainOptions& options) {
  std::vector<ordered_json> rankings;
  for (const ExplainTarget& target : targets) {
    TargetContext context;
    const ModelledTarget modelled = detail::modelled_target(models, target, {.second = true}, context.notes);
    rankings.push_back(detail::ranking(models, modelled, std::move(context), options));
  }
  return rankings;
}

/// Whether a baseline has values that no trial is near: what is gained from there the trials cannot limit.
bool is_extrapolated(const TrialTable& trials, const ExplainOptions& options) {
  if (options.game == GameKind::optimizer_bias || !std::isfinite(options.reach)) return false;
  std::vector<Configuration> baselines = options.baselines;
  if (baselines.empty() && !options.incumbent_as_baseline) baselines.push_back(trials.space->default_configuration());
  return std::any_of(baselines.begin(), baselines.end(), [&](const Configuration& baseline) {
    return !detail::lonely_values(*trials.space, trials.configurations, legal(*trials.space, baseline, "baseline"))
                .empty();
  });
}

/// What the trials say before any game is played. @param contexts of the targets; receive it.
std::vector<ExplainedStudy> studied(std::span<TrialModels> studies, std::span<const ExplainTarget> targets,
                                    const ExplainOptions& options, std::vector<TargetContext>& contexts) {
  const bool has_intervals = !options.draws || *options.draws > 0;
  std::vector<ExplainedStudy> explained;
  for (TrialModels& models : studies) {
    const MoreOpinions more{.second = has_intervals || options.suggest > 0,
                            .unlimited = has_intervals && is_extrapolated(models.trials(), options)};
    std::vector<ModelledTarget> modelled;
    for (std::size_t t = 0; t < targets.size(); ++t) {
      modelled.push_back(detail::modelled_target(models, targets[t], more, contexts[t].notes));
      contexts[t].targets.push_back(modelled.back().description);
    }
    explained.push_back(study_of(models.trials(), modelled, options));
    for (std::size_t t = 0; t < targets.size(); ++t) {
      describe(explained.back(), models.trials().configurations.size(), t, contexts[t]);
      examine(models, explained.back(), t, modelled[t], studies.size() == 1, options, contexts[t]);
    }
  }
  return explained;
}

}  // namespace

std::vector<ordered_json> explain(std::span<TrialModels> studies, std::span<const ExplainTarget> targets,
                                  const ExplainOptions& options, std::vector<GameTable>* played) {
  check(studies, targets, options);
  const TrialTable& first = studies.front().trials();
  if (first.space->searched().size() > max_players) return rank(studies.front(), targets, options);
  std::vector<TargetContext> contexts(targets.size());
  const std::vector<ExplainedStudy> explained = studied(studies, targets, options, contexts);
  const auto players = static_cast<int>(first.space->searched().size());
  ExplainOptions resolved = options;
  resolved.order = options.order.value_or(default_order(options.index, players));
  check_order(options.index, *resolved.order, players);
  const detail::ExplainedGames games(explained, resolved);
  std::vector<ExplainedGame> of_targets = games.play();
  const bool is_constant = std::all_of(contexts.begin(), contexts.end(), [](const auto& c) { return c.is_constant; });
  if (is_constant) resolved.draws = resolved.replicates = 0;
  const detail::Repetitions repetitions(games, of_targets, players, resolved);

  std::vector<ordered_json> explanations;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    TargetContext& context = contexts[t];
    if (context.is_constant) clear(of_targets[t]);
    for (const std::string& note : {games.note(), repetitions.note()}) {
      if (!note.empty()) context.notes.push_back(note);
    }
    if (studies.size() == 1) note_maximiser(first, of_targets[t], context.notes);
    context.games = explained.size() * explained.front().baselines[t].size();
    ordered_json intervals = context.is_constant ? ordered_json::object() : repetitions.intervals(of_targets[t], t);
    explanations.push_back(explanation_to_json(of_targets[t], games.method(), context, std::move(intervals), resolved));
    if (options.suggest > 0) {
      ordered_json none = ordered_json::array();
      explanations.back()["suggestions"] =
          context.is_constant ? std::move(none)
                              : suggested_trials(explained.front(), t, first.configurations, of_targets[t], options);
    }
    if (played != nullptr) played->push_back(std::move(of_targets[t].table));
  }
  return explanations;
}

ordered_json explain(const TrialTable& trials, const ExplainTarget& target, const ExplainOptions& options) {
  TrialModels models(trials, options.model, options.seed, options.reach, options.progress);
  return explain(std::span(&models, 1), std::span(&target, 1), options).front();
}

std::vector<Eigen::VectorXd> tradeoffs(int objectives, std::size_t count) {
  std::vector<Eigen::VectorXd> result;
  if (objectives == 1) return {count, Eigen::VectorXd::Constant(1, 1.0)};
  if (objectives == 2 && count > 1) {
    for (std::size_t i = 0; i < count; ++i) {
      const double w = static_cast<double>(i) / static_cast<double>(count - 1);
      result.push_back(Eigen::Vector2d(1 - w, w));
    }
    return result;
  }
  if (count == 1) return {Eigen::VectorXd::Constant(objectives, 1.0 / objectives)};
  // The finest lattice that is not too large, thinned to `count` spread over its lexicographic order.
  int partitions = 1;
  Eigen::MatrixXd lattice = simplex_lattice(objectives, partitions);
  while (lattice.rows() < static_cast<Eigen::Index>(count)) lattice = simplex_lattice(objectives, ++partitions);
  for (std::size_t i = 0; i < count; ++i) {
    const auto row = static_cast<Eigen::Index>(i * static_cast<std::size_t>(lattice.rows() - 1) /
                                               std::max<std::size_t>(1, count - 1));
    result.push_back(lattice.row(row));
  }
  return result;
}

}  // namespace hyperego
