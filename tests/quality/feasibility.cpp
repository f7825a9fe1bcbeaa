// How many trials fail after the initial design, by the length scale of the process on labels (in units of √features),
// and the hypervolume that is left: means over seeds. Prints a table.
//   bench_feasibility [SEEDS [FIRST_SEED [STUDY…]]]
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/optimizer/parego.hpp>

#include <fmt/format.h>

#include "failing_studies.hpp"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <vector>

namespace {

using namespace hyperego;
using namespace hyperego::test;

constexpr int trials = 40;

/// Share of the space that fails.
double failing_share(const FailingStudy& study) {
  constexpr int draws = 20000;
  Rng rng(1, "bench feasibility", 0);
  const Slice everything(study.space);
  int failures = 0;
  for (int i = 0; i < draws; ++i) {
    failures += study.evaluate(everything.sample(rng).value()).status == TrialStatus::completed ? 0 : 1;
  }
  return static_cast<double>(failures) / draws;
}

/// A length scale of 0 stands for no model at all.
FailingSearch played(const FailingStudy& study, bool freezes, double length_scale, std::uint64_t seed) {
  ParEgoOptions options;
  options.feasibility = length_scale > 0;
  if (length_scale > 0) options.label_length_scale = length_scale;
  options.maximizer.random_candidates = 300;
  options.maximizer.starts = 3;
  const OptimizationProblem problem = problem_of(study, trials, seed);
  if (freezes) {
    ParEgo optimizer(problem, HpiParEgoOptions{.parego = options});
    return search(study, optimizer, trials);
  }
  ParEgo optimizer(problem, options);
  return search(study, optimizer, trials);
}

void measure(const FailingStudy& study, std::uint64_t seeds, std::uint64_t first) {
  for (const bool freezes : {false, true}) {
    fmt::print("{:<9} {:>4.0f} %  {:<10}", study.name, 100 * failing_share(study), freezes ? "hpi-parego" : "parego");
    for (const double length_scale : {0.0, 0.125, 0.25, 0.5, 1.0, 2.0}) {
      double failures = 0;
      double volume = 0;
      for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
        const FailingSearch result = played(study, freezes, length_scale, seed);
        failures += static_cast<double>(result.failures) / static_cast<double>(seeds);
        volume += result.hypervolume / static_cast<double>(seeds);
      }
      fmt::print("  {:5.1f} {:.4f}", failures, volume);
      std::fflush(stdout);
    }
    fmt::print("\n");
  }
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::uint64_t seeds = argc > 1 ? std::stoull(argv[1]) : 5;
    const std::uint64_t first = argc > 2 ? std::stoull(argv[2]) : 101;
    const std::vector<std::string> names(argv + std::min(argc, 3), argv + argc);
    fmt::print("failures after the initial design and hypervolume; {} trials, seeds {} to {}\n", trials, first,
               first + seeds - 1);
    fmt::print("{:<9} {:>6}  {:<10}{:>14}{:>14}{:>14}{:>14}{:>14}{:>14}\n", "study", "fails", "", "no model", "1/8",
               "1/4", "1/2", "1", "2");
    for (const FailingStudy& study : failing_studies()) {
      if (names.empty() || std::find(names.begin(), names.end(), study.name) != names.end()) {
        measure(study, seeds, first);
      }
    }
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return EXIT_FAILURE;
  }
}
