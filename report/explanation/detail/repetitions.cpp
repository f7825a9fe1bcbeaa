#include <hyperego/report/explanation/detail/intervals.hpp>
#include <hyperego/report/explanation/detail/repetitions.hpp>
#include <hyperego/shapley/explanation.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <limits>
#include <utility>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

/// Up to so many players a repetition plays all coalitions; up to the other number it estimates.
constexpr int most_players_whole = 10;
constexpr int most_players_estimated = 20;
constexpr std::size_t draws_whole = 32;
constexpr std::size_t draws_estimated = 16;
constexpr std::size_t replicates_whole = 4;
/// By which intervals of two kinds of models are widened about their middle.
constexpr double widening = 1.25;

using Reading = std::function<double(const ExplainedGame&)>;

Interval joined(const Interval& a, const Interval& b) {
  return {std::min(a.first, b.first), std::max(a.second, b.second)};
}

Interval widened(const Interval& interval) {
  const double middle = 0.5 * (interval.first + interval.second);
  const double half = 0.5 * widening * (interval.second - interval.first);
  return {middle - half, middle + half};
}

ordered_json named(const ExplainedGame& reported, const ExplainOptions& options,
                   const std::function<Interval(std::size_t)>& interval_of) {
  ordered_json json = ordered_json::object();
  for (std::size_t i = 0; i < reported.values.values.size(); ++i) {
    ordered_json& entry = json[interaction_name(reported.values.interactions[i], reported.table.players)];
    if ((reported.values.interactions[i] & reported.table.held) != 0) continue;  // null: not known
    const Interval interval = interval_of(i);
    entry = {cleaned(interval.first, reported, options), cleaned(interval.second, reported, options)};
  }
  return json;
}

}  // namespace

Repetitions::Repetitions(const ExplainedGames& games, std::span<const ExplainedGame> played, int players,
                         const ExplainOptions& options)
    : options_(options) {
  const bool is_bias = options.game == GameKind::optimizer_bias;  // every draw would be 2^n runs of each optimizer
  const bool is_whole = players <= most_players_whole;
  const std::size_t usual = is_bias                             ? 0
                            : is_whole                          ? draws_whole
                            : players <= most_players_estimated ? draws_estimated
                                                                : 0;
  const std::size_t draws = options.draws.value_or(usual);
  for (const Opinion opinion : {Opinion::first, Opinion::second}) {
    if (draws == 0) break;
    Games plausible = games.play_plausible(draws, opinion, played);
    if (!plausible.empty()) opinions_.push_back(std::move(plausible));
  }
  if (draws > 0) unlimited_ = games.play_plausible(draws, Opinion::unlimited, played);
  const bool is_sampled = !is_bias && options.game != GameKind::ablation && games.method() == ExplainMethod::exact &&
                          options.sample_list.empty();
  const std::size_t replicates = is_sampled ? options.replicates.value_or(is_whole ? replicates_whole : 0) : 0;
  if (replicates > 0) replicates_ = games.play_replicates(replicates);
  if (players > most_players_estimated && !options.draws && !is_bias) {
    note_ = "with more than " + std::to_string(most_players_estimated) +
            " hyperparameters there are intervals of the model only where draws are asked for";
  }
}

ordered_json Repetitions::intervals(const ExplainedGame& reported, std::size_t target) const {
  const auto readings = [&](const Games& games, const Reading& read) {
    std::vector<double> values;
    for (const auto& of_targets : games) values.push_back(read(of_targets[target]));
    return values;
  };
  const auto of_model = [&](const Reading& read) {
    Interval interval{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
    for (const Games& games : opinions_) {
      interval = joined(interval, quantile_interval(readings(games, read), options_.coverage));
    }
    const std::vector<double> far = readings(unlimited_, read);
    if (!far.empty())
      interval =
          joined(interval, {*std::min_element(far.begin(), far.end()), *std::max_element(far.begin(), far.end())});
    return holding(opinions_.size() > 1 ? widened(interval) : interval, read(reported));
  };
  const auto entry = [](std::size_t i) { return [i](const ExplainedGame& game) { return game.values.values[i]; }; };
  ordered_json json = ordered_json::object();
  if (!opinions_.empty()) {
    json["draws"] = opinions_.front().size() * opinions_.size() + unlimited_.size();
    json["model"] = named(reported, options_, [&](std::size_t i) { return of_model(entry(i)); });
    const Interval empty = of_model([](const ExplainedGame& game) { return game.empty; });
    const Interval full = of_model([](const ExplainedGame& game) { return game.full; });
    json["game"] = {{"empty", {empty.first, empty.second}}, {"full", {full.first, full.second}}};
  }
  if (reported.estimate && !reported.estimate->exact) {
    json["sampling"] = named(reported, options_, [&](std::size_t i) {
      return normal_interval(reported.values.values[i], reported.estimate->standard_errors[i], options_.coverage);
    });
  } else if (!replicates_.empty()) {
    json["replicates"] = replicates_.size();
    json["sampling"] = named(reported, options_, [&](std::size_t i) {
      return student_interval(reported.values.values[i], readings(replicates_, entry(i)), options_.coverage);
    });
  }
  if (!json.empty()) json["coverage"] = options_.coverage;
  return json;
}

}  // namespace hyperego::detail
