// Tunability games on a Gaussian process: all coalitions × many samples, tile by tile on one thread, as a game plays
// them.
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/surrogate/gaussian_process/closed_form_ablation.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_path.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

namespace {

using namespace hyperego;

std::shared_ptr<const SearchSpace> flat_space(int d) {
  std::vector<Hyperparameter> hyperparameters;
  for (int i = 0; i < d; ++i) hyperparameters.push_back(make_float("x" + std::to_string(i), 0.0, 1.0));
  return std::make_shared<const SearchSpace>(std::move(hyperparameters));
}

/// Three choices of optimizer with two hyperparameters of their own each, and flat ones up to d.
std::shared_ptr<const SearchSpace> conditional_space(int d) {
  std::vector<Hyperparameter> hyperparameters{make_categorical("optimizer", {Value("a"), Value("b"), Value("c")})};
  std::vector<SearchSpace::ChildCondition> conditions;
  for (int i = 1; i < d; ++i) {
    hyperparameters.push_back(make_float("x" + std::to_string(i), 0.0, 1.0));
    if (i <= 4) {
      conditions.push_back(
          {static_cast<std::size_t>(i),
           Comparison{.relation = Comparison::Relation::equals, .parent = 0, .codes = {static_cast<double>(i % 3)}}});
    }
  }
  return std::make_shared<const SearchSpace>(std::move(hyperparameters), std::move(conditions));
}

std::vector<Configuration> samples_of(const std::shared_ptr<const SearchSpace>& space, std::size_t count,
                                      std::uint64_t seed) {
  Rng rng(seed, "bench blends");
  const Slice slice(space);
  std::vector<Configuration> samples;
  for (std::size_t i = 0; i < count; ++i) samples.push_back(slice.sample(rng).value());
  return samples;
}

GaussianProcessSurrogate surrogate_on(const std::shared_ptr<const SearchSpace>& space, int n, KernelForm form) {
  const auto configurations = samples_of(space, static_cast<std::size_t>(n), 1);
  Rng rng(2, "bench targets");
  Eigen::VectorXd targets(n);
  for (double& target : targets) target = rng.normal();
  const auto p = InputEncoding(space).number_of_features();
  return GaussianProcessSurrogate::condition(
      space, configurations, targets,
      {.log_signal_variance = 0.0, .log_length_scales = Eigen::VectorXd::Constant(p, 0.5), .log_noise_variance = -4.0},
      {.process = {.kernel = form}});
}

// Arguments: d, n, samples, conditional, joint.
void game(benchmark::State& state) {
  const auto d = static_cast<int>(state.range(0));
  const auto space = state.range(3) != 0 ? conditional_space(d) : flat_space(d);
  const auto surrogate = surrogate_on(space, static_cast<int>(state.range(1)),
                                      state.range(4) != 0 ? KernelForm::joint : KernelForm::product);
  const auto count = static_cast<std::size_t>(state.range(2));
  const Blends blends(space, samples_of(space, 1, 3)[0], samples_of(space, count, 4));
  std::vector<Coalition> coalitions(std::size_t{1} << static_cast<unsigned>(d));
  std::iota(coalitions.begin(), coalitions.end(), Coalition{0});
  constexpr std::size_t tile = 64;
  Eigen::MatrixXd predictions(static_cast<Eigen::Index>(coalitions.size()), static_cast<Eigen::Index>(tile));
  for (auto _ : state) {
    for (std::size_t first = 0; first < count; first += tile) {
      const auto columns = static_cast<Eigen::Index>(std::min(tile, count - first));
      surrogate.predict_blends(blends, first, coalitions, predictions.leftCols(columns));
      benchmark::DoNotOptimize(predictions.data());
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(coalitions.size() * count));
}

/// The same on one posterior path. Arguments: d, n, samples, joint.
void path_game(benchmark::State& state) {
  const auto d = static_cast<int>(state.range(0));
  const auto space = flat_space(d);
  const auto surrogate = surrogate_on(space, static_cast<int>(state.range(1)),
                                      state.range(3) != 0 ? KernelForm::joint : KernelForm::product);
  const auto path = std::move(surrogate.plausible_functions(1, 1)[0]);
  const auto count = static_cast<std::size_t>(state.range(2));
  const Blends blends(space, samples_of(space, 1, 3)[0], samples_of(space, count, 4));
  std::vector<Coalition> coalitions(std::size_t{1} << static_cast<unsigned>(d));
  std::iota(coalitions.begin(), coalitions.end(), Coalition{0});
  constexpr std::size_t tile = 64;
  Eigen::MatrixXd predictions(static_cast<Eigen::Index>(coalitions.size()), static_cast<Eigen::Index>(tile));
  for (auto _ : state) {
    for (std::size_t first = 0; first < count; first += tile) {
      const auto columns = static_cast<Eigen::Index>(std::min(tile, count - first));
      path->predict_blends(blends, first, coalitions, predictions.leftCols(columns));
      benchmark::DoNotOptimize(predictions.data());
    }
  }
}

/// Making a path, and one value with gradient on it. Arguments: d, n.
void path_draw(benchmark::State& state) {
  const auto surrogate =
      surrogate_on(flat_space(static_cast<int>(state.range(0))), static_cast<int>(state.range(1)), KernelForm::product);
  const auto shared = std::make_shared<const GaussianProcessSurrogate>(surrogate);
  std::uint64_t index = 0;
  for (auto _ : state) {
    const GaussianProcessPath path(shared, 1, index++);
    benchmark::DoNotOptimize(&path);
  }
}

void path_gradient(benchmark::State& state) {
  const auto surrogate =
      surrogate_on(flat_space(static_cast<int>(state.range(0))), static_cast<int>(state.range(1)), KernelForm::product);
  const auto path = std::move(surrogate.plausible_functions(1, 1)[0]);
  const Configuration at = surrogate.shared_space()->default_configuration();
  Eigen::VectorXd gradient(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(path->value_and_gradient(at, gradient));
}

/// The ablation game in closed form. Arguments: d, n, 1 where with pairs.
void closed_form(benchmark::State& state) {
  const auto space = flat_space(static_cast<int>(state.range(0)));
  const auto surrogate = surrogate_on(space, static_cast<int>(state.range(1)), KernelForm::product);
  const auto ends = samples_of(space, 2, 5);
  const Blends blends(space, ends[0], {ends[1]});
  for (auto _ : state) {
    benchmark::DoNotOptimize(closed_form_ablation(surrogate, blends, state.range(2) != 0).shapley.data());
  }
}

void sparse_game(benchmark::State& state) {
  const auto d = static_cast<int>(state.range(0));
  const auto space = flat_space(d);
  const auto surrogate = surrogate_on(space, 200, KernelForm::product);
  const Blends blends(space, samples_of(space, 1, 3)[0], samples_of(space, 1000, 4));
  Rng rng(7, "bench coalitions");
  std::vector<Coalition> coalitions(static_cast<std::size_t>(state.range(1)));
  for (Coalition& coalition : coalitions) coalition = rng.below(grand_coalition(d));
  Eigen::MatrixXd predictions(state.range(1), 1000);
  for (auto _ : state) surrogate.predict_blends(blends, 0, coalitions, predictions);
}

BENCHMARK(game)
    ->ArgNames({"d", "n", "samples", "conditional", "joint"})
    ->Args({7, 120, 10000, 0, 0})
    ->Args({7, 200, 10000, 0, 0})
    ->Args({7, 120, 10000, 1, 0})
    ->Args({10, 200, 10000, 0, 0})
    ->Args({10, 200, 10000, 1, 0})
    ->Args({10, 200, 10000, 0, 1})
    ->Args({7, 200, 10000, 0, 1})
    ->Args({14, 200, 1000, 0, 0})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(game)
    ->ArgNames({"d", "n", "samples", "conditional", "joint"})
    ->Args({14, 200, 10000, 0, 0})
    ->Args({14, 200, 10000, 0, 1})
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(path_game)
    ->ArgNames({"d", "n", "samples", "joint"})
    ->Args({7, 200, 1000, 0})
    ->Args({10, 200, 1000, 0})
    ->Args({10, 200, 1000, 1})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(path_draw)->ArgNames({"d", "n"})->Args({7, 200})->Args({10, 1000})->Unit(benchmark::kMicrosecond);
BENCHMARK(path_gradient)->ArgNames({"d", "n"})->Args({7, 200})->Unit(benchmark::kMicrosecond);
BENCHMARK(closed_form)
    ->ArgNames({"d", "n", "pairs"})
    ->Args({14, 200, 0})
    ->Args({60, 200, 0})
    ->Args({60, 200, 1})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(sparse_game)->ArgNames({"d", "coalitions"})->Args({20, 200})->Args({38, 500})->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
