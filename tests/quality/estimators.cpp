// Error and time of estimators with 20 players and 4,096 coalitions, beside the truth from the complete value table.
//
//     bench_estimators [--write DIR] [--budget N] [--seeds K] [--players N]
//
// With --write the games (value tables) and their exact indices go into DIR, for benchmark/peers/shapiq_comparison.py.
#include <hyperego/core/rng.hpp>
#include <hyperego/shapley/estimators/estimate.hpp>
#include <hyperego/shapley/game/game.hpp>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "kernel_mixture.hpp"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace hyperego;

struct NamedGame {
  std::string name;
  std::vector<double> table;
};

/// 12 … 30 unanimity games of uniform size, coefficients in [−1, 1].
std::vector<double> sum_of_unanimity_games(int players, std::uint64_t seed) {
  Rng rng(seed, "sum of unanimity games");
  std::vector<double> table(std::size_t{1} << players, 0.0);
  const std::uint64_t terms = 12 + rng.below(19);
  for (std::uint64_t t = 0; t < terms; ++t) {
    const auto size = static_cast<int>(rng.below(static_cast<std::uint64_t>(players) + 1));
    Coalition coalition = 0;
    while (size_of(coalition) < size) coalition |= Coalition{1} << rng.below(static_cast<std::uint64_t>(players));
    const double coefficient = 2 * rng.uniform() - 1;
    for (std::size_t s = 0; s < table.size(); ++s) table[s] += (coalition & ~s) == 0 ? coefficient : 0.0;
  }
  return table;
}

/// Games of a kernel mixture of 60 points, importance falling from one hyperparameter to the next.
std::vector<double> kernel_mixture_game(int players, GameKind kind, std::size_t samples) {
  std::vector<Hyperparameter> hyperparameters;
  for (int i = 0; i < players; ++i) hyperparameters.push_back(make_float("h" + std::to_string(i), 0, 1));
  const auto space = std::make_shared<const SearchSpace>(hyperparameters);
  const std::vector<Configuration> data = draw_samples(space, 60, 1);
  Rng rng(3, "landscape");
  const Eigen::MatrixXd ridges = Eigen::MatrixXd::NullaryExpr(3, players, [&] { return rng.normal(); });
  Eigen::VectorXd targets(60);
  for (Eigen::Index i = 0; i < 60; ++i) {
    Eigen::VectorXd z = space->encode(data[static_cast<std::size_t>(i)]).array() - 0.4;
    for (Eigen::Index j = 0; j < players; ++j) z(j) *= std::pow(0.88, static_cast<double>(j));
    const Eigen::VectorXd r = ridges * z;
    targets(i) = -3 * z.squaredNorm() + std::sin(2 * r(0)) + r(1) * r(2);
  }
  targets.array() -= targets.mean();
  Eigen::Index best = 0;
  targets.maxCoeff(&best);
  const test::KernelMixture predictor(space, data, targets, 1.0, 1e-3);
  const bool ablation = kind == GameKind::ablation;
  const Configuration baseline = ablation ? space->default_configuration() : data[static_cast<std::size_t>(best)];
  const Blends blends(
      space, baseline,
      ablation ? std::vector<Configuration>{data[static_cast<std::size_t>(best)]} : draw_samples(space, samples, 5));
  return play_game(predictor, blends, {.kind = kind, .maximum = MaximumKind::sampled}).values;
}

/// Every coalition its own smooth value: a random network of one hidden layer.
std::vector<double> network_game(int players, std::uint64_t seed) {
  Rng rng(seed, "network game");
  constexpr int units = 12;
  std::vector<double> table(std::size_t{1} << players, 0.0);
  for (int u = 0; u < units; ++u) {
    std::vector<double> weights(static_cast<std::size_t>(players));
    for (double& w : weights) w = rng.normal() * 2 / std::sqrt(players);
    const double bias = rng.normal();
    const double out = rng.normal();
    for (std::size_t s = 0; s < table.size(); ++s) {
      double sum = bias;
      for (std::size_t rest = s; rest != 0; rest &= rest - 1)
        sum += weights[static_cast<std::size_t>(std::countr_zero(rest))];
      table[s] += out * std::tanh(sum);
    }
  }
  return table;
}

/// Spread 1 over all coalitions, so that errors of different games compare.
std::vector<double> scaled(std::vector<double> table) {
  double mean = 0;
  for (const double value : table) mean += value / static_cast<double>(table.size());
  double square = 0;
  for (const double value : table) square += (value - mean) * (value - mean) / static_cast<double>(table.size());
  for (double& value : table) value = (value - mean) / std::sqrt(square);
  return table;
}

std::vector<NamedGame> games(int players) {
  std::vector<NamedGame> all;
  for (std::uint64_t g = 0; g < 3; ++g) {
    all.push_back({"unanimity-" + std::to_string(g), sum_of_unanimity_games(players, 100 + g)});
  }
  all.push_back({"ablation", scaled(kernel_mixture_game(players, GameKind::ablation, 1))});
  all.push_back({"sensitivity", scaled(kernel_mixture_game(players, GameKind::sensitivity, 24))});
  all.push_back({"tunability", scaled(kernel_mixture_game(players, GameKind::tunability, 24))});
  all.push_back({"network", scaled(network_game(players, 7))});
  return all;
}

struct Task {
  InteractionIndex index;
  int order;
  std::vector<Estimator> estimators;
};

const std::vector<Task>& tasks() {
  using enum Estimator;
  static const std::vector<Task> all{
      {InteractionIndex::sv, 1, {permutation, regression, svarm, kernel_shap_iq}},
      {InteractionIndex::sii, 2, {svarm, kernel_shap_iq}},
      {InteractionIndex::k_sii, 2, {svarm, kernel_shap_iq}},
      {InteractionIndex::k_sii, 3, {svarm, kernel_shap_iq}},
      {InteractionIndex::stii, 2, {svarm}},
      {InteractionIndex::fsii, 2, {regression, svarm}},
      {InteractionIndex::bv, 1, {svarm}},
      {InteractionIndex::fbii, 2, {regression, svarm}},
  };
  return all;
}

struct Outcome {
  double error = 0;    // mean squared
  double stated = 0;   // mean squared standard error
  double seconds = 0;  // of the processor, least of the runs
  std::size_t coalitions = 0;
  std::string stop;
};

Outcome measure(const NamedGame& game, int players, const InteractionValues& truth, Estimator estimator, double share,
                std::size_t budget, std::uint64_t seeds) {
  const CoalitionFunction play = [&](std::span<const Coalition> coalitions) {
    std::vector<double> values;
    values.reserve(coalitions.size());
    for (const Coalition coalition : coalitions) values.push_back(game.table[coalition]);
    return values;
  };
  Outcome outcome;
  outcome.seconds = 1e9;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const std::clock_t start = std::clock();
    const Estimate estimate = estimate_interactions(players, play, truth.index, truth.order, estimator,
                                                    {.budget = budget, .seed = seed, .sparse_search_share = share});
    outcome.seconds = std::min(outcome.seconds, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
    const auto scale = 1.0 / static_cast<double>(truth.values.size() * seeds);
    for (std::size_t i = 0; i < truth.values.size(); ++i) {
      outcome.error += scale * std::pow(estimate.values.values[i] - truth.values[i], 2);
      outcome.stated += scale * std::pow(estimate.standard_errors[i], 2);
    }
    outcome.coalitions = estimate.coalitions;
    outcome.stop = estimate.stop == StopReason::sparse ? "sparse" : "";
  }
  return outcome;
}

void write(const std::filesystem::path& directory, const NamedGame& game, int players) {
  std::filesystem::create_directories(directory);
  write_value_table(directory / (game.name + ".json"), {players, game.table});
  nlohmann::ordered_json truths = nlohmann::ordered_json::array();
  for (const Task& task : tasks()) truths.push_back(to_json(interaction_values(game.table, task.index, task.order)));
  std::ofstream(directory / (game.name + ".truth")) << truths.dump();
}

}  // namespace

int main(int argc, char** argv) {
  std::string directory;
  std::string only;
  std::size_t budget = 4096;
  std::uint64_t seeds = 3;
  int players = 20;
  for (int a = 1; a + 1 < argc; a += 2) {
    const std::string option = argv[a];
    if (option == "--write") directory = argv[a + 1];
    if (option == "--only") only = argv[a + 1];
    if (option == "--budget") budget = std::strtoull(argv[a + 1], nullptr, 10);
    if (option == "--seeds") seeds = std::strtoull(argv[a + 1], nullptr, 10);
    if (option == "--players") players = std::atoi(argv[a + 1]);
  }
  fmt::print("{} players, {} coalitions, mean of {} seeds\n", players, budget, seeds);
  fmt::print("game\tindex\torder\testimator\tsparse search\tMSE\tstated\tms\tcoalitions\n");
  for (const NamedGame& game : games(players)) {
    if (!directory.empty()) write(directory, game, players);
    if (!only.empty() && game.name.find(only) == std::string::npos) continue;
    for (const Task& task : tasks()) {
      const InteractionValues truth = interaction_values(game.table, task.index, task.order);
      double size = 0;
      for (const double value : truth.values) size += value * value / static_cast<double>(truth.values.size());
      fmt::print("{}\t{}\t{}\ttruth\t\t{:.3g}\n", game.name, to_string(task.index), task.order, size);
      for (const Estimator estimator : task.estimators) {
        for (const double share : {0.0, 0.5}) {
          try {
            const Outcome o = measure(game, players, truth, estimator, share, budget, seeds);
            fmt::print("{}\t{}\t{}\t{}\t{}\t{:.3g}\t{:.3g}\t{:.1f}\t{}\t{}\n", game.name, to_string(task.index),
                       task.order, to_string(estimator), share > 0 ? "yes" : "no", o.error, o.stated, 1e3 * o.seconds,
                       o.coalitions, o.stop);
          } catch (const std::exception& e) {
            fmt::print("{}\t{}\t{}\t{}\t{}\t{}\n", game.name, to_string(task.index), task.order, to_string(estimator),
                       share, e.what());
          }
          std::fflush(stdout);
        }
      }
    }
  }
  return 0;
}
