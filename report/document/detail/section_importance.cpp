#include <hyperego/core/number_text.hpp>
#include <hyperego/report/document/detail/contribution_tables.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/sections.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t most_coalitions_shown = 20;

const Objective& objective_of(const StudyRecord& record, const ObjectiveExplanation& one) {
  return record.history.study().objectives[one.objective];
}

/// "improvement of error", with the scale on which it is modelled.
std::string unit(const Objective& objective, bool is_log) {
  return is_log ? "ln of " + objective.name : objective.name;
}

ordered_json bounds_of_interval(const ordered_json& explanation, const char* kind, const std::string& name) {
  const ordered_json& intervals = explanation.at("intervals");
  return intervals.contains(kind) ? intervals.at(kind).at(name) : ordered_json{nullptr, nullptr};
}

ordered_json shapley_table(const ordered_json& explanation) {
  ordered_json table =
      empty_table({"hyperparameter", "value", "model low", "model high", "sampling low", "sampling high"});
  std::vector<std::pair<std::string, double>> values;
  for (const auto& [name, value] : explanation.at("values").items()) {
    if (!value.is_null()) values.emplace_back(name, value.get<double>());  // null: never varied, not known
  }
  std::stable_sort(values.begin(), values.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  const double gain = gain_of(explanation);
  for (const auto& [name, value] : values) {
    ordered_json row{name, beside_gain(value, gain)};
    for (const char* kind : {"model", "sampling"}) {
      for (const ordered_json& end : bounds_of_interval(explanation, kind, name)) {
        row.push_back(end.is_null() ? end : ordered_json(beside_gain(end.get<double>(), gain)));
      }
    }
    table["rows"].push_back(std::move(row));
  }
  return table;
}

/// Order-2 faithful Shapley interactions: main effects on the diagonal.
ordered_json interaction_table(const GameTable& game) {
  ordered_json table = empty_table({"first", "second", "value"});
  const auto players = game.number_of_players();
  const InteractionValues values = pair_interactions(game);
  for (std::size_t i = 0; i < values.interactions.size(); ++i) {
    std::vector<std::string> members;
    for (int p = 0; p < players; ++p) {
      if (contains(values.interactions[i], p)) members.push_back(game.players[static_cast<std::size_t>(p)]);
    }
    table["rows"].push_back({members.front(), members.back(), values.values[i]});
  }
  return table;
}

/// The best coalition of each size, then the next best of all, by what tuning only them gains.
ordered_json coalition_table(const GameTable& game) {
  ordered_json table = empty_table({"coalition", "size", "gain", "share of the full gain"});
  std::vector<double> gains = game.normalised();
  for (double& gain : gains) gain = beside_gain(gain, game.full() - game.empty());
  std::vector<Coalition> order(gains.size() - 1);
  std::iota(order.begin(), order.end(), Coalition{1});
  const auto size = [](Coalition c) { return static_cast<std::size_t>(__builtin_popcountll(c)); };
  std::stable_sort(order.begin(), order.end(), [&](Coalition a, Coalition b) {
    return size(a) != size(b) ? size(a) < size(b) : gains[a] > gains[b];
  });
  std::vector<Coalition> shown;
  for (std::size_t rank = 0; rank < order.size() && shown.size() < most_coalitions_shown; ++rank) {
    std::size_t last_size = 0;
    std::size_t rank_in_size = 0;
    for (const Coalition coalition : order) {
      rank_in_size = size(coalition) == last_size ? rank_in_size + 1 : 0;
      last_size = size(coalition);
      if (rank_in_size == rank && shown.size() < most_coalitions_shown) shown.push_back(coalition);
    }
  }
  std::stable_sort(shown.begin(), shown.end(), [&](Coalition a, Coalition b) {
    return size(a) != size(b) ? size(a) < size(b) : gains[a] > gains[b];
  });
  const double full = gains.back();
  for (const Coalition coalition : shown) {
    ordered_json members = ordered_json::array();
    for (int p = 0; p < game.number_of_players(); ++p) {
      if (contains(coalition, p)) members.push_back(game.players[static_cast<std::size_t>(p)]);
    }
    table["rows"].push_back(
        {members, size(coalition), gains[coalition], full > 0 ? ordered_json(gains[coalition] / full) : nullptr});
  }
  return table;
}

std::string ablations_left_out(const StudyRecord& record, const ObjectiveExplanation& one) {
  const std::size_t front = record.history.front().size();
  const auto shown = static_cast<std::size_t>(std::count_if(
      one.ablations.begin(), one.ablations.end(), [](const Ablation& ablation) { return ablation.is_on_front; }));
  if (shown >= front) return {};
  return " Shown for " + std::to_string(shown) + " of the " + counted(front, "trial") + " of the front.";
}

std::string fit_in_words(const ordered_json& explanation) {
  const double r2 = explanation.at("fit").at("leave_one_out_r2").get<double>();
  const std::string much = r2 > 0.9 ? "well" : r2 > 0.5 ? "fairly" : r2 > 0 ? "poorly" : "not at all";
  return "the model predicts left-out trials " + much + " (R² " + in_words(r2) + ")";
}

/// What tuning everything does, in the objective's own unit, and the smallest set that does nearly as much.
std::string summary(const ObjectiveExplanation& one, const Objective& objective, const ordered_json& coalitions) {
  const double place = std::abs(one.tuning.all - one.tuning.baseline);
  std::string text = "Tuning everything takes " + objective.name + " from " +
                     in_words(one.tuning.baseline, place, one.tuning) + " by default to " +
                     in_words(one.tuning.all, place, one.tuning) + " as the model sees it; " +
                     fit_in_words(one.tunability) + ".";
  for (const ordered_json& row : coalitions.at("rows")) {
    if (row.at(3).is_null() || row.at(3).get<double>() < 0.9) continue;
    text += " Tuning only " + listed(row.at(0).get<std::vector<std::string>>()) + " gains " +
            in_words(std::floor(100 * row.at(3).get<double>())) + " % of that" +
            (one.is_log ? ", on the scale of logarithms." : ".");
    break;
  }
  return text;
}

void add_interactions(ordered_json& section, const ObjectiveExplanation& one, const std::string& name,
                      const std::string& suffix, const std::string& value) {
  const ordered_json interactions = interaction_table(one.game);
  add_figure(section, "interactions" + suffix, name + ": interactions",
             "Faithful Shapley interactions of order 2, single effects on the diagonal. Above zero two "
             "hyperparameters gain more together than each alone; below, one does for the other.",
             {{"kind", "interaction-map"}, {"value", value}, {"players", one.game.players}}, interactions);
  add_figure(section, "graph" + suffix, name + ": network of interactions",
             "The same as a graph: the larger a node, the more its hyperparameter gains alone; the thicker an edge, "
             "the stronger the interaction; solid ones are above zero, dashed ones below.",
             {{"kind", "interaction-graph"}, {"value", value}, {"players", one.game.players}}, interactions);
  add_figure(section, "stacked" + suffix, name + ": importance, alone and together",
             "Shapley values in parts: what a hyperparameter gains or loses by itself, with one other and with two.",
             {{"kind", "stacked-bars"}, {"value", value}}, stacked_table(one.game));
}

/// How the predictions of single trials come about.
void add_trials(ordered_json& section, const StudyRecord& record, const ObjectiveExplanation& one,
                const std::string& suffix, const std::string& value) {
  const Objective& objective = objective_of(record, one);
  const std::string left_out = ablations_left_out(record, one);
  add_figure(section, "ablation" + suffix, objective.name + ": from the default to a trial of the front",
             "How much of the difference between the default configuration and a chosen trial is due to each change "
             "(Shapley values of the ablation game), as the model sees it." +
                 left_out,
             {{"kind", "waterfall"}, {"value", value}}, ablation_table(record, one));
  add_figure(section, "force" + suffix, objective.name + ": what pushes a trial's prediction",
             "The same in the unit of " + objective.name + ": what helps and what hurts on the way from the default." +
                 (one.is_log ? " The axis is logarithmic, as shares are factors." : ""),
             {{"kind", "force"},
              {"value", objective.name},
              {"direction", objective.direction == Direction::maximize ? "maximize" : "minimize"},
              {"log", one.is_log},
              {"baseline", number_or_null(one.tuning.baseline)}},
             force_table(record, one));
  add_figure(section, "beeswarm" + suffix, objective.name + ": what each value did, trial by trial",
             "For " + counted(one.ablations.size(), "trial") +
                 ", what the value of each hyperparameter adds to the prediction, in place of its default.",
             {{"kind", "beeswarm"}, {"value", value}}, beeswarm_table(record, one));
}

void add_objective(ordered_json& section, const StudyRecord& record, const ObjectiveExplanation& one) {
  const Objective& objective = objective_of(record, one);
  const std::string suffix = "-" + std::to_string(one.objective + 1);
  const std::string value = "improvement in " + unit(objective, one.is_log);
  const bool is_complete = !one.game.values.empty();
  const ordered_json coalitions = is_complete ? coalition_table(one.game) : empty_table({});
  const std::string leaders = one.tunability.value("summary", std::string());
  section["text"].push_back(objective.name + ": " + leaders + (leaders.empty() ? "" : " ") +
                            summary(one, objective, coalitions));
  const bool has_model = one.tunability.at("intervals").contains("model");
  add_table(section, "tuning" + suffix,
            objective.name + ": tuned one at a time, " + number_text(one.tuning.baseline) + " by default",
            tuning_table(one.tuning, objective));
  section["tables"].back()["leads"] = true;
  add_figure(section, "shapley" + suffix, objective.name + ": importance",
             std::string("Shapley values of the tunability game: what tuning each hyperparameter is worth. ") +
                 (has_model ? "Whiskers hold 90 % of the values that the trials leave plausible."
                            : "Whiskers are 90 % intervals of sampling."),
             {{"kind", "bars"}, {"value", value}, {"low", has_model ? 2 : 4}, {"high", has_model ? 3 : 5}},
             shapley_table(one.tunability));
  if (is_complete && one.game.number_of_players() > 1) add_interactions(section, one, objective.name, suffix, value);
  if (is_complete) {
    add_figure(section, "coalitions" + suffix, objective.name + ": coalitions",
               "What is gained when only the hyperparameters with a dot are tuned and the others keep their defaults: "
               "the best sets of each size.",
               {{"kind", "upset"}, {"value", value}, {"players", one.game.players}}, coalitions);
  }
  if (!one.ablations.empty()) add_trials(section, record, one, suffix, value);
}

void add_ranking(ordered_json& section, const ordered_json& ranking, std::size_t objective, const std::string& name) {
  const std::string leaders = ranking.value("summary", std::string());
  section["text"].push_back(name + ": " + leaders + (leaders.empty() ? "T" : " T") + fit_in_words(ranking).substr(1) +
                            ".");
  const bool has_model = ranking.at("intervals").contains("model");
  add_figure(section, "ranking-" + std::to_string(objective + 1), name + ": ranking",
             std::string("Shares of the total sensitivity that the length scales of the Gaussian process imply.") +
                 (has_model ? " Whiskers hold 90 % of the shares that the trials leave plausible." : ""),
             {{"kind", "bars"}, {"value", "share"}, {"low", 2}, {"high", 3}}, shapley_table(ranking));
}

}  // namespace

ordered_json importance_section(const StudyRecord& record, const Explanations& explanations) {
  ordered_json section = empty_section("importance", "Importance per objective");
  for (const ObjectiveExplanation& one : explanations.objectives) {
    add_objective(section, record, one);
  }
  for (std::size_t j = 0; j < explanations.rankings.size(); ++j) {
    add_ranking(section, explanations.rankings[j], j, record.history.study().objectives[j].name);
  }
  for (const std::string& note : explanations.notes) section["text"].push_back(note);
  std::vector<std::string> said;
  const auto say = [&](const ordered_json& explanation) {
    for (const ordered_json& note : explanation.at("notes")) {
      const auto text = note.get<std::string>();
      if (std::find(said.begin(), said.end(), text) != said.end()) continue;
      said.push_back(text);
      section["text"].push_back("Note: " + text + ".");
    }
  };
  for (const ObjectiveExplanation& one : explanations.objectives) say(one.tunability);
  for (const ordered_json& ranking : explanations.rankings) say(ranking);
  return section;
}

}  // namespace hyperego::detail
