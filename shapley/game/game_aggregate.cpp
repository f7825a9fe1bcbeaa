#include <hyperego/core/error.hpp>
#include <hyperego/core/quantile.hpp>
#include <hyperego/shapley/game/game_aggregate.hpp>

#include <algorithm>
#include <array>
#include <vector>

namespace hyperego {
namespace {

constexpr std::array<std::string_view, 5> aggregate_names{"mean", "quantile", "min", "max", "variance"};

void require_same_players(const GameTable& a, const GameTable& b) {
  if (a.players == b.players && a.values.size() == b.values.size()) return;
  throw InvalidInput("tables", "games can be joined only where their players are the same, in the same order");
}

double mean_of(const std::vector<double>& values) {
  double sum = 0;
  for (const double v : values) sum += v - values.front();
  return values.front() + sum / static_cast<double>(values.size());
}

double variance_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double v : values) squares += (v - mean) * (v - mean);
  return squares / static_cast<double>(values.size());
}

double quantile_of(std::vector<double> values, double level) {
  std::sort(values.begin(), values.end());
  return quantile_of_sorted(values, level);
}

double join(const std::vector<double>& values, GameAggregate aggregate, double level) {
  switch (aggregate) {
    case GameAggregate::quantile:
      return quantile_of(values, level);
    case GameAggregate::min:
      return *std::min_element(values.begin(), values.end());
    case GameAggregate::max:
      return *std::max_element(values.begin(), values.end());
    case GameAggregate::variance:
      return variance_of(values);
    default:
      return mean_of(values);
  }
}

/// Everything but the values, joined.
GameTable joined(std::span<const GameTable> tables) {
  GameTable result = tables.front();
  result.maximisers.clear();
  result.without_legal_sample.clear();
  for (const GameTable& table : tables.subspan(1)) {
    require_same_players(result, table);
    result.held &= table.held;
    result.samples += table.samples;
    result.predictions += table.predictions;
    result.statuses.insert(result.statuses.end(), table.statuses.begin(), table.statuses.end());
    if (table.legal.empty()) result.legal.clear();
    for (std::size_t s = 0; s < result.legal.size(); ++s) result.legal[s] += table.legal[s];
  }
  for (std::size_t s = 0; s < result.legal.size(); ++s) {
    if (result.legal[s] == 0) result.without_legal_sample.push_back(s);
  }
  return result;
}

}  // namespace

std::string_view to_string(GameAggregate aggregate) { return aggregate_names[static_cast<std::size_t>(aggregate)]; }

GameAggregate game_aggregate_from(std::string_view text, const std::string& where) {
  for (std::size_t i = 0; i < aggregate_names.size(); ++i) {
    if (text == aggregate_names[i]) return static_cast<GameAggregate>(i);
  }
  throw InvalidInput(where, "\"" + std::string(text) +
                                "\" is no aggregate; expected mean, quantile, min, max or variance" +
                                did_you_mean(text, aggregate_names));
}

std::vector<double> aggregate_values(std::span<const std::vector<double>> values, GameAggregate aggregate,
                                     double level) {
  if (values.empty()) throw InvalidInput("tables", "an aggregate needs at least one game");
  if (!(level >= 0 && level <= 1)) throw InvalidInput("level", "a quantile's level must be in [0, 1]");
  std::vector<double> result(values.front().size());
  std::vector<double> of_coalition(values.size());
  for (std::size_t s = 0; s < result.size(); ++s) {
    for (std::size_t g = 0; g < values.size(); ++g) of_coalition[g] = values[g][s];
    result[s] = join(of_coalition, aggregate, level);
  }
  return result;
}

GameTable aggregate_games(std::span<const GameTable> tables, GameAggregate aggregate, double level) {
  if (tables.empty()) throw InvalidInput("tables", "an aggregate needs at least one game");
  GameTable result = joined(tables);
  std::vector<std::vector<double>> values;
  for (const GameTable& table : tables) values.push_back(table.values);
  result.values = aggregate_values(values, aggregate, level);
  return result;
}

GameTable optimizer_bias(const GameTable& studied, std::span<const GameTable> ensemble) {
  if (ensemble.empty())
    throw InvalidInput("ensemble", "optimizer bias needs at least one other optimizer to compare with");
  std::vector<GameTable> all{studied};
  all.insert(all.end(), ensemble.begin(), ensemble.end());
  GameTable result = joined(all);
  result.kind = GameKind::optimizer_bias;
  for (std::size_t s = 0; s < result.values.size(); ++s) {
    double best = studied.values[s];
    for (const GameTable& other : ensemble) best = std::max(best, other.values[s]);
    result.values[s] = studied.values[s] - best;
  }
  return result;
}

GameTable never_tuning(const GameTable& table, Coalition untuned) {
  GameTable result = table;
  result.without_legal_sample.clear();
  for (std::size_t s = 0; s < table.values.size(); ++s) {
    const Coalition tuned = s & ~untuned;
    result.values[s] = table.values[tuned];
    if (!table.legal.empty()) result.legal[s] = table.legal[tuned];
    if (!table.maximisers.empty()) result.maximisers[s] = table.maximisers[tuned];
    if (!result.legal.empty() && result.legal[s] == 0) result.without_legal_sample.push_back(s);
  }
  return result;
}

}  // namespace hyperego
