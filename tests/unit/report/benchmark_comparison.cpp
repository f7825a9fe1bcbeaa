#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>
#include <hyperego/report/document/benchmark_comparison.hpp>
#include <hyperego/report/page/html.hpp>
#include <hyperego/report/record/result_directory.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "temporary_directory.hpp"
#include <array>
#include <cmath>
#include <filesystem>
#include <string>
#include <vector>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

ordered_json method(const char* optimizer, double last) {
  return {{"optimizer", optimizer},
          {"final_hypervolume", {{"mean", last}, {"sd", 0.1}}},
          {"area_under_curve", {{"mean", last / 2}, {"sd", 0.05}}},
          {"hypervolume_at_quarters", {0, 0, 0, last}},
          {"regret", nullptr},
          {"igd_plus", 0.25},
          {"ask_s", 0.5}};
}

ordered_json share(const char* optimizer, double value) {
  return {{"optimizer", optimizer}, {"over_trials", value}, {"after_each_5_percent", std::vector<double>(20, value)}};
}

/// Two optimizers on two tasks, two seeds, three trials; `nadir` is a bound of the second task.
void write_benchmark(const std::filesystem::path& directory, double nadir = 1) {
  std::filesystem::create_directories(directory);
  ordered_json summary{{"suite", "small"},
                       {"baseline", "random"},
                       {"reference", 1.1},
                       {"seeds", {1, 7}},
                       {"optimizers", {"random", "nsga2"}},
                       {"left_out", {"smac is left out: a run is missing"}}};
  for (const char* task : {"t1", "t2"}) {
    const double upper = task[1] == '2' ? nadir : 1;
    summary["tasks"].push_back({{"task", task},
                                {"trials", 3},
                                {"bounds", {{"ideal_minimised", {0, 0}}, {"nadir_minimised", {1, upper}}}},
                                {"methods", {method("random", 0.5), method("nsga2", 0.75)}}});
  }
  summary["ranks"].push_back({{"criterion", "final_hypervolume"},
                              {"tasks", 2},
                              {"mean_ranks", {2.0, 1.0}},
                              {"iman_davenport", {{"p", 0.04}}},
                              {"nemenyi", {{"critical_difference_05", 0.5}}}});
  summary["against_baseline"].push_back({{"optimizer", "nsga2"},
                                         {"better", 2},
                                         {"equal", 0},
                                         {"worse", 0},
                                         {"share_difference", {{"mean", 0.2}, {"lower", 0.1}, {"upper", 0.3}}},
                                         {"wilcoxon", {{"pairs", 2}, {"p", 0.5}}}});
  summary["mean_normalised_hypervolume"] = {share("random", 0.4), share("nsga2", 0.6)};
  write_file_atomically(directory / "summary.json", summary.dump());
  std::string csv = "task,optimizer,seed,trial,hypervolume,ask_s,ask_cpu_s,f1\n";
  for (const char* task : {"t1", "t2"}) {
    for (const char* optimizer : {"random", "nsga2"}) {
      for (const int seed : {1, 7}) {
        for (int trial = 0; trial < 3; ++trial) {
          csv += std::string(task) + "," + optimizer + "," + std::to_string(seed) + "," + std::to_string(trial) + "," +
                 std::to_string(trial + (seed == 7 ? 1 : 0)) + ",0.1,,1\n";
        }
      }
    }
  }
  write_file_atomically(directory / "trials.csv", csv);
}

const ordered_json& part(const ordered_json& document, const char* parts, const std::string& id) {
  for (const ordered_json& section : document.at("sections")) {
    for (const ordered_json& one : section.at(parts)) {
      if (one.at("id") == id) return one;
    }
  }
  throw InvalidInput(id, "is no part of the document");
}

}  // namespace

TEST_CASE("a benchmark as a comparison of its optimizers") {
  const test::TemporaryDirectory directory;
  write_benchmark(directory / "b");
  const std::array results{read_benchmark_result(directory / "b")};
  const ordered_json document = benchmark_comparison_document(results, {"b"});
  std::vector<std::string> sections;
  for (const ordered_json& section : document.at("sections")) sections.push_back(section.at("id"));
  CHECK(sections == std::vector<std::string>{"outcome", "progress", "ranks", "tasks"});
  const std::string text = document.at("sections").front().at("text").dump();
  CHECK(text.find("compares random and nsga2 on 2 tasks with 2 seeds (1 and 7)") != std::string::npos);
  CHECK(text.find("is that of nsga2, 0.6.") != std::string::npos);
  CHECK(text.find("smac is left out") != std::string::npos);
  CHECK(part(document, "tables", "methods").at("rows").at(1) == ordered_json({"nsga2", 2, 2, 0.6, 0.6, 0.5}));
  const ordered_json& curves = part(document, "figures", "task-curves").at("data").at("rows");
  REQUIRE(curves.size() == 2 * 2 * 3);
  CHECK(curves.at(2).at(2) == 3);
  CHECK(curves.at(2).at(3) == 2.5);                                                  // of 2 and 3
  CHECK(curves.at(2).at(5).get<double>() == doctest::Approx(2.5 + std::sqrt(0.5)));  // one standard deviation
  const ordered_json& ranks = part(document, "figures", "ranks-1-1").at("data").at("rows");
  CHECK(ranks.at(0) == ordered_json({"nsga2", 1.0, 0.75, 1.25}));
  CHECK(part(document, "tables", "tasks").at("rows").at(0).at(7) == nullptr);  // no regret without a known front
  CHECK(render_html(document).find("Share of the best known hypervolume") != std::string::npos);
}

TEST_CASE("several benchmarks side by side") {
  const test::TemporaryDirectory directory;
  write_benchmark(directory / "a");
  write_benchmark(directory / "b");
  std::vector<BenchmarkResult> results{read_benchmark_result(directory / "a"), read_benchmark_result(directory / "b")};
  const ordered_json document = benchmark_comparison_document(results, {"a", "b"});
  CHECK(part(document, "figures", "shares").at("chart").at("studies") ==
        ordered_json({"a: random", "a: nsga2", "b: random", "b: nsga2"}));
  const ordered_json& rows = part(document, "tables", "tasks").at("rows");
  REQUIRE(rows.size() == 8);
  CHECK(rows.at(3).at(0) == "t1");  // all of one task stand together
  CHECK(rows.at(3).at(2) == "b: nsga2");
  SUBCASE("but not where the same task was measured otherwise") {
    write_benchmark(directory / "b", 2);
    results[1] = read_benchmark_result(directory / "b");
    CHECK_THROWS_WITH_AS((void)benchmark_comparison_document(results, {"a", "b"}),
                         doctest::Contains("b: its task t2 has other bounds"), InvalidInput);
  }
}

TEST_CASE("what a folder holds") {
  const test::TemporaryDirectory directory;
  const auto refusal = [&](const char* name) {
    try {
      (void)result_kind(directory / name);
    } catch (const InvalidInput& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  write_benchmark(directory / "b");
  CHECK(result_kind(directory / "b") == ResultKind::benchmark);
  CHECK(refusal("nowhere").find("there is no such folder") != std::string::npos);
  CHECK(refusal("b/trials.csv").find("is no folder") != std::string::npos);
  std::filesystem::remove(directory / "b" / "summary.json");
  CHECK(refusal("b").find("is neither a run directory (it has no study.json) nor") != std::string::npos);
  write_file_atomically(directory / "b" / "suite.json", "{}");
  CHECK(refusal("b").find("run `hyperego benchmark` to its end") != std::string::npos);
  write_file_atomically(directory / "b" / "study.json", "{}");
  CHECK(result_kind(directory / "b") == ResultKind::study);
}

TEST_CASE("files that no benchmark wrote are refused by place") {
  const test::TemporaryDirectory directory;
  const auto refusal = [&] {
    try {
      (void)read_benchmark_result(directory / "b");
    } catch (const InvalidInput& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  const auto file = directory / "b" / "trials.csv";
  write_benchmark(directory / "b");
  CHECK(refusal().empty());
  write_file_atomically(file, "a,b\n1,2\n");
  CHECK(refusal().find("trials.csv:1: expected the columns task, optimizer") != std::string::npos);
  const std::string head = "task,optimizer,seed,trial,hypervolume\n";
  write_file_atomically(file, head + "t1,random,1,0,x\n");
  CHECK(refusal().find("record 1, hypervolume: \"x\" is no number") != std::string::npos);
  write_file_atomically(file, head + "t1,random,1,4000000000,1\n");
  CHECK(refusal().find("record 1, trial") != std::string::npos);
  write_file_atomically(file, head + "t1,random,1,0,1\n");
  CHECK(refusal().find("has no trials of nsga2 on t1") != std::string::npos);
  write_file_atomically(directory / "b" / "summary.json", "{\"suite\": 3}");
  CHECK(refusal().find("summary.json/suite") != std::string::npos);
}
