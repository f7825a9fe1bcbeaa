// Rows per second of the YAHPO surrogates, one by one and in batches, on one thread.
// Needs the published models: HYPEREGO_YAHPO_DATA=… bench_yahpo
#include <hyperego/core/instruction_set.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/yahpo_bridge/problem.hpp>
#include <hyperego/yahpo_bridge/scenario.hpp>

#include <benchmark/benchmark.h>

#include <iostream>
#include <memory>
#include <string>

namespace {

using namespace hyperego;

/// Uniform random configurations of the search space of the first instance.
std::vector<Configuration> samples(const SearchSpace& space, std::size_t count) {
  std::vector<Configuration> result;
  for (std::size_t i = 0; i < count; ++i) {
    Rng rng(1, "bench", i);
    result.push_back(space.build([&](std::size_t j) { return space[j].from_unit(rng.uniform()); }));
  }
  return result;
}

YahpoRows rows(const YahpoScenario& scenario, std::size_t count) {
  YahpoRows encoded;
  for (const Configuration& configuration : samples(scenario.space(), count)) scenario.encode(configuration, encoded);
  return encoded;
}

void encoded_rows(benchmark::State& state, const std::shared_ptr<const YahpoScenario>& scenario) {
  const YahpoRows encoded = rows(*scenario, static_cast<std::size_t>(state.range(0)));
  std::vector<float> y(encoded.count * scenario->targets().size());
  for (auto _ : state) {
    scenario->evaluate(encoded, y);
    benchmark::DoNotOptimize(y.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void configurations(benchmark::State& state, const std::shared_ptr<const YahpoScenario>& scenario) {
  const YahpoProblem problem(scenario, scenario->instances().front());
  const std::vector<Configuration> sampled = samples(problem.space(), static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(problem.evaluate(sampled));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void loading(benchmark::State& state, const std::filesystem::path& data, const std::string& name) {
  for (auto _ : state) benchmark::DoNotOptimize(YahpoScenario::load(data, name));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::filesystem::path data = yahpo_data_directory();
    benchmark::AddCustomContext("instruction_set", std::string(to_string(instruction_set())));
    for (const std::string& name : yahpo_scenarios(data)) {
      const auto scenario = std::make_shared<const YahpoScenario>(YahpoScenario::load(data, name));
      for (const int count : {1, 16, 1000}) {
        benchmark::RegisterBenchmark((name + "/encoded").c_str(), encoded_rows, scenario)->Arg(count);
        benchmark::RegisterBenchmark((name + "/configurations").c_str(), configurations, scenario)->Arg(count);
      }
      benchmark::RegisterBenchmark((name + "/load").c_str(), loading, data, name)->Unit(benchmark::kMillisecond);
    }
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
  return 0;
}
