// Is what the models say of importance true, and does it matter which hyperparameters are freed? Plays the games of
// frozen trials once more on the objectives themselves, which surrogate benchmarks allow: a table, no times.
//   HYPEREGO_YAHPO_DATA=… bench_importance_truth [SUITE.json [SEED…]]     (default: benchmark/suites/hpo.json, 21 22
//   23)
//
// agree     rank correlation (Spearman) of the model's Shapley values with the true ones
// first     share of games in which both name the same most important hyperparameter
// chosen    share of the true gain v(N) − v(∅) that the freed set reaches …
// random    … that a set of the same size reaches in the mean …
// best      … and that the best one of that size does
// free      size of the freed set, of n
// predicted the gain that the model predicted, in units of the true one (both of the scalarised objective)
//
// Then of finished searches, per objective and from the default configuration, as reports explain it: rank correlation,
// and Σ|φ − φ true| / Σ|φ true|, of models of the objective as it is, under a power transform, and of whichever is
// more likely; of a forest.
#include <hyperego/benchmark/suite.hpp>
#include <hyperego/benchmark/task.hpp>
#include <hyperego/core/blend.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/rank_correlation.hpp>
#include <hyperego/moo/optimizer/parego.hpp>
#include <hyperego/moo/scalarization/scalarization.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>
#include <hyperego/surrogate/forest/random_forest_surrogate.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace hyperego;

constexpr std::uint64_t every = 4;  // frozen trials
constexpr std::size_t samples = 1000;
constexpr std::size_t most_players = 10;

/// The trials of a search that freezes nothing.
struct Finished {
  std::vector<Configuration> configurations;
  Eigen::MatrixXd minimised;  // trials × objectives
};

Finished finished(const BenchmarkTask& task, std::uint64_t seed) {
  ParEgo optimizer(task.problem(seed), ParEgoOptions{});
  Finished search{{}, Eigen::MatrixXd(0, static_cast<Eigen::Index>(task.objectives.size()))};
  for (std::uint64_t t = 0; t < task.trials; ++t) {
    const Suggestion suggestion = optimizer.ask(1).at(0);
    const Outcome outcome = task.outcome(suggestion.configuration);
    optimizer.tell({suggestion.trial, suggestion.configuration, outcome});
    if (outcome.status != TrialStatus::completed) continue;
    search.configurations.push_back(suggestion.configuration);
    search.minimised.conservativeResize(search.minimised.rows() + 1, Eigen::NoChange);
    search.minimised.bottomRows(1) = to_minimised(task.objectives, outcome.objectives).transpose();
  }
  return search;
}

/// Models of one objective: raw, under a power transform, the likelier of them, a forest.
constexpr std::size_t kinds = 4;
std::vector<std::unique_ptr<Surrogate>> models(const BenchmarkTask& task, const Finished& search,
                                               const Eigen::VectorXd& targets) {
  const auto process = [&](TargetTransform::Kind transform) {
    return GaussianProcessSurrogate::fit(task.space, search.configurations, targets, {.transform = transform});
  };
  GaussianProcessSurrogate raw = process(TargetTransform::Kind::none);
  GaussianProcessSurrogate transformed = process(TargetTransform::Kind::yeo_johnson);
  const bool raw_is_likelier = raw.log_evidence() > transformed.log_evidence();
  std::vector<std::unique_ptr<Surrogate>> all;
  all.push_back(std::make_unique<GaussianProcessSurrogate>(raw));
  all.push_back(std::make_unique<GaussianProcessSurrogate>(transformed));
  all.push_back(std::make_unique<GaussianProcessSurrogate>(raw_is_likelier ? raw : transformed));
  all.push_back(
      std::make_unique<RandomForestSurrogate>(RandomForestSurrogate::fit(task.space, search.configurations, targets)));
  return all;
}

void compare_from_default(const BenchmarkTask& task, const std::vector<std::uint64_t>& seeds) {
  std::vector<double> agree(kinds, 0);
  std::vector<double> error(kinds, 0);
  double games = 0;
  std::vector<Finished> searches;
  for (const std::uint64_t seed : seeds) searches.push_back(finished(task, seed));
  const Configuration baseline = task.space->default_configuration();
  const Blends blends(task.space, baseline, draw_samples(task.space, samples, 5));
  for (std::size_t j = 0; j < task.objectives.size(); ++j) {
    const auto column = static_cast<Eigen::Index>(j);
    const FunctionPredictor truth(task.space, [&](const Configuration& configuration) {
      return to_minimised(task.objectives, task.evaluate(configuration))[column];
    });
    const GameTable table = play_game(truth, blends, {.maximum = MaximumKind::sampled, .sign = -1, .threads = 1});
    const std::vector<double> own = shapley_values(table.values);
    if (!(table.full() > table.empty())) continue;
    for (const Finished& search : searches) {
      const auto all = models(task, search, search.minimised.col(column));
      ++games;
      for (std::size_t k = 0; k < kinds; ++k) {
        const std::vector<double> seen = shapley_values(play_game(*all[k], blends, {.sign = -1}).values);
        double missed = 0;
        double whole = 0;
        for (std::size_t i = 0; i < own.size(); ++i) {
          missed += std::abs(seen[i] - own[i]);
          whole += std::abs(own[i]);
        }
        agree[k] += rank_correlation(own, seen);
        error[k] += missed / whole;
      }
    }
  }
  fmt::print("{:<20}", task.name);
  for (std::size_t k = 0; k < kinds; ++k) fmt::print("    {:>5.2f} {:>6.2f}", agree[k] / games, error[k] / games);
  fmt::print("\n");
  std::fflush(stdout);
}

struct Row {
  int games = 0;
  int of = 0;
  double agree = 0, first = 0, chosen = 0, random = 0, best = 0, free = 0, predicted_gain = 0;
};

/// The scalarised objective of the decision's weights and bounds, as it is.
FunctionPredictor truth(const BenchmarkTask& task, const Decision& decision) {
  const Normalization bounds{decision.ideal, decision.nadir, {}};
  return {task.space, [&task, bounds, weights = decision.weights](const Configuration& configuration) {
            const Eigen::MatrixXd minimised = to_minimised(task.objectives, task.evaluate(configuration)).transpose();
            return augmented_chebyshev(bounds.apply(minimised), weights)[0];
          }};
}

void compare(const BenchmarkTask& task, const Decision& decision, Row& row) {
  const auto players = static_cast<int>(task.space->searched().size());
  const Blends blends(task.space, *decision.baseline, draw_samples(task.space, samples, decision.trial));
  const GameTable game =
      play_game(truth(task, decision), blends, {.maximum = MaximumKind::sampled, .sign = -1, .threads = 1});
  const double gain = game.full() - game.empty();
  if (!(gain > 0)) return;
  const std::vector<double> own = shapley_values(game.values);
  std::vector<double> seen;
  for (const std::size_t i : task.space->searched()) seen.push_back(decision.shapley.at(i));
  Coalition free = 0;
  for (int p = 0; p < players; ++p) {
    const std::size_t i = task.space->searched()[static_cast<std::size_t>(p)];
    if (std::find(decision.free.begin(), decision.free.end(), i) != decision.free.end()) free |= Coalition{1} << p;
  }
  double sum = 0;
  double best = 0;
  int sets = 0;
  for (Coalition s = 0; s < game.values.size(); ++s) {
    if (size_of(s) != size_of(free)) continue;
    const double share = (game.values[s] - game.empty()) / gain;
    sum += share;
    best = std::max(best, share);
    ++sets;
  }
  const auto top = [](const std::vector<double>& values) {
    return std::max_element(values.begin(), values.end()) - values.begin();
  };
  const std::vector<double>& model = decision.game->values;
  ++row.games;
  row.of = players;
  row.agree += rank_correlation(own, seen);
  row.first += top(own) == top(seen) ? 1 : 0;
  row.chosen += (game.values[free] - game.empty()) / gain;
  row.random += sum / sets;
  row.best += best;
  row.free += size_of(free);
  row.predicted_gain += (model.back() - model.front()) / gain;
}

Row play(const BenchmarkTask& task, const std::vector<std::uint64_t>& seeds) {
  Row row;
  for (const std::uint64_t seed : seeds) {
    ParEgo optimizer(task.problem(seed), HpiParEgoOptions{});
    std::uint64_t frozen = 0;
    for (std::uint64_t t = 0; t < task.trials; ++t) {
      const Suggestion suggestion = optimizer.ask(1).at(0);
      optimizer.tell({suggestion.trial, suggestion.configuration, task.outcome(suggestion.configuration)});
      if (suggestion.decision.phase != Decision::Phase::frozen || suggestion.decision.shapley.empty()) continue;
      if (frozen++ % every == 0) compare(task, suggestion.decision, row);
    }
  }
  return row;
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::uint64_t> seeds;
  for (int k = 2; k < argc; ++k) seeds.push_back(std::strtoull(argv[k], nullptr, 10));
  if (seeds.empty()) seeds = {21, 22, 23};
  try {
    fmt::print("{:<20} {:>5} {:>6} {:>6} {:>7} {:>7} {:>6} {:>9} {:>9}\n", "task", "games", "agree", "first", "chosen",
               "random", "best", "free", "predicted");
    const std::vector<BenchmarkTask> tasks =
        prepare_tasks(read_suite(argc > 1 ? argv[1] : "benchmark/suites/hpo.json"));
    for (const BenchmarkTask& task : tasks) {
      if (task.space->searched().size() > most_players) {
        fmt::print("{:<20} left out: {} hyperparameters, so no whole table\n", task.name,
                   task.space->searched().size());
        continue;
      }
      const Row row = play(task, seeds);
      const double n = std::max(1, row.games);
      fmt::print("{:<20} {:>5} {:>6.2f} {:>6.2f} {:>7.2f} {:>7.2f} {:>6.2f} {:>4.1f} of {:>2} {:>8.2f}\n", task.name,
                 row.games, row.agree / n, row.first / n, row.chosen / n, row.random / n, row.best / n, row.free / n,
                 row.of, row.predicted_gain / n);
      std::fflush(stdout);
    }
    fmt::print("\n{:<20}    {:<15} {:<15} {:<15} forest\n", "from the default", "raw", "power", "likelier");
    for (const BenchmarkTask& task : tasks) {
      if (task.space->searched().size() <= most_players) compare_from_default(task, seeds);
    }
  } catch (const Error& error) {
    fmt::print("left out: {}\n", error.what());
  }
}
