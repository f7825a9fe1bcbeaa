// One ask of hpi-parego in the freezing phase: fit, exact tunability game over all 2^d coalitions, acquisition.
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/problems/registry.hpp>

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include <string>
#include <sys/resource.h>
#include <vector>

using namespace hyperego;

namespace {

Trial evaluated(const Problem& problem, std::uint64_t number, const Configuration& configuration) {
  std::vector<double> x(configuration.size());
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = configuration[i];
  Trial trial{number, configuration, {}};
  trial.outcome.objectives = problem.evaluate(x);
  return trial;
}

/// Highest so far, so that rows of rising n show what each needs.
double peak_mebibytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

/// Arguments: completed trials n, hyperparameters d, 1 where the schedule freezes.
void ask(benchmark::State& state) {
  const auto n = static_cast<std::uint64_t>(state.range(0));
  const auto d = static_cast<int>(state.range(1));
  const Problem problem = make_problem("dtlz2", d, 2);
  std::vector<Hyperparameter> variables;
  for (int i = 0; i < d; ++i) variables.push_back(make_float("x" + std::to_string(i), 0, 1));
  const auto space = std::make_shared<const SearchSpace>(std::move(variables));
  const nlohmann::ordered_json options{{"name", state.range(2) != 0 ? "hpi-parego" : "parego"},
                                       {"initial_trials", n - 1}};
  for (auto _ : state) {
    state.PauseTiming();
    const auto optimizer =
        make_optimizer({space, {{.name = "f1"}, {.name = "f2"}}, {}, 2 * n, 1}, options, "optimizer");
    // The last of these asks has fitted models, so that the timed one starts warm, as in a run.
    for (std::uint64_t t = 0; t <= n; ++t) {
      const Suggestion suggestion = optimizer->ask(1).at(0);
      optimizer->tell(evaluated(problem, suggestion.trial, suggestion.configuration));
    }
    state.ResumeTiming();
    benchmark::DoNotOptimize(optimizer->ask(1));
  }
  state.counters["peak_MiB"] = peak_mebibytes();
}

BENCHMARK(ask)
    ->Args({30, 7, 1})
    ->Args({120, 7, 0})
    ->Args({120, 7, 1})
    ->Args({120, 10, 1})
    ->Args({120, 14, 1})
    ->Args({1000, 20, 0})
    ->Args({1001, 20, 0})
    ->Args({1000, 20, 1})
    ->Args({1001, 20, 1})
    ->Args({1998, 20, 0})
    ->Args({1999, 20, 1})
    ->Args({4000, 20, 0})
    ->Args({4001, 20, 1})
    ->Args({8000, 20, 0})
    ->Args({8001, 20, 1})
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
