#include <hyperego/core/error.hpp>
#include <hyperego/core/instruction_set.hpp>
#include <hyperego/core/version.hpp>
#include <hyperego/moo/front/simplex_lattice.hpp>
#include <hyperego/moo/scalarization/scalarization.hpp>
#include <hyperego/moo/search/initial_design.hpp>
#include <hyperego/report/explanation/detail/explained_games.hpp>
#include <hyperego/report/explanation/detail/intervals.hpp>
#include <hyperego/report/explanation/explain.hpp>
#include <hyperego/shapley/explanation.hpp>
#include <hyperego/shapley/index/faithfulness.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hyperego {
namespace {

using detail::ExplainedStudy;
using nlohmann::ordered_json;

constexpr int most_players_for_intervals = 10;
constexpr std::size_t default_draws = 32;
constexpr std::size_t default_replicates = 4;

/// The model of what is explained, and that in words.
struct Target {
  TargetModel model;
  ordered_json description;
};

ordered_json list(const Eigen::VectorXd& values) { return std::vector<double>(values.begin(), values.end()); }

Target objective_target(TrialModels& models, const std::string& name) {
  const std::size_t j = models.trials().objective_index(name);
  ordered_json description{{"objective", name}};
  if (models.is_logarithmic(j)) description["scale"] = "log";
  return {models.objective(j), std::move(description)};
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

Target tradeoff_target(TrialModels& models, const Eigen::VectorXd& given, std::vector<std::string>& notes) {
  const Eigen::VectorXd weights = checked_weights(given, models.trials().objectives.size());
  const Eigen::MatrixXd& targets = models.targets();
  // The first trials stand for those that no optimizer has chosen; a table without such an order loses nothing by it.
  const auto first = static_cast<Eigen::Index>(
      default_initial_trials(models.trials().space->searched().size(), static_cast<std::uint64_t>(targets.rows())));
  const Normalization bounds = normalize_by_front(targets, std::min(first, targets.rows()));
  notes.insert(notes.end(), bounds.notes.begin(), bounds.notes.end());
  return {models.tradeoff(weights, bounds.ideal, bounds.nadir),
          {{"weights", list(weights)}, {"ideal", list(bounds.ideal)}, {"nadir", list(bounds.nadir)}}};
}

Target target_of(TrialModels& models, const ExplainTarget& target, std::vector<std::string>& notes) {
  notes.insert(notes.end(), models.notes().begin(), models.notes().end());
  const std::vector<Objective>& objectives = models.trials().objectives;
  if (target.objective) return objective_target(models, *target.objective);
  if (objectives.size() == 1) return objective_target(models, objectives.front().name);
  return tradeoff_target(models, target.weights, notes);
}

Configuration legal(const SearchSpace& space, const Configuration& configuration, const char* what) {
  const Legality legality = space.check(configuration);
  if (!legality) throw InvalidInput(what, legality.reason);
  return configuration;
}

ExplainedStudy study_of(const TrialTable& trials, std::vector<TargetModel> models, const ExplainOptions& options) {
  ExplainedStudy study{.space = trials.space,
                       .trials = trials.configurations,
                       .models = std::move(models),
                       .baselines = {},
                       .of = {},
                       .held = detail::never_varied(trials)};
  for (const TargetModel& model : study.models) {
    Eigen::Index best = 0;
    model.predictor().predict(trials.configurations).minCoeff(&best);
    const Configuration& incumbent = trials.configurations[static_cast<std::size_t>(best)];
    std::vector<Configuration> baselines;
    for (const Configuration& baseline : options.baselines) {
      baselines.push_back(legal(*trials.space, baseline, "baseline"));
    }
    if (options.incumbent_as_baseline) baselines.push_back(incumbent);
    if (baselines.empty()) baselines.push_back(trials.space->default_configuration());
    study.baselines.push_back(std::move(baselines));
    if (options.game == GameKind::ablation) {
      study.of.push_back(options.of ? legal(*trials.space, *options.of, "of") : incumbent);
    }
  }
  return study;
}

using detail::ExplainedGame;

template <typename IntervalOf>
ordered_json intervals_to_json(const ExplainedGame& reported, const ExplainOptions& options,
                               const IntervalOf& interval_of) {
  ordered_json json = ordered_json::object();
  for (std::size_t i = 0; i < reported.values.values.size(); ++i) {
    const detail::Interval interval = interval_of(i);
    json[interaction_name(reported.values.interactions[i], reported.table.players)] = {
        detail::cleaned(interval.first, reported, options), detail::cleaned(interval.second, reported, options)};
  }
  return json;
}

/// Entry i of the index of one target in every repetition.
std::vector<double> repeated(const std::vector<std::vector<ExplainedGame>>& games, std::size_t target, std::size_t i) {
  std::vector<double> values;
  for (const auto& of_targets : games) values.push_back(of_targets[target].values.values[i]);
  return values;
}

/// The games of all targets played again, from which intervals are made.
struct Repetitions {
  std::vector<std::vector<ExplainedGame>> plausible;
  std::vector<std::vector<ExplainedGame>> replicates;

  [[nodiscard]] ordered_json intervals(const ExplainedGame& reported, std::size_t target,
                                       const ExplainOptions& options) const {
    const double coverage = options.coverage;
    ordered_json json = ordered_json::object();
    if (!plausible.empty()) {
      json["draws"] = plausible.size();
      json["model"] = intervals_to_json(reported, options, [&](std::size_t i) {
        return detail::holding(detail::quantile_interval(repeated(plausible, target, i), coverage),
                               reported.values.values[i]);
      });
    }
    if (reported.estimate && !reported.estimate->exact) {
      json["sampling"] = intervals_to_json(reported, options, [&](std::size_t i) {
        return detail::normal_interval(reported.values.values[i], reported.estimate->standard_errors[i], coverage);
      });
    } else if (!replicates.empty()) {
      json["replicates"] = replicates.size();
      json["sampling"] = intervals_to_json(reported, options, [&](std::size_t i) {
        return detail::student_interval(reported.values.values[i], repeated(replicates, target, i), coverage);
      });
    }
    if (!json.empty()) json["coverage"] = coverage;
    return json;
  }
};

Repetitions repeat(const detail::ExplainedGames& games, std::span<const ExplainedGame> played, int players,
                   const ExplainOptions& options, std::vector<std::string>& notes) {
  const bool is_small = players <= most_players_for_intervals;
  const bool is_bias = options.game == GameKind::optimizer_bias;  // every draw would be 2^n runs of each optimizer
  const bool is_sampled = !is_bias && options.game != GameKind::ablation;
  Repetitions repetitions;
  const std::size_t draws = options.draws.value_or(is_small && !is_bias ? default_draws : 0);
  if (draws > 0) repetitions.plausible = games.play_plausible(draws, played);
  const std::size_t replicates = is_sampled && games.method() == detail::ExplainMethod::exact
                                     ? options.replicates.value_or(is_small ? default_replicates : 0)
                                     : 0;
  if (replicates > 0) repetitions.replicates = games.play_replicates(replicates);
  if (!is_small && !options.draws && !is_bias) {
    notes.push_back("with more than " + std::to_string(most_players_for_intervals) +
                    " hyperparameters there are intervals of the model only where draws are asked for");
  }
  return repetitions;
}

/// Without repetition, in order of first appearance.
std::vector<std::string> distinct(const std::vector<std::string>& sentences) {
  std::vector<std::string> result;
  for (const std::string& sentence : sentences) {
    if (std::find(result.begin(), result.end(), sentence) == result.end()) result.push_back(sentence);
  }
  return result;
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

void require_same_players(std::span<TrialModels> studies) {
  const auto names_of = [](const SearchSpace& space) {
    std::vector<std::string> names;
    for (const std::size_t i : space.searched()) names.push_back(space[i].name);
    return names;
  };
  const std::vector<std::string> expected = names_of(*studies.front().trials().space);
  for (const TrialModels& study : studies) {
    if (names_of(*study.trials().space) != expected) {
      throw InvalidInput("studies",
                         "they do not search the same hyperparameters, so their games cannot be aggregated; explain "
                         "them one by one");
    }
  }
}

/// Studies that are explained together must have been after the same thing.
void require_same_objectives(std::span<TrialModels> studies, bool is_one_named) {
  const auto words = [](const TrialModels& study) {
    std::string text;
    for (const Objective& objective : study.trials().objectives) {
      text += (text.empty() ? "" : ", ") + objective.name +
              (objective.direction == Direction::maximize ? " (maximized)" : " (minimized)");
    }
    return text;
  };
  const std::string expected = words(studies.front());
  for (const TrialModels& study : studies) {
    if (is_one_named || words(study) == expected) continue;
    throw InvalidInput("studies",
                       "they do not have the same objectives (" + expected + " and " + words(study) +
                           "), so their games cannot be aggregated; name one that all have with --objective");
  }
}

void require_same_direction(std::span<TrialModels> studies, const std::string& objective) {
  const auto direction = [&](const TrialModels& study) {
    return study.trials().objectives[study.trials().objective_index(objective)].direction;
  };
  for (const TrialModels& study : studies) {
    if (direction(study) == direction(studies.front())) continue;
    throw InvalidInput("studies", "\"" + objective +
                                      "\" is to be minimized in one and maximized in another; "
                                      "explain them one by one");
  }
}

/// One element as it is, several as an array.
ordered_json one_or_all(ordered_json array) { return array.size() == 1 ? array.front() : array; }

}  // namespace

namespace {

/// What is said of one target besides its game.
struct Context {
  std::vector<std::string> notes;
  ordered_json targets = ordered_json::array();  // of each study, as are the next two
  ordered_json fits = ordered_json::array();
  ordered_json ofs = ordered_json::array();
  ordered_json baselines = ordered_json::array();  // distinct ones
};

void describe(const ExplainedStudy& study, std::size_t target, Context& context) {
  context.fits.push_back(study.models[target].fit_to_json());
  context.fits.back()["trials"] = study.trials.size();
  note_fit(context.fits.back(), study.trials.size(), study.space->searched().size(), context.notes);
  for (const Configuration& baseline : study.baselines[target]) {
    ordered_json json = study.space->to_json(baseline);
    auto& known = context.baselines;
    if (std::find(known.begin(), known.end(), json) == known.end()) known.push_back(std::move(json));
  }
  if (!study.of.empty()) context.ofs.push_back(study.space->to_json(study.of[target]));
}

ordered_json explanation(const ExplainedGame& game, detail::ExplainMethod method, const Context& context,
                         ordered_json intervals, std::size_t games, const ExplainOptions& options) {
  const GameTable& table = game.table;
  const InteractionValues& values = game.values;
  ordered_json json{{"game", std::string(to_string(options.game))},
                    {"index", std::string(to_string(values.index))},
                    {"order", values.order},
                    {"target", one_or_all(context.targets)}};
  if (context.targets.front().contains("weights")) json["weights"] = context.targets.front().at("weights");
  json["players"] = table.players;
  json["baseline"] = one_or_all(context.baselines);
  if (!context.ofs.empty()) json["of"] = one_or_all(context.ofs);
  if (games > 1) {
    json["studies"] = context.targets.size();
    json["aggregate"] = std::string(to_string(options.aggregate));
    if (options.aggregate == GameAggregate::quantile) json["level"] = options.level;
  }
  json["values"] = ordered_json::object();
  for (std::size_t i = 0; i < values.interactions.size(); ++i) {
    json["values"][interaction_name(values.interactions[i], table.players)] = values.values[i];
  }
  json["empty"] = game.empty;
  json["full"] = game.full;
  json["method"] = std::string(to_string(method));
  json["coalitions"] = game.coalitions;
  if (game.estimate) {
    json["estimator"] = std::string(to_string(options.estimator.value_or(default_estimator(options.index))));
    json["largest_standard_error"] = game.estimate->largest_standard_error();
  }
  json["legal_share"] = game.legal_share;
  json["fit"] = one_or_all(context.fits);
  json["intervals"] = std::move(intervals);
  if (!table.values.empty()) json["faithfulness"] = faithfulness(table.values, values).r_squared;
  if (monotone_direction(options.game) != 0) json["maximum"] = std::string(to_string(table.maximum));
  if (options.game == GameKind::optimizer_bias) {
    json["optimizer"] = options.bias.optimizer;
    json["ensemble"] = options.bias.ensemble;
    json["trials"] = options.bias.trials;
  }
  json["samples"] = table.samples;
  std::vector<std::string> notes = context.notes;
  notes.insert(notes.end(), table.statuses.begin(), table.statuses.end());
  json["notes"] = distinct(notes);
  json["seed"] = options.seed;
  json["hyperego"] = {{"version", std::string(version())},
                      {"instruction_set", std::string(to_string(instruction_set()))}};
  return json;
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
  require_same_players(studies);
  require_same_objectives(studies, targets.front().objective.has_value());
  if (targets.front().objective) require_same_direction(studies, *targets.front().objective);
  std::vector<Context> contexts(targets.size());
  std::vector<ExplainedStudy> explained;
  for (TrialModels& models : studies) {
    std::vector<TargetModel> of_study;
    for (std::size_t t = 0; t < targets.size(); ++t) {
      Target modelled = target_of(models, targets[t], contexts[t].notes);
      of_study.push_back(std::move(modelled.model));
      contexts[t].targets.push_back(std::move(modelled.description));
    }
    explained.push_back(study_of(models.trials(), std::move(of_study), options));
    for (std::size_t t = 0; t < targets.size(); ++t) describe(explained.back(), t, contexts[t]);
  }
  const auto players = static_cast<int>(explained.front().space->searched().size());
  const int order = options.order.value_or(default_order(options.index, players));
  check_order(options.index, order, players);
  ExplainOptions resolved = options;
  resolved.order = order;
  const detail::ExplainedGames games(explained, resolved);
  std::vector<ExplainedGame> of_targets = games.play();
  std::vector<std::string> notes;
  if (!games.note().empty()) notes.push_back(games.note());
  const Repetitions repetitions = repeat(games, of_targets, players, resolved, notes);

  std::vector<ordered_json> explanations;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    contexts[t].notes.insert(contexts[t].notes.end(), notes.begin(), notes.end());
    const std::size_t joined = explained.size() * explained.front().baselines[t].size();
    explanations.push_back(explanation(of_targets[t], games.method(), contexts[t],
                                       repetitions.intervals(of_targets[t], t, options), joined, resolved));
    if (played != nullptr) played->push_back(std::move(of_targets[t].table));
  }
  return explanations;
}

ordered_json explain(const TrialTable& trials, const ExplainTarget& target, const ExplainOptions& options) {
  TrialModels models(trials, options.model, options.seed);
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
