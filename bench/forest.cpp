// Tunability games on a random forest of 100 trees on 200 points, one thread: the whole game, value table as output.
#include <hyperego/core/rng.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/surrogate/forest/random_forest_surrogate.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace hyperego;

enum Kind : std::int64_t { floats, mixed, conditional };

std::shared_ptr<const SearchSpace> space_of(int d, std::int64_t kind) {
  std::vector<Hyperparameter> hyperparameters;
  std::vector<SearchSpace::ChildCondition> conditions;
  for (int i = 0; i < d; ++i) {
    const std::string name = "h" + std::to_string(i);
    const bool is_categorical = (kind == conditional && i == 0) || (kind == mixed && i % 3 != 1 && i % 4 == 2);
    if (kind == mixed && i % 3 == 1) {
      hyperparameters.push_back(make_integer(name, 1, 12));
    } else if (is_categorical) {
      hyperparameters.push_back(make_categorical(name, {Value("a"), Value("b"), Value("c")}));
    } else {
      hyperparameters.push_back(make_float(name, 0, 1));
    }
    if (kind == conditional && i >= 1 && i <= 4) {
      conditions.push_back(
          {static_cast<std::size_t>(i),
           Comparison{.relation = Comparison::Relation::equals, .parent = 0, .codes = {static_cast<double>(i % 3)}}});
    }
  }
  return std::make_shared<const SearchSpace>(std::move(hyperparameters), std::move(conditions));
}

/// A random ridge function with local structure; larger is better.
struct Landscape {
  Landscape(int d, std::int64_t kind) : space(space_of(d, kind)), data(draw_samples(space, 200, 1001)) {
    Rng rng(1, "landscape");
    const Eigen::MatrixXd ridges = Eigen::MatrixXd::NullaryExpr(2, d, [&] { return rng.normal(); });
    const Eigen::VectorXd centre = Eigen::VectorXd::NullaryExpr(d, [&] { return rng.uniform(); });
    const Eigen::VectorXd weight = Eigen::VectorXd::NullaryExpr(d, [&] { return std::pow(rng.uniform(), 2); });
    targets.resize(200);
    for (std::size_t i = 0; i < data.size(); ++i) {
      const Eigen::VectorXd z = weight.cwiseProduct(space->encode(data[i]) - centre);
      const Eigen::VectorXd ridge = ridges * z;
      targets(static_cast<Eigen::Index>(i)) =
          -3 * z.squaredNorm() + std::sin(3 * ridge(0)) + 0.5 * std::cos(5 * ridge(1)) + 0.05 * rng.normal();
    }
    Eigen::Index best = 0;
    targets.maxCoeff(&best);
    incumbent = data[static_cast<std::size_t>(best)];
  }

  [[nodiscard]] RandomForestSurrogate forest() const { return RandomForestSurrogate::fit(space, data, targets); }

  std::shared_ptr<const SearchSpace> space;
  std::vector<Configuration> data;
  Eigen::VectorXd targets;
  Configuration incumbent;
};

void fit(benchmark::State& state) {
  const Landscape landscape(static_cast<int>(state.range(0)), floats);
  for (auto _ : state) benchmark::DoNotOptimize(landscape.forest().forest().number_of_leaves());
}
BENCHMARK(fit)->ArgName("d")->Arg(7)->Arg(10)->Unit(benchmark::kMillisecond);

void predict(benchmark::State& state) {
  const Landscape landscape(static_cast<int>(state.range(0)), floats);
  const RandomForestSurrogate forest = landscape.forest();
  const auto samples = draw_samples(landscape.space, 1000, 7);
  for (auto _ : state) benchmark::DoNotOptimize(forest.predict(samples).data());
}
BENCHMARK(predict)->ArgName("d")->Arg(7)->Arg(10)->Unit(benchmark::kMicrosecond);

void posterior(benchmark::State& state) {
  const Landscape landscape(static_cast<int>(state.range(0)), floats);
  const RandomForestSurrogate forest = landscape.forest();
  const auto samples = draw_samples(landscape.space, 1000, 7);
  for (auto _ : state) benchmark::DoNotOptimize(forest.posterior(samples).on_model_scale().mean.data());
}
BENCHMARK(posterior)->ArgName("d")->Arg(7)->Unit(benchmark::kMicrosecond);

void sampled(benchmark::State& state) {
  const Landscape landscape(static_cast<int>(state.range(0)), state.range(1));
  const RandomForestSurrogate forest = landscape.forest();
  const Blends blends(landscape.space, landscape.incumbent, draw_samples(landscape.space, 10000, 99));
  for (auto _ : state) {
    benchmark::DoNotOptimize(play_game(forest, blends, {.maximum = MaximumKind::sampled, .threads = 1}).values.data());
  }
  state.counters["leaves/tree"] =
      static_cast<double>(forest.forest().number_of_leaves()) / static_cast<double>(forest.forest().number_of_trees());
}
BENCHMARK(sampled)
    ->ArgNames({"d", "kind"})
    ->Args({7, floats})
    ->Args({7, mixed})
    ->Args({7, conditional})
    ->Args({10, floats})
    ->Args({10, mixed})
    ->Args({10, conditional})
    ->Args({14, floats})
    ->Unit(benchmark::kMillisecond);

/// `as_good`: percentage of coalitions with at least the value of the sampled game of 10,000 samples.
void optimized(benchmark::State& state) {
  const Landscape landscape(static_cast<int>(state.range(0)), state.range(1));
  const RandomForestSurrogate forest = landscape.forest();
  const Blends blends(landscape.space, landscape.incumbent, draw_samples(landscape.space, 1000, 7));
  GameTable table;
  for (auto _ : state) table = play_game(forest, blends, {.threads = 1});
  const Blends many(landscape.space, landscape.incumbent, draw_samples(landscape.space, 10000, 99));
  const GameTable reference = play_game(forest, many, {.maximum = MaximumKind::sampled});
  const double range = table.full() - table.empty();
  double as_good = 0;
  double worst = 0;
  for (std::size_t s = 0; s < table.values.size(); ++s) {
    const double gap = (reference.values[s] - table.values[s]) / range;
    as_good += gap <= 0 ? 1 : 0;
    worst = std::max(worst, gap);
  }
  const auto coalitions = static_cast<double>(table.values.size());
  state.counters["as_good_%"] = 100 * as_good / coalitions;
  state.counters["worst_gap"] = worst;
  state.counters["searched/coalition"] = static_cast<double>(table.predictions) / coalitions - 1000;
}
BENCHMARK(optimized)
    ->ArgNames({"d", "kind"})
    ->Args({7, floats})
    ->Args({7, mixed})
    ->Args({7, conditional})
    ->Args({10, floats})
    ->Args({10, mixed})
    ->Args({10, conditional})
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
