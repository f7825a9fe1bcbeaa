// Exact interaction indices from a complete value table, one thread.
#include <hyperego/core/rng.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>
#include <hyperego/shapley/index/moebius.hpp>

#include <benchmark/benchmark.h>

#include <vector>

namespace {

std::vector<double> random_game(int players) {
  hyperego::Rng rng(1, "bench", static_cast<std::uint64_t>(players));
  std::vector<double> table(std::size_t{1} << players);
  for (double& value : table) value = rng.uniform();
  return table;
}

void moebius(benchmark::State& state) {
  std::vector<double> table = random_game(static_cast<int>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) {
    hyperego::moebius_transform(table);
    state.PauseTiming();
    hyperego::inverse_moebius_transform(table);  // repeated transforms would overflow
    state.ResumeTiming();
  }
}

void index_of(benchmark::State& state, hyperego::InteractionIndex index, int order) {
  const std::vector<double> table = random_game(static_cast<int>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(hyperego::interaction_values(table, index, order));
}

/// The pair of issue 3: Shapley values and faithful interactions of order 2 of one table.
void sv_and_fsii(benchmark::State& state) {
  const std::vector<double> table = random_game(static_cast<int>(state.range(0)));
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(hyperego::shapley_values(table));
    benchmark::DoNotOptimize(hyperego::interaction_values(table, hyperego::InteractionIndex::fsii, 2));
  }
}

}  // namespace

BENCHMARK(sv_and_fsii)->Arg(7)->Arg(10)->Arg(14)->Arg(16)->Arg(20)->Arg(24)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(index_of, SV_1, hyperego::InteractionIndex::sv, 1)
    ->Arg(7)
    ->Arg(14)
    ->Arg(20)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(index_of, k_SII_3, hyperego::InteractionIndex::k_sii, 3)
    ->Arg(14)
    ->Arg(20)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(index_of, FSII_4, hyperego::InteractionIndex::fsii, 4)
    ->Arg(14)
    ->Arg(20)
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(moebius)->Arg(14)->Arg(16)->Arg(20)->Arg(24)->Unit(benchmark::kMicrosecond);

BENCHMARK_MAIN();
