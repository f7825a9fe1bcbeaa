#include <hyperego/benchmark/benchmark.hpp>
#include <hyperego/benchmark/curves_page.hpp>
#include <hyperego/benchmark/detail/svg_chart.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "temporary_directory.hpp"
#include <algorithm>
#include <string>

using namespace hyperego;
using nlohmann::ordered_json;

TEST_CASE("a small suite from its runs to its page, whatever the number of threads") {
  const ordered_json json =
      ordered_json::parse(R"({"hyperego_benchmark": 1, "name": "a<b", "seeds": [1, 2], "trials": 12,
    "optimizers": ["random", {"label": "small", "name": "nsga2", "population": 4}, {"label": "x", "external": true}],
    "tasks": [{"problem": "kursawe"}, {"problem": "zdt1", "variables": 3}]})");
  const BenchmarkSuite suite = suite_from_json(json, "s.json", ".");
  const auto tasks = prepare_tasks(suite);
  const test::TemporaryDirectory directory;
  const StopSignal stop;
  const auto one = run_benchmark(suite, tasks, directory / "one", {.threads = 1}, stop);
  const auto three = run_benchmark(suite, tasks, directory / "three", {.threads = 3}, stop);
  CHECK(one.made == 8);
  CHECK(one.optimizers == std::vector<std::string>{"random", "small"});
  REQUIRE(one.left_out.size() == 1);
  CHECK(one.left_out[0].find("\"x\" is left out") == 0);
  REQUIRE(one.records.size() == 8);
  for (std::size_t i = 0; i < 8; ++i) {
    REQUIRE(one.records[i].trials.size() == 12);
    for (std::size_t t = 0; t < 12; ++t) {
      CHECK(one.records[i].trials[t].objectives == three.records[i].trials[t].objectives);
    }
  }
  CHECK(run_benchmark(suite, tasks, directory / "one", {.threads = 1}, stop).made == 0);

  const BenchmarkSummary summary = summarize(suite, tasks, one);
  CHECK(summary.baseline == "random");
  REQUIRE(summary.ranks.size() == 2);  // a known front on one task only: no ranks by IGD+
  CHECK(summary.ranks[0].friedman.mean_ranks.sum() == doctest::Approx(3));
  REQUIRE(summary.comparisons.size() == 1);
  const BaselineComparison& comparison = summary.comparisons[0];
  CHECK(comparison.better + comparison.equal + comparison.worse == 2);
  const MethodOnTask& method = summary.tasks[0].methods[1];
  CHECK(method.last_difference->mean == doctest::Approx(method.last.mean - summary.tasks[0].methods[0].last.mean));
  CHECK(method.quarters[3] == doctest::Approx(method.last.mean));
  const double wholes[2] = {1.21, *summary.tasks[1].best_hypervolume};
  CHECK(summary.share_curves[0].back() == doctest::Approx((summary.tasks[0].methods[0].last.mean / wholes[0] +
                                                           summary.tasks[1].methods[0].last.mean / wholes[1]) /
                                                          2));
  const std::string csv = trials_csv(tasks, one);
  CHECK(csv.rfind("task,optimizer,seed,trial,hypervolume,ask_s,ask_cpu_s,f1,f2\nkursawe,random,1,0,", 0) == 0);
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 8 * 12);
  CHECK_NOTHROW((void)to_json(summary).dump());

  const std::string page = curves_page(summary);
  CHECK(page.find("a&lt;b") != std::string::npos);
  CHECK(page.find("a<b") == std::string::npos);
  for (const char* foreign : {"http", "<script", "src=", "@import", "nan", "inf,"}) {
    CAPTURE(foreign);
    CHECK(page.find(foreign) == std::string::npos);
  }
}

TEST_CASE("bars join neighbours within the critical difference and no others") {
  const auto bars = [](double difference) {
    const std::string svg = detail::svg_rank_diagram({"a", "b", "c", "d"}, {1.0, 1.5, 3.0, 3.4}, difference, 600);
    std::size_t count = 0;
    for (std::size_t at = svg.find("class=\"bar\""); at != std::string::npos; at = svg.find("class=\"bar\"", at + 1))
      ++count;
    return count - 1;  // one is the legend's
  };
  CHECK(bars(0.1) == 0);
  CHECK(bars(0.6) == 2);  // a-b, c-d
  CHECK(bars(1.6) == 3);  // b-c as well
  CHECK(bars(2.1) == 2);  // a-c, b-d; what lies inside them is not drawn again
  CHECK(bars(3) == 1);
}
