#include <hyperego/benchmark/performance_profile.hpp>
#include <hyperego/core/error.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

BenchmarkSuite two_optimizers() {
  return suite_from_json(ordered_json::parse(R"({"hyperego_benchmark": 1, "name": "a<b", "seeds": [1, 2], "trials": 8,
    "initial_trials": 2, "optimizers": ["random", "nsga2"],
    "tasks": [{"problem": "kursawe", "bounds": {"ideal": [0, 0], "nadir": [1, 1]}}]})"),
                         "s.json", ".");
}

/// A run whose hypervolume after trial t is (1.1 − f)²: objectives (f, f) with f as given.
RunRecord run_with(const std::vector<double>& values) {
  RunRecord run;
  for (const double f : values) run.trials.push_back({.objectives = Eigen::Vector2d(f, f)});
  return run;
}

}  // namespace

TEST_CASE("costs are trials until the convergence test, ratios those to the fastest") {
  const BenchmarkSuite suite = two_optimizers();
  const auto tasks = prepare_tasks(suite);
  BenchmarkRuns runs{.seeds = 2, .optimizers = {"random", "nsga2"}};
  // Seed 1: the first gets there in trial 3, the second in trial 6. Seed 2: the second alone gets there, in trial 4.
  runs.records = {run_with({1, 1, 0, 0, 0, 0, 0, 0}), run_with({1, 1, 1, 1, 1, 0.01, 0, 0}),
                  run_with({1, 1, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9}), run_with({1, 1, 0.9, 0.1, 0.1, 0.1, 0.1, 0.1})};
  const PerformanceProfile profile = performance_profile(suite, tasks, runs, 0.1);
  CHECK(profile.problems == 2);
  // records lie by optimizer, then by seed: random has runs 0 and 1, nsga2 has 2 and 3.
  REQUIRE(profile.ratios.size() == 2);
  CHECK(profile.ratios[0] == std::vector<double>{1, 1});
  CHECK(profile.ratios[1].empty());
  runs.records = {runs.records[0], runs.records[2], runs.records[1], runs.records[3]};
  const PerformanceProfile other = performance_profile(suite, tasks, runs, 0.1);
  CHECK(other.ratios[0] == std::vector<double>{1});
  CHECK(other.ratios[1] == std::vector<double>{1, 2});
  CHECK(other.share(0, 1) == 0.5);
  CHECK(other.share(1, 1) == 0.5);
  CHECK(other.share(1, 1.99) == 0.5);
  CHECK(other.share(1, 2) == 1);
  CHECK(to_json(other).at("optimizers").at(1).at("solved") == 1.0);
  const std::string page = profile_page(other);
  CHECK(page.find("a&lt;b") != std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(profile_svg(other).rfind("<svg xmlns=\"http://www.w3.org/2000/svg\" ", 0) == 0);
  CHECK(profile_svg(other).find("polyline.s0") != std::string::npos);  // its colours are in it
  CHECK(to_text(other).find("nsga2") != std::string::npos);
  CHECK_THROWS_AS((void)performance_profile(suite, tasks, runs, 0), InvalidInput);
  CHECK_THROWS_AS((void)performance_profile(suite, tasks, BenchmarkRuns{.seeds = 2}, 0.1), InvalidInput);
}
