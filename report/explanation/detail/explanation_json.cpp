#include <hyperego/core/instruction_set.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/core/version.hpp>
#include <hyperego/report/explanation/detail/explanation_json.hpp>
#include <hyperego/report/explanation/detail/summary.hpp>
#include <hyperego/report/explanation/detail/verdict.hpp>
#include <hyperego/shapley/explanation.hpp>
#include <hyperego/shapley/index/faithfulness.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

/// One element as it is, several as an array.
ordered_json one_or_all(const ordered_json& array) { return array.size() == 1 ? array.front() : array; }

/// Without repetition, in order of first appearance.
std::vector<std::string> distinct(const std::vector<std::string>& sentences) {
  std::vector<std::string> result;
  for (const std::string& sentence : sentences) {
    if (std::find(result.begin(), result.end(), sentence) == result.end()) result.push_back(sentence);
  }
  return result;
}

bool is_held(const GameTable& table, std::size_t player) { return (table.held >> player & 1U) != 0; }

/// A game's value in the objective's own unit and direction.
double in_own_unit(const TargetContext& context, double value) {
  const double raw = from_minimised(*context.objective, -value);
  return context.is_logarithmic ? std::exp(raw) : raw;
}

/// {"baseline", "all", "alone": {name: …}}: what the objective is predicted to be untuned, tuned, and with one
/// hyperparameter tuned.
ordered_json own_units(const ExplainedGame& game, const TargetContext& context) {
  const GameTable& table = game.table;
  ordered_json json{{"baseline", in_own_unit(context, game.empty)}, {"all", in_own_unit(context, game.full)}};
  if (table.values.empty()) return json;
  for (std::size_t i = 0; i < table.players.size(); ++i) {
    if (!is_held(table, i)) json["alone"][table.players[i]] = in_own_unit(context, table.values[std::size_t{1} << i]);
  }
  return json;
}

/// The Shapley value of two players that act as one.
std::optional<double> joint_value(const GameTable& table, std::size_t a, std::size_t b) {
  if (table.values.empty()) return std::nullopt;
  const std::size_t n = table.players.size();
  const Coalition pair = Coalition{1} << a | Coalition{1} << b;
  double sum = 0;
  for (Coalition s = 0; s < table.values.size(); ++s) {
    if ((s & pair) != 0) continue;
    // |S|! (n − 2 − |S|)! / (n − 1)!
    const double size = size_of(s);
    const auto m = static_cast<double>(n - 1);
    const double weight = std::exp(std::lgamma(size + 1) + std::lgamma(m - size) - std::lgamma(m + 1));
    sum += weight * (table.values[s | pair] - table.values[s]);
  }
  return sum;
}

ordered_json dependent_to_json(const ExplainedGame& game, const TargetContext& context, const ExplainOptions& options,
                               std::vector<std::string>& notes) {
  const GameTable& table = game.table;
  ordered_json json = ordered_json::array();
  for (const Dependence& pair : context.dependent) {
    if (is_held(table, pair.first) || is_held(table, pair.second)) continue;
    const std::string& first = table.players[pair.first];
    const std::string& second = table.players[pair.second];
    ordered_json entry{{"players", {first, second}}, {"association", pair.association}};
    std::string sentence = "the values of " + first + " and " + second + " went together in the trials (association " +
                           number_text(pair.association, 2) + "): their shares cannot be told apart";
    const std::optional<double> joint =
        options.index == InteractionIndex::sv ? joint_value(table, pair.first, pair.second) : std::nullopt;
    if (joint) {
      entry["joint_value"] = *joint;
      sentence += "; together they are worth " + number_text(*joint, 3);
    }
    json.push_back(std::move(entry));
    notes.push_back(std::move(sentence));
  }
  return json;
}

void note_reach(const ExplainedGame& game, const TargetContext& context, const ExplainOptions& options,
                std::vector<std::string>& notes) {
  if (!context.best_seen || options.game != GameKind::tunability) return;
  const double gain = game.full - game.empty;
  const double beyond = game.full - *context.best_seen;
  if (!(beyond > 0.01 * std::abs(gain))) return;
  const auto shown = [&](double value) {
    return number_text(context.objective ? in_own_unit(context, value) : -value, 4);
  };
  notes.push_back("the model promises " + shown(game.full) + ", more than the best trial's " +
                  shown(*context.best_seen) + ": " +
                  (beyond < gain ? number_text(100 * beyond / gain, 2) + " %" : std::string("all")) +
                  " of the gain was never seen");
}

/// Players that cannot be told from noise.
std::vector<std::string> noise_of(const ExplainedGame& game, const RelevanceTest& test) {
  std::vector<std::string> doubtful;
  for (std::size_t i = 0; i < game.table.players.size(); ++i) {
    if (!is_held(game.table, i) && test.p_values[i] >= significance) doubtful.push_back(game.table.players[i]);
  }
  return doubtful;
}

void note_relevance(const ExplainedGame& game, const TargetContext& context, const std::vector<std::string>& doubtful,
                    std::vector<std::string>& notes) {
  const bool all = doubtful.size() == game.table.players.size();
  if (all) {
    notes.push_back("no hyperparameter can be told from noise with these trials (p = " +
                    number_text(context.relevance->p_value, 2) + ")");
    return;
  }
  if (doubtful.empty()) return;
  std::string names;
  for (std::size_t k = 0; k < doubtful.size(); ++k) names += (k > 0 ? ", " : "") + doubtful[k];
  notes.push_back("cannot be told from noise with these trials (p ≥ " + number_text(significance, 2) + "): " + names);
}

/// {name: p} of the players; null where nothing is known.
ordered_json p_values_to_json(const ExplainedGame& game, const RelevanceTest& test) {
  ordered_json json = ordered_json::object();
  for (std::size_t i = 0; i < game.table.players.size(); ++i) {
    ordered_json& entry = json[game.table.players[i]];
    if (!is_held(game.table, i)) entry = test.p_values[i];
  }
  return json;
}

ordered_json values_to_json(const ExplainedGame& game) {
  ordered_json json = ordered_json::object();
  const InteractionValues& values = game.values;
  for (std::size_t i = 0; i < values.interactions.size(); ++i) {
    ordered_json& entry = json[interaction_name(values.interactions[i], game.table.players)];
    if ((values.interactions[i] & game.table.held) == 0) entry = values.values[i];
  }
  return json;
}

void add_game(const ExplainedGame& game, ExplainMethod method, const TargetContext& context,
              const ExplainOptions& options, ordered_json& json) {
  json["values"] = values_to_json(game);
  json["empty"] = game.empty;
  json["full"] = game.full;
  if (context.objective) json["own_unit"] = own_units(game, context);
  json["method"] = std::string(to_string(method));
  json["coalitions"] = game.coalitions;
  if (game.estimate) {
    json["estimator"] = std::string(to_string(options.estimator.value_or(default_estimator(options.index))));
    json["largest_standard_error"] = game.estimate->largest_standard_error();
  }
  json["legal_share"] = game.legal_share;
}

}  // namespace

ordered_json explanation_to_json(const ExplainedGame& game, ExplainMethod method, const TargetContext& context,
                                 ordered_json intervals, const ExplainOptions& options) {
  const GameTable& table = game.table;
  ordered_json json{{"game", std::string(to_string(options.game))},
                    {"index", std::string(to_string(game.values.index))},
                    {"order", game.values.order},
                    {"target", one_or_all(context.targets)}};
  if (context.targets.front().contains("weights")) json["weights"] = context.targets.front().at("weights");
  json["players"] = table.players;
  json["baseline"] = one_or_all(context.baselines);
  if (!context.ofs.empty()) json["of"] = one_or_all(context.ofs);
  if (context.games > 1) {
    json["studies"] = context.targets.size();
    json["aggregate"] = std::string(to_string(options.aggregate));
    if (options.aggregate == GameAggregate::quantile) json["level"] = options.level;
  }
  add_game(game, method, context, options, json);
  if (!context.fits.empty()) json["fit"] = one_or_all(context.fits);
  json["intervals"] = std::move(intervals);
  std::vector<std::string> notes;
  if (context.relevance) {
    json["p_value"] = context.relevance->p_value;
    json["p_values"] = p_values_to_json(game, *context.relevance);
    const std::vector<std::string> noise =
        context.is_constant ? std::vector<std::string>() : noise_of(game, *context.relevance);
    json["noise"] = noise;
    note_relevance(game, context, noise, notes);
  }
  ordered_json dependent = dependent_to_json(game, context, options, notes);
  if (!dependent.empty()) json["dependent"] = std::move(dependent);
  if (!context.extrapolated.empty()) json["extrapolated"] = context.extrapolated;
  if (context.best_seen) json["best_seen"] = *context.best_seen;
  note_reach(game, context, options, notes);
  if (!table.values.empty()) json["faithfulness"] = faithfulness(table.values, game.values).r_squared;
  if (monotone_direction(options.game) != 0) json["maximum"] = std::string(to_string(table.maximum));
  if (options.game == GameKind::optimizer_bias) {
    json["optimizer"] = options.bias.optimizer;
    json["ensemble"] = options.bias.ensemble;
    json["trials"] = options.bias.trials;
  }
  json["samples"] = table.samples;
  notes.insert(notes.end(), context.notes.begin(), context.notes.end());
  notes.insert(notes.end(), table.statuses.begin(), table.statuses.end());
  if (std::string summary = summary_of(json); !summary.empty()) json["summary"] = std::move(summary);
  json["notes"] = distinct(notes);
  json["seed"] = options.seed;
  json["hyperego"] = {{"version", std::string(version())},
                      {"instruction_set", std::string(to_string(instruction_set()))}};
  return json;
}

}  // namespace hyperego::detail
