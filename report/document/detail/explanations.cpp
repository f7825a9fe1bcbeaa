#include <hyperego/core/error.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/explanations.hpp>
#include <hyperego/report/explanation/explain.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

// Every coalition is a search of its own, so the cost doubles with each hyperparameter.
constexpr std::size_t most_players_optimized = 10;
constexpr std::size_t most_players_played = 14;

/// The completed trials that models are fitted to: all, or the front and an even choice of the others.
std::vector<std::uint64_t> modelled_trials(const StudyHistory& history, std::size_t most) {
  std::vector<std::uint64_t> others;
  const std::vector<std::uint64_t> front = history.front();
  for (std::uint64_t trial = 0; trial < history.records().size(); ++trial) {
    if (history.records()[trial].completed_in_full() && !std::binary_search(front.begin(), front.end(), trial))
      others.push_back(trial);
  }
  std::vector<std::uint64_t> chosen = front;
  const std::size_t room = most - std::min(most, chosen.size());
  const std::size_t count = std::min(room, others.size());
  for (std::size_t i = 0; i < count; ++i) chosen.push_back(others[i * others.size() / count]);
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

TrialTable table_of(const StudyHistory& history, const std::vector<std::uint64_t>& trials) {
  TrialTable table{.space = history.study().space,
                   .objectives = history.study().objectives,
                   .configurations = {},
                   .values = Eigen::MatrixXd(static_cast<Eigen::Index>(trials.size()),
                                             static_cast<Eigen::Index>(history.study().objectives.size()))};
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const StudyHistory::Record& record = history.records()[trials[i]];
    table.configurations.push_back(record.configuration);
    table.values.row(static_cast<Eigen::Index>(i)) = record.outcome->objectives.transpose();
  }
  return table;
}

ExplainOptions game_options(const ReportOptions& options, std::size_t players) {
  ExplainOptions result;
  result.game = GameKind::tunability;
  result.model = options.model;
  result.draws = options.draws;
  result.replicates = options.replicates;
  result.samples = options.samples;
  result.seed = options.seed;
  result.threads = options.threads;
  if (players > most_players_optimized) {
    result.maximum = MaximumKind::sampled;
    if (!result.samples) result.samples = 500;
  }
  if (players > most_players_played) result.budget = 2048;
  return result;
}

ObjectiveExplanation explain_objective(TrialModels& models, std::size_t objective, const StudyHistory& history,
                                       std::span<const std::uint64_t> modelled, const ExplainOptions& options) {
  const Objective& described = history.study().objectives[objective];
  const ExplainTarget target{.objective = described.name, .weights = {}};
  ObjectiveExplanation result;
  result.objective = objective;
  std::vector<GameTable> played;
  result.tunability = explain(std::span(&models, 1), std::span(&target, 1), options, &played).front();
  result.is_log = result.tunability.at("target").contains("scale");
  if (!options.budget) result.game = std::move(played.front());
  result.tuning = tuning_of(result.tunability, result.game, models, objective);
  result.ablations = ablations(models, objective, history, modelled, options);
  return result;
}

std::vector<ExplainTarget> tradeoff_targets(std::size_t objectives, std::size_t count) {
  std::size_t points = count;
  if (objectives == 3) {  // the triangular number of a whole lattice
    std::size_t partitions = 1;
    while ((partitions + 1) * (partitions + 2) / 2 < count) ++partitions;
    points = (partitions + 1) * (partitions + 2) / 2;
  }
  std::vector<ExplainTarget> targets;
  for (const Eigen::VectorXd& weights : tradeoffs(static_cast<int>(objectives), points)) {
    targets.push_back({.objective = std::nullopt, .weights = weights});
  }
  return targets;
}

/// Of more hyperparameters than a game can have.
void rank(const StudyRecord& record, const ReportOptions& options, Explanations& result) {
  const std::vector<Objective>& objectives = record.history.study().objectives;
  ExplainOptions ranking{
      .model = options.model, .draws = options.draws, .seed = options.seed, .threads = options.threads};
  for (const Objective& objective : objectives) {
    ranking.progress = titled(options.progress, objective.name);
    const ExplainTarget target{.objective = objective.name, .weights = {}};
    result.rankings.push_back(explain(std::span(result.models.get(), 1), std::span(&target, 1), ranking).front());
  }
}

void play(const StudyRecord& record, const ReportOptions& options, Explanations& result) {
  const StudyHistory& history = record.history;
  const std::size_t players = history.study().space->searched().size();
  ExplainOptions game = game_options(options, players);
  for (std::size_t j = 0; j < history.study().objectives.size(); ++j) {
    (void)result.models->objective(j);
  }
  for (std::size_t j = 0; j < history.study().objectives.size(); ++j) {
    game.progress = titled(options.progress, history.study().objectives[j].name);
    result.objectives.push_back(explain_objective(*result.models, j, history, result.modelled, game));
  }
  if (history.study().objectives.size() < 2) return;
  const std::vector<ExplainTarget> targets = tradeoff_targets(history.study().objectives.size(), options.tradeoffs);
  game.progress = titled(options.progress, std::to_string(targets.size()) + " trade-offs");
  for (ordered_json& one : explain(std::span(result.models.get(), 1), targets, game)) {
    result.tradeoffs.push_back(std::move(one));
  }
}

}  // namespace

InteractionValues pair_interactions(const GameTable& game) {
  InteractionValues pairs =
      interaction_values(game.values, InteractionIndex::fsii, std::min(2, game.number_of_players()));
  for (std::size_t i = 0; i < pairs.interactions.size(); ++i) {
    const bool is_held = (pairs.interactions[i] & game.held) != 0;  // changes nothing
    pairs.values[i] = is_held ? 0.0 : beside_gain(pairs.values[i], game.full() - game.empty());
  }
  return pairs;
}

double raw_value(const Objective& objective, bool is_log, double modelled) {
  const double turned = from_minimised(objective, modelled);
  return is_log ? std::exp(turned) : turned;
}

Explanations explanations_of(const StudyRecord& record, const ReportOptions& options) {
  Explanations result;
  result.tradeoffs = ordered_json::array();
  if (!options.explanations) {
    result.notes.emplace_back(
        options.refreshing
            ? "While the study runs, nothing is modelled here; the report that is written at its end has this section, "
              "and so has `hyperego report` on the run directory at any time."
            : "Models and games were switched off for this report.");
    return result;
  }
  result.modelled = modelled_trials(record.history, options.most_modelled);
  if (result.modelled.size() < 3) {
    result.notes.emplace_back("There are fewer than three completed trials, so there is nothing to model yet.");
    result.modelled.clear();
    return result;
  }
  if (const std::uint64_t infeasible = record.history.count(TrialStatus::infeasible); infeasible > 0) {
    result.notes.push_back("Models of objectives are fitted to completed trials; " + counted(infeasible, "trial") +
                           " that broke a constraint " + (infeasible == 1 ? "is" : "are") + " left out.");
  }
  const std::uint64_t completed = record.history.completed_in_full();
  if (result.modelled.size() < completed) {
    result.notes.push_back("The models are fitted to " + std::to_string(result.modelled.size()) + " of " +
                           std::to_string(completed) + " completed trials: the front and an even choice of the rest.");
  }
  result.models = std::make_shared<TrialModels>(table_of(record.history, result.modelled), options.model, options.seed,
                                                TargetReachOptions{}.factor, options.progress);
  result.kind = result.models->kind();
  if (result.kind == ModelKind::forest) {
    result.notes.emplace_back("The models here are random forests, one for each objective.");
  }
  const std::size_t players = record.history.study().space->searched().size();
  if (players == 0) {
    result.notes.emplace_back("No hyperparameter of the space can vary, so there is nothing to explain.");
  } else if (players > max_players) {
    rank(record, options, result);
    result.notes.push_back("The study searches " + std::to_string(players) + " hyperparameters, more than the " +
                           std::to_string(max_players) +
                           " that a game can have, so they are ranked and no game is played.");
  } else {
    play(record, options, result);
    if (players > most_players_played) {
      result.notes.push_back("The study searches " + std::to_string(players) +
                             " hyperparameters, too many to play all coalitions of them: importance is estimated from "
                             "some, and interactions and coalitions are left out.");
    } else if (players > most_players_optimized) {
      result.notes.push_back("With more than " + std::to_string(most_players_optimized) +
                             " hyperparameters the maxima of the games are taken over a list of samples.");
    }
  }
  return result;
}

}  // namespace hyperego::detail
