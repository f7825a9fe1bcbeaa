// Speed and quality of hyperparameter-importance games on a kernel mixture of 120 points (a stand-in for a fitted
// Gaussian process).
#include <hyperego/core/rng.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/shapley/game/lazy_tunability.hpp>
#include <hyperego/shapley/game/selection.hpp>

#include <benchmark/benchmark.h>

#include "kernel_mixture.hpp"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace hyperego;

constexpr std::size_t data_points = 120;

/// A random ridge function with local structure on d hyperparameters; `mixed` makes a third integers and some
/// categoricals.
struct Landscape {
  Landscape(int d, bool mixed, std::uint64_t seed) {
    std::vector<Hyperparameter> hyperparameters;
    for (int i = 0; i < d; ++i) {
      const std::string name = "h" + std::to_string(i);
      if (mixed && i % 3 == 1) {
        hyperparameters.push_back(make_integer(name, 1, 12));
      } else if (mixed && i % 4 == 2) {
        hyperparameters.push_back(make_categorical(name, {std::string("a"), std::string("b"), std::string("c")}));
      } else {
        hyperparameters.push_back(make_float(name, 0, 1));
      }
    }
    space = std::make_shared<const SearchSpace>(hyperparameters);
    const std::vector<Configuration> data = draw_samples(space, data_points, 1000 + seed);
    Rng rng(seed, "landscape");
    const Eigen::MatrixXd ridges = Eigen::MatrixXd::NullaryExpr(2, d, [&] { return rng.normal(); });
    const Eigen::VectorXd centre = Eigen::VectorXd::NullaryExpr(d, [&] { return rng.uniform(); });
    const Eigen::VectorXd weight = Eigen::VectorXd::NullaryExpr(d, [&] { return std::pow(rng.uniform(), 2); });
    Eigen::VectorXd targets(static_cast<Eigen::Index>(data_points));
    for (std::size_t i = 0; i < data_points; ++i) {
      const Eigen::VectorXd z = weight.cwiseProduct(space->encode(data[i]) - centre);
      const Eigen::VectorXd ridge = ridges * z;
      targets(static_cast<Eigen::Index>(i)) =
          -3 * z.squaredNorm() + std::sin(3 * ridge(0)) + 0.5 * std::cos(5 * ridge(1)) + 0.05 * rng.normal();
    }
    targets.array() -= targets.mean();
    targets /= std::sqrt(targets.squaredNorm() / static_cast<double>(data_points));
    Eigen::Index best = 0;
    targets.maxCoeff(&best);
    incumbent = data[static_cast<std::size_t>(best)];
    predictor = std::make_unique<test::KernelMixture>(space, data, targets, 0.4, 1e-3);
  }

  std::shared_ptr<const SearchSpace> space;
  Configuration incumbent;
  std::unique_ptr<test::KernelMixture> predictor;
};

void sampled(benchmark::State& state) {
  const Landscape landscape(static_cast<int>(state.range(0)), false, 1);
  const Blends blends(landscape.space, landscape.incumbent,
                      draw_samples(landscape.space, static_cast<std::size_t>(state.range(1)), 99));
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        play_game(*landscape.predictor, blends, {.maximum = MaximumKind::sampled, .threads = 1}).values.data());
  }
}
BENCHMARK(sampled)
    ->Args({7, 1000})
    ->Args({7, 10000})
    ->Args({10, 1000})
    ->Args({10, 10000})
    ->Unit(benchmark::kMillisecond);

/// `as_good`: percentage of coalitions with at least the value of the sampled game of 10,000 samples (to 1e-9 of the
/// range).
void optimized(benchmark::State& state) {
  const Landscape landscape(static_cast<int>(state.range(0)), state.range(1) != 0, 1);
  const Blends blends(landscape.space, landscape.incumbent, draw_samples(landscape.space, 1000, 7));
  GameTable table;
  for (auto _ : state) table = play_game(*landscape.predictor, blends, {.threads = 1});
  const Blends many(landscape.space, landscape.incumbent, draw_samples(landscape.space, 10000, 99));
  const GameTable reference = play_game(*landscape.predictor, many, {.maximum = MaximumKind::sampled});
  const double range = table.full() - table.empty();
  double as_good = 0;
  double worst = 0;
  for (std::size_t s = 0; s < table.values.size(); ++s) {
    const double gap = (reference.values[s] - table.values[s]) / range;
    as_good += gap <= 1e-9 ? 1 : 0;
    worst = std::max(worst, gap);
  }
  const auto coalitions = static_cast<double>(table.values.size());
  state.counters["as_good_%"] = 100 * as_good / coalitions;
  state.counters["worst_gap"] = worst;
  state.counters["searched/coalition"] = static_cast<double>(table.predictions) / coalitions - 1000;
}
BENCHMARK(optimized)
    ->ArgNames({"d", "mixed"})
    ->Args({7, 0})
    ->Args({7, 1})
    ->Args({10, 0})
    ->Args({10, 1})
    ->Unit(benchmark::kMillisecond);

void coalition_rule_of_many_players(benchmark::State& state) {
  const Landscape landscape(20, true, 1);
  const Blends blends(landscape.space, landscape.incumbent, draw_samples(landscape.space, 1000, 7));
  std::size_t played = 0;
  for (auto _ : state) {
    LazyTunability game(*landscape.predictor, blends, {.threads = 1});
    played = coalition_search(game, 0.8, *landscape.space, {.coalitions = 200, .beam = 4}).played;
  }
  state.counters["played"] = static_cast<double>(played);
}
BENCHMARK(coalition_rule_of_many_players)->Unit(benchmark::kMillisecond);

void value_and_gradient(benchmark::State& state) {
  const Landscape landscape(static_cast<int>(state.range(0)), false, 1);
  Eigen::VectorXd gradient(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(landscape.predictor->value_and_gradient(landscape.incumbent, gradient));
}
BENCHMARK(value_and_gradient)->Arg(7)->Arg(10)->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
