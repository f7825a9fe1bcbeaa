#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/simplex_lattice.hpp>
#include <hyperego/moo/scalarization/scalarization.hpp>
#include <hyperego/moo/search/initial_design.hpp>
#include <hyperego/moo/trials/fitting_subset.hpp>
#include <hyperego/report/explanation/detail/alike_studies.hpp>
#include <hyperego/report/explanation/detail/explained_games.hpp>
#include <hyperego/report/explanation/detail/explanation_json.hpp>
#include <hyperego/report/explanation/detail/ranking.hpp>
#include <hyperego/report/explanation/detail/repetitions.hpp>
#include <hyperego/report/explanation/detail/suggested_trials.hpp>
#include <hyperego/report/explanation/detail/support.hpp>
#include <hyperego/report/explanation/explain.hpp>
#include <hyperego/surrogate/gaussian_process/relevance_test.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hyperego {
namespace {

using detail::ExplainedGame;
using detail::ExplainedStudy;
using nlohmann::ordered_json;

/// The model of what is explained, its value in every trial (minimised), and what it is in words.
struct Target {
  TargetModel model;
  Eigen::VectorXd observed;
  ordered_json description;
};

ordered_json list(const Eigen::VectorXd& values) { return std::vector<double>(values.begin(), values.end()); }

Target objective_target(TrialModels& models, const std::string& name, bool second_opinion) {
  const std::size_t j = models.trials().objective_index(name);
  ordered_json description{{"objective", name}};
  if (models.is_logarithmic(j)) description["scale"] = "log";
  return {models.objective(j, second_opinion), models.targets().col(static_cast<Eigen::Index>(j)),
          std::move(description)};
}

Eigen::VectorXd checked_weights(const Eigen::VectorXd& given, std::size_t objectives) {
  const auto m = static_cast<Eigen::Index>(objectives);
  Eigen::VectorXd weights = given.size() == 0 ? Eigen::VectorXd::Constant(m, 1.0) : given;
  if (weights.size() != m) {
    throw InvalidInput("weights", "there are " + std::to_string(weights.size()) + " for " + std::to_string(m) +
                                      " objectives; give one for each");
  }
  if (!weights.allFinite() || weights.minCoeff() < 0 || weights.sum() <= 0) {
    throw InvalidInput("weights", "must be finite, not negative and not all 0");
  }
  return weights / weights.sum();
}

Target tradeoff_target(TrialModels& models, const Eigen::VectorXd& given, bool second_opinion,
                       std::vector<std::string>& notes) {
  const Eigen::VectorXd weights = checked_weights(given, models.trials().objectives.size());
  const Eigen::MatrixXd& targets = models.targets();
  // The first trials stand for those that no optimizer has chosen; a table without such an order loses nothing by it.
  const auto first = static_cast<Eigen::Index>(
      default_initial_trials(models.trials().space->searched().size(), static_cast<std::uint64_t>(targets.rows())));
  const Normalization bounds = normalize_by_front(targets, std::min(first, targets.rows()));
  notes.insert(notes.end(), bounds.notes.begin(), bounds.notes.end());
  return {models.tradeoff(weights, bounds.ideal, bounds.nadir, second_opinion),
          augmented_chebyshev(bounds.apply(targets), weights),
          {{"weights", list(weights)}, {"ideal", list(bounds.ideal)}, {"nadir", list(bounds.nadir)}}};
}

Target target_of(TrialModels& models, const ExplainTarget& target, bool second_opinion,
                 std::vector<std::string>& notes) {
  notes.insert(notes.end(), models.notes().begin(), models.notes().end());
  const std::vector<Objective>& objectives = models.trials().objectives;
  if (target.objective) return objective_target(models, *target.objective, second_opinion);
  if (objectives.size() == 1) return objective_target(models, objectives.front().name, second_opinion);
  return tradeoff_target(models, target.weights, second_opinion, notes);
}

Configuration legal(const SearchSpace& space, const Configuration& configuration, const char* what) {
  const Legality legality = space.check(configuration);
  if (!legality) throw InvalidInput(what, legality.reason);
  return configuration;
}

/// Of many trials the best and a space-filling rest: candidates for maxima.
std::vector<Configuration> candidates(const TrialTable& trials, const std::vector<Target>& targets) {
  constexpr std::size_t most = 300;
  std::vector<bool> is_chosen(trials.configurations.size(), false);
  for (const Target& target : targets) {
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

ExplainedStudy study_of(const TrialTable& trials, const std::vector<Target>& targets, const ExplainOptions& options) {
  ExplainedStudy study{.space = trials.space,
                       .trials = candidates(trials, targets),
                       .models = {},
                       .baselines = {},
                       .of = {},
                       .held = detail::never_varied(trials)};
  for (const Target& target : targets) {
    study.models.push_back(target.model);
    const auto incumbent = [&] {
      Eigen::Index best = 0;
      target.model.predictor().predict(trials.configurations).minCoeff(&best);
      return trials.configurations[static_cast<std::size_t>(best)];
    };
    std::vector<Configuration> baselines;
    for (const Configuration& sample : options.sample_list) (void)legal(*trials.space, sample, "samples");
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

void note_fit(const ordered_json& fit, std::size_t trials, std::size_t players, std::vector<std::string>& notes) {
  if (trials < 2 * players) {
    notes.push_back((trials == 1 ? "there is only 1 trial" : "there are only " + std::to_string(trials) + " trials") +
                    " for " + std::to_string(players) +
                    " hyperparameters; some ten for each make an explanation worth reading");
  }
  if (!(fit.at("leave_one_out_r2").get<double>() > 0)) {
    notes.emplace_back(
        "the model predicts left-out trials no better than their mean, so the values say more of it than of the "
        "hyperparameters");
  }
}

/// Relative range below which values differ by rounding only.
constexpr double least_relative_range = 1e-9;

bool varies(const Eigen::VectorXd& observed) {
  const double largest = observed.cwiseAbs().maxCoeff();
  return observed.maxCoeff() / 2 - observed.minCoeff() / 2 > least_relative_range / 2 * largest;
}

using detail::TargetContext;

void describe(const ExplainedStudy& study, std::size_t trials, std::size_t target, TargetContext& context) {
  context.fits.push_back(study.models[target].fit_to_json());
  context.fits.back()["trials"] = trials;
  note_fit(context.fits.back(), trials, study.space->searched().size(), context.notes);
  for (const Configuration& baseline : study.baselines[target]) {
    ordered_json json = study.space->to_json(baseline);
    auto& known = context.baselines;
    if (std::find(known.begin(), known.end(), json) == known.end()) known.push_back(std::move(json));
  }
  if (!study.of.empty()) context.ofs.push_back(study.space->to_json(study.of[target]));
}

void note_support(const TrialTable& trials, const Configuration& baseline, const Eigen::VectorXd& observed,
                  std::vector<std::string>& notes) {
  for (std::string& note : detail::support_notes(*trials.space, trials.configurations, baseline)) {
    notes.push_back(std::move(note));
  }
  if (std::string note = detail::outlier_note(std::span(observed.data(), observed.data() + observed.size()));
      !note.empty()) {
    notes.push_back(std::move(note));
  }
}

/// Where what attains v(N) is nowhere near the trials.
void note_maximiser(const TrialTable& trials, const ExplainedGame& game, std::vector<std::string>& notes) {
  for (const std::vector<Configuration>& maximisers : game.maximisers) {
    if (maximisers.empty()) continue;
    const std::vector<std::string> lonely =
        detail::lonely_values(*trials.space, trials.configurations, maximisers.back());
    if (lonely.empty()) continue;
    notes.push_back("what promises most lies outside of the trials in " + detail::name_list(lonely) +
                    ": the largest values are extrapolated; evaluate it (--suggest)");
    return;
  }
}

/// What the trials of one study say of a target apart from any model.
void examine(const TrialModels& models, const ExplainedStudy& study, std::size_t target, const Target& modelled,
             bool is_only_study, const ExplainOptions& options, TargetContext& context) {
  const TrialTable& trials = models.trials();
  note_support(trials, study.baselines[target].front(), modelled.observed, context.notes);
  if (!is_only_study) return;
  context.dependent = detail::dependent_players(*trials.space, trials.configurations);
  context.is_constant = !varies(modelled.observed);
  if (context.is_constant) {
    context.notes.emplace_back("the objective does not vary in these trials, so there is nothing to explain");
  }
  if (options.game == GameKind::optimizer_bias) return;  // says something of optimizers, not of the trials
  context.best_seen = -modelled.observed.minCoeff();
  RelevanceTestOptions test{.seed = options.seed, .threads = options.threads};
  if (options.permutations) test.permutations = std::max<std::size_t>(1, *options.permutations);
  for (const detail::Dependence& pair : context.dependent) test.together.emplace_back(pair.first, pair.second);
  if (context.is_constant) {
    context.relevance = RelevanceTest{1, std::vector<double>(trials.space->searched().size(), 1)};
  } else if (!options.permutations || *options.permutations > 0) {
    context.relevance = test_relevance(trials.space, trials.configurations, modelled.observed, test);
  }
  if (const auto* name = modelled.description.contains("objective") ? &modelled.description.at("objective") : nullptr) {
    const std::size_t j = trials.objective_index(name->get<std::string>());
    context.objective = trials.objectives[j];
    context.is_logarithmic = models.is_logarithmic(j);
  }
}

/// Values of an objective that did not vary: none, and no doubt about it.
void clear(ExplainedGame& game) {
  std::fill(game.values.values.begin(), game.values.values.end(), 0.0);
  std::fill(game.table.values.begin(), game.table.values.end(), game.empty);
  game.full = game.empty;
}

/// Of more hyperparameters than a game can have.
std::vector<ordered_json> rank(TrialModels& models, std::span<const ExplainTarget> targets,
                               const ExplainOptions& options) {
  const TrialTable& trials = models.trials();
  const std::size_t players = trials.space->searched().size();
  if (options.suggest > 0) {
    throw InvalidInput("suggest", "needs a game, and there are " + std::to_string(players) + " hyperparameters of at " +
                                      "most " + std::to_string(max_players) + "; make some of them constants");
  }
  std::vector<ordered_json> rankings;
  for (const ExplainTarget& target : targets) {
    TargetContext context;
    context.notes.push_back("with " + std::to_string(players) + " hyperparameters, more than the " +
                            std::to_string(max_players) +
                            " that a game can have, they are ranked by the total sensitivity that the length scales "
                            "of Gaussian processes imply; baseline, index and samples have no part in it");
    const Target modelled = target_of(models, target, true, context.notes);
    context.targets.push_back(modelled.description);
    context.fits.push_back(modelled.model.fit_to_json());
    note_fit(context.fits.back(), trials.configurations.size(), players, context.notes);
    note_support(trials, trials.space->default_configuration(), modelled.observed, context.notes);
    if (options.permutations && *options.permutations > 0) {
      context.relevance =
          test_relevance(trials.space, trials.configurations, modelled.observed,
                         {.permutations = *options.permutations, .seed = options.seed, .threads = options.threads});
    }
    const auto spread = (models.targets().rowwise() - models.targets().colwise().mean()).colwise().norm();
    rankings.push_back(detail::ranking(trials, modelled.model, spread, context, options));
  }
  return rankings;
}

}  // namespace

std::vector<ordered_json> explain(std::span<TrialModels> studies, std::span<const ExplainTarget> targets,
                                  const ExplainOptions& options, std::vector<GameTable>* played) {
  options.validate();
  if (studies.empty()) throw InvalidInput("studies", "there is none; give at least one");
  if (targets.empty()) throw InvalidInput("targets", "there is none; give at least one");
  const bool has_objective =
      std::any_of(targets.begin(), targets.end(), [](const ExplainTarget& t) { return t.objective.has_value(); });
  if (targets.size() > 1 && has_objective) {
    throw InvalidInput("targets", "several of them must all be trade-offs; explain objectives one by one");
  }
  detail::require_alike(studies, targets.front().objective);
  if (studies.front().trials().space->searched().size() > max_players) {
    if (studies.size() > 1) {
      throw InvalidInput("studies", "there are too many hyperparameters for a game, and rankings are not aggregated; " +
                                        std::string("explain them one by one"));
    }
    return rank(studies.front(), targets, options);
  }
  if (options.suggest > 0 && studies.size() > 1) {
    throw InvalidInput("suggest", "is for a single study; explain them one by one");
  }
  const bool second_opinion = !options.draws || *options.draws > 0 || options.suggest > 0;
  std::vector<TargetContext> contexts(targets.size());
  std::vector<ExplainedStudy> explained;
  for (TrialModels& models : studies) {
    std::vector<Target> modelled;
    for (std::size_t t = 0; t < targets.size(); ++t) {
      modelled.push_back(target_of(models, targets[t], second_opinion, contexts[t].notes));
      contexts[t].targets.push_back(modelled.back().description);
    }
    explained.push_back(study_of(models.trials(), modelled, options));
    for (std::size_t t = 0; t < targets.size(); ++t) {
      describe(explained.back(), models.trials().configurations.size(), t, contexts[t]);
      examine(models, explained.back(), t, modelled[t], studies.size() == 1, options, contexts[t]);
    }
  }
  const auto players = static_cast<int>(explained.front().space->searched().size());
  const int order = options.order.value_or(default_order(options.index, players));
  check_order(options.index, order, players);
  ExplainOptions resolved = options;
  resolved.order = order;
  const detail::ExplainedGames games(explained, resolved);
  std::vector<ExplainedGame> of_targets = games.play();
  const bool is_constant = std::all_of(contexts.begin(), contexts.end(), [](const auto& c) { return c.is_constant; });
  if (is_constant) resolved.draws = resolved.replicates = 0;
  const detail::Repetitions repetitions(games, of_targets, players, resolved);

  std::vector<ordered_json> explanations;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    if (contexts[t].is_constant) clear(of_targets[t]);
    for (const std::string& note : {games.note(), repetitions.note()}) {
      if (!note.empty()) contexts[t].notes.push_back(note);
    }
    if (studies.size() == 1) note_maximiser(studies.front().trials(), of_targets[t], contexts[t].notes);
    contexts[t].games = explained.size() * explained.front().baselines[t].size();
    ordered_json intervals = contexts[t].is_constant ? ordered_json::object() : repetitions.intervals(of_targets[t], t);
    explanations.push_back(
        explanation_to_json(of_targets[t], games.method(), contexts[t], std::move(intervals), resolved));
    if (options.suggest > 0) {
      explanations.back()["suggestions"] =
          contexts[t].is_constant
              ? ordered_json::array()
              : detail::suggested_trials(explained.front(), t, studies.front().trials().configurations, of_targets[t],
                                         options);
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
