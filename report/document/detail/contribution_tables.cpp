#include <hyperego/report/document/detail/contribution_tables.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/sections.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

constexpr int most_players_together = 3;

/// A change of one value and its share of the way to a trial.
struct Change {
  std::string name;
  ordered_json from, to;
  double value = 0;
};

/// By player; what did not change is left out.
std::vector<Change> changes_of(const StudyRecord& record, const Ablation& ablation) {
  const SearchSpace& space = *record.history.study().space;
  const ordered_json defaults = space.to_json(space.default_configuration());
  const ordered_json configuration = space.to_json(record.history.records()[ablation.trial].configuration);
  double largest = 0;
  for (const double value : ablation.values) largest = std::max(largest, std::abs(value));
  std::vector<Change> changes;
  for (std::size_t p = 0; p < ablation.values.size(); ++p) {
    const std::string& name = space[space.searched()[p]].name;
    Change change{name, defaults.value(name, ordered_json(nullptr)), configuration.value(name, ordered_json(nullptr)),
                  beside_gain(ablation.values[p], largest)};
    if (change.from != change.to) changes.push_back(std::move(change));  // what is left is rounding
  }
  return changes;
}

/// Hyperparameters by their mean absolute effect over all ablations.
std::vector<std::size_t> players_by_effect(const std::vector<Ablation>& ablations, std::size_t players) {
  std::vector<double> effects(players, 0.0);
  for (const Ablation& ablation : ablations) {
    for (std::size_t p = 0; p < players; ++p) effects[p] += std::abs(ablation.values[p]);
  }
  std::vector<std::size_t> order(players);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return effects[a] > effects[b]; });
  return order;
}

ordered_json optional_number(const std::optional<double>& value) {
  return value ? number_or_null(*value) : ordered_json(nullptr);
}

}  // namespace

ordered_json ablation_table(const StudyRecord& record, const ObjectiveExplanation& one) {
  ordered_json table = empty_table({"trial", "hyperparameter", "from", "to", "value"});
  for (const Ablation& ablation : one.ablations) {
    if (!ablation.is_on_front) continue;
    for (const Change& change : changes_of(record, ablation)) {
      table["rows"].push_back({ablation.trial, change.name, change.from, change.to, change.value});
    }
  }
  return table;
}

ordered_json force_table(const StudyRecord& record, const ObjectiveExplanation& one) {
  const Objective& objective = record.history.study().objectives[one.objective];
  ordered_json table = empty_table({"trial", "hyperparameter", "from", "to", "value", "start", "end"});
  for (const Ablation& ablation : one.ablations) {
    if (!ablation.is_on_front) continue;
    std::vector<Change> changes = changes_of(record, ablation);
    std::stable_sort(changes.begin(), changes.end(),
                     [](const Change& a, const Change& b) { return std::abs(a.value) > std::abs(b.value); });
    // From the trial's prediction outwards, on the scale on which larger is better.
    double worse = ablation.full;
    double better = ablation.full;
    const auto raw = [&](double value) { return number_or_null(raw_value(objective, one.is_log, -value)); };
    for (const Change& change : changes) {
      double& end = change.value >= 0 ? worse : better;
      const double start = end - change.value;
      table["rows"].push_back(
          {ablation.trial, change.name, change.from, change.to, change.value, raw(start), raw(end)});
      end = start;
    }
  }
  return table;
}

ordered_json beeswarm_table(const StudyRecord& record, const ObjectiveExplanation& one) {
  const SearchSpace& space = *record.history.study().space;
  ordered_json table = empty_table({"trial", "hyperparameter", "setting", "place", "value"});
  for (const std::size_t p : players_by_effect(one.ablations, space.searched().size())) {
    const std::size_t i = space.searched()[p];
    for (const Ablation& ablation : one.ablations) {
      const Configuration& configuration = record.history.records()[ablation.trial].configuration;
      const bool is_set = configuration.is_set(i);
      table["rows"].push_back(
          {ablation.trial, space[i].name, is_set ? to_json(space[i].value_of(configuration[i])) : ordered_json(nullptr),
           is_set ? ordered_json(space[i].to_unit(configuration[i])) : ordered_json(nullptr), ablation.values[p]});
    }
  }
  return table;
}

ordered_json stacked_table(const GameTable& game) {
  const int players = game.number_of_players();
  const int order = std::min(most_players_together, players);
  const InteractionValues parts = interaction_values(game.values, InteractionIndex::k_sii, order);
  const double gain = game.full() - game.empty();
  const auto count = static_cast<std::size_t>(players);
  std::vector<std::vector<double>> gains(count, std::vector<double>(static_cast<std::size_t>(order), 0.0));
  std::vector<std::vector<double>> losses = gains;
  std::vector<double> totals(count, 0.0);
  for (std::size_t k = 0; k < parts.interactions.size(); ++k) {
    if ((parts.interactions[k] & game.held) != 0) continue;  // changes nothing
    const int size = size_of(parts.interactions[k]);
    const double share = beside_gain(parts.values[k], gain) / size;
    for (std::size_t p = 0; p < count; ++p) {
      if (!contains(parts.interactions[k], static_cast<int>(p))) continue;
      (share >= 0 ? gains : losses)[p][static_cast<std::size_t>(size - 1)] += share;
      totals[p] += share;
    }
  }
  std::vector<std::size_t> ranked(count);
  std::iota(ranked.begin(), ranked.end(), std::size_t{0});
  std::stable_sort(ranked.begin(), ranked.end(), [&](std::size_t a, std::size_t b) { return totals[a] > totals[b]; });
  ordered_json table = empty_table({"hyperparameter", "order", "gains", "losses"});
  for (const std::size_t p : ranked) {
    if (contains(game.held, static_cast<int>(p))) continue;
    for (std::size_t k = 0; k < static_cast<std::size_t>(order); ++k) {
      table["rows"].push_back({game.players[p], k + 1, gains[p][k], losses[p][k]});
    }
  }
  return table;
}

ordered_json tuning_table(const Tuning& tuning, const Objective& objective) {
  ordered_json table = empty_table({"hyperparameter", "default", "better", objective.name + " if it alone is tuned",
                                    tuning.is_log ? "factor" : "change", "importance", "low", "high", "p", "verdict"});
  for (const TunedHyperparameter& one : tuning.hyperparameters) {
    const bool is_known = one.verdict != Verdict::unknown;
    ordered_json change = nullptr;
    if (one.alone) {
      change = number_or_null(tuning.is_log ? *one.alone / tuning.baseline
                                            : beside_gain(*one.alone - tuning.baseline, tuning.all - tuning.baseline));
    }
    const auto known = [&](double value) { return is_known ? ordered_json(value) : ordered_json(nullptr); };
    table["rows"].push_back({one.name, one.baseline, one.better, optional_number(one.alone), std::move(change),
                             known(one.value), known(one.low), known(one.high), optional_number(one.p_value),
                             in_words(one.verdict)});
  }
  return table;
}

}  // namespace hyperego::detail
