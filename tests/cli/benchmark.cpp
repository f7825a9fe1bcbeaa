// hyperego benchmark: results, resuming after kill -9, and what it refuses.
#include <hyperego/core/rng.hpp>

#include <doctest/doctest.h>

#include "program.hpp"
#include <algorithm>
#include <chrono>
#include <thread>

using namespace hyperego::test;
using nlohmann::ordered_json;

namespace {

const char* const tiny = R"({"hyperego_benchmark": 1, "name": "tiny", "seeds": [1, 2, 3], "trials": 14,
  "baseline": "parego",
  "optimizers": ["random", {"name": "nsga2", "population": 6},
                 {"name": "parego", "acquisition": {"random_candidates": 50, "starts": 1}}],
  "tasks": [{"problem": "kursawe"}, {"problem": "zdt1", "variables": 3}]})";

/// trials.csv without the columns that depend on the clock.
std::string timeless_csv(const std::filesystem::path& file) {
  std::istringstream lines(text_of(file));
  std::string result;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string field;
    for (int column = 0; std::getline(fields, field, ','); ++column)
      result += column == 5 || column == 6 ? "" : field + ",";
    result += "\n";
  }
  return result;
}

std::size_t runs_in(const std::filesystem::path& directory) {
  std::size_t count = 0;
  std::error_code error;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(directory / "runs", error)) {
    if (entry.path().extension() == ".json") ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a suite is run once, summarised, and not run again") {
  const TemporaryDirectory directory;
  put(directory / "suite.json", tiny);
  const auto first = hyperego::test::hyperego({"benchmark", "suite.json", "--threads", "2"}, directory.path());
  CAPTURE(first.err);
  REQUIRE(first.code == 0);
  const ordered_json summary = first.json();
  CHECK(summary.at("directory") == "benchmarks/tiny");
  CHECK(summary.at("runs_made") == 18);
  CHECK(summary.at("baseline") == "parego");
  CHECK(summary.at("tasks").size() == 2);
  CHECK(summary.at("ranks").at(0).at("criterion") == "final_hypervolume");
  CHECK(summary.at("ranks").at(0).at("mean_ranks").size() == 3);
  CHECK(summary.at("against_baseline").size() == 2);
  const auto out = directory / "benchmarks/tiny";
  for (const char* file : {"trials.csv", "summary.json", "summary.txt", "curves.html", "suite.json"}) {
    CAPTURE(file);
    CHECK_FALSE(text_of(out / file).empty());
  }
  CHECK(runs_in(out) == 18);
  const std::string csv = text_of(out / "trials.csv");
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 18 * 14);

  const auto again = hyperego::test::hyperego({"benchmark", "suite.json"}, directory.path());
  CHECK(again.json().at("runs_made") == 0);
  CHECK(again.json().at("tasks") == summary.at("tasks"));
  CHECK(text_of(out / "trials.csv") == csv);

  // One more seed costs its own runs only; a part of the suite costs none.
  const auto more = hyperego::test::hyperego({"benchmark", "suite.json", "--seeds", "1,2,3,9"}, directory.path());
  CHECK(more.json().at("runs_made") == 6);
  const auto part = hyperego::test::hyperego(
      {"benchmark", "suite.json", "--tasks", "kursawe", "--optimizers", "random,nsga2"}, directory.path());
  CHECK(part.json().at("runs_made") == 0);
  CHECK(part.json().at("baseline") == "random");
}

TEST_CASE("killed at any moment, a suite ends with the same results") {
  const TemporaryDirectory directory;
  put(directory / "suite.json", tiny);
  const auto whole =
      hyperego::test::hyperego({"benchmark", "suite.json", "--out", "whole", "--threads", "1"}, directory.path());
  REQUIRE(whole.code == 0);
  hyperego::Rng rng(1, "kill");
  int kills = 0;
  for (bool ended = false; !ended && kills < 200;) {
    const std::size_t before = runs_in(directory / "killed");
    const std::size_t wanted = before + 1 + rng.below(4);
    RunningProgram program({"benchmark", "suite.json", "--out", "killed", "--threads", "2"}, directory.path());
    while (!program.has_ended() && runs_in(directory / "killed") < wanted)
      std::this_thread::sleep_for(std::chrono::microseconds(300));
    std::this_thread::sleep_for(std::chrono::microseconds(rng.below(3000)));
    ended = program.has_ended();
    if (ended) CHECK(program.wait() == 0);
    if (ended) break;
    program.send(SIGKILL);
    program.wait();
    ++kills;
  }
  CHECK(kills >= 2);
  const auto last = hyperego::test::hyperego({"benchmark", "suite.json", "--out", "killed"}, directory.path());
  CAPTURE(last.err);
  REQUIRE(last.code == 0);
  CHECK(timeless_csv(directory / "killed/trials.csv") == timeless_csv(directory / "whole/trials.csv"));
}

TEST_CASE("an interrupted suite keeps what is done") {
  const TemporaryDirectory directory;
  ordered_json suite = ordered_json::parse(tiny);
  suite["trials"] = 400;
  suite["optimizers"] = {"parego"};
  put(directory / "suite.json", suite.dump());
  RunningProgram program({"benchmark", "suite.json", "--out", "out", "--threads", "1"}, directory.path());
  while (!program.has_ended() && !std::filesystem::exists(directory / "out/suite.json"))
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  program.send(SIGINT);
  CHECK(program.wait() == 128 + SIGINT);
  CHECK(text_of(directory / "stderr.txt").find("finished runs are kept") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(directory / "out/summary.json"));
}

TEST_CASE("what a benchmark refuses") {
  const TemporaryDirectory directory;
  const auto refused = [&](const std::vector<std::string>& line, const std::string& place) {
    const auto result = hyperego::test::hyperego(line, directory.path());
    CAPTURE(result.err);
    CHECK(result.code == 2);
    CHECK(result.out.empty());
    CHECK(result.complains_in_one_sentence());
    CHECK(result.err.find(place) != std::string::npos);
  };
  put(directory / "suite.json", tiny);
  ordered_json typo = ordered_json::parse(tiny);
  typo["tasks"][1]["varibles"] = 3;
  put(directory / "typo.json", typo.dump());
  ordered_json data = ordered_json::parse(tiny);
  data["tasks"] = {{{"yahpo", "lcbench"}, {"instance", "167152"}}};
  put(directory / "data.json", data.dump());
  refused({"benchmark"}, "SUITE.json");
  refused({"benchmark", "absent.json"}, "absent.json");
  refused({"benchmark", "typo.json"}, "did you mean \"variables\"");
  refused({"benchmark", "data.json"}, "data.json/tasks/0");
  refused({"benchmark", "suite.json", "--threads", "0"}, "--threads");
  refused({"benchmark", "suite.json", "--seeds", "1,x"}, "--seeds");
  refused({"benchmark", "suite.json", "--seeds", "1,1"}, "twice");
  refused({"benchmark", "suite.json", "--tasks", "kursaw"}, "did you mean \"kursawe\"");
  refused({"benchmark", "suite.json", "--optimizers", "smac"}, "--optimizers");
  CHECK_FALSE(std::filesystem::exists(directory / "benchmarks"));

  // A run of other options under the same name is not mistaken for this one.
  const std::vector<std::string> small{"benchmark", "suite.json", "--out", "out",          "--tasks",
                                       "kursawe",   "--seeds",    "1",     "--optimizers", "nsga2"};
  REQUIRE(hyperego::test::hyperego(small, directory.path()).code == 0);
  ordered_json other = ordered_json::parse(tiny);
  other["optimizers"][1]["population"] = 7;
  put(directory / "suite.json", other.dump());
  refused(small, "out/runs/kursawe/nsga2/1.json: holds a run of another");
  put(directory / "suite.json", tiny);
  put(directory / "out/runs/kursawe/nsga2/1.json", "{");
  refused(small, "out/runs/kursawe/nsga2/1.json: malformed JSON at line 1");
}

TEST_CASE("runs that others wrote are compared with ours, or left out by name") {
  const TemporaryDirectory directory;
  ordered_json suite = ordered_json::parse(tiny);
  suite["optimizers"] = {"random", {{"label", "theirs"}, {"external", true}}};
  suite["tasks"] = {{{"problem", "kursawe"}}};
  suite["seeds"] = {4};
  suite.erase("baseline");
  put(directory / "suite.json", suite.dump());
  const auto alone = hyperego::test::hyperego({"benchmark", "suite.json", "--out", "out"}, directory.path());
  REQUIRE(alone.code == 0);
  CHECK(alone.json().at("optimizers") == ordered_json{"random"});
  CHECK(alone.err.find("\"theirs\" is left out") != std::string::npos);
  std::filesystem::create_directories(directory / "out/runs/kursawe/theirs");
  ordered_json run{{"hyperego_benchmark_run", 1}, {"task", "kursawe"}, {"optimizer", "theirs"}, {"seed", 4}};
  run["trials"] = {{{"objectives", {-19.5, -11.0}}, {"ask_s", 0.25}}, {{"objectives", nullptr}}};
  put(directory / "out/runs/kursawe/theirs/4.json", run.dump());
  const auto both = hyperego::test::hyperego({"benchmark", "suite.json", "--out", "out"}, directory.path());
  CAPTURE(both.err);
  REQUIRE(both.code == 0);
  CHECK(both.json().at("optimizers").size() == 2);
  CHECK(both.json().at("tasks").at(0).at("methods").at(1).at("ask_s") == 0.125);
}

TEST_CASE("subsets of tasks and profiles come from finished runs") {
  const TemporaryDirectory directory;
  put(directory / "suite.json", tiny);
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "benchmark");
    return hyperego::test::hyperego(arguments, directory.path());
  };
  const auto early = run({"profile", "suite.json"});
  CHECK(early.code == 2);
  CHECK(early.err.find("all runs of no optimizer") != std::string::npos);
  REQUIRE(run({"suite.json", "--optimizers", "random,nsga2"}).code == 0);

  const auto profile = run({"profile", "suite.json"});
  CAPTURE(profile.err);
  REQUIRE(profile.code == 0);
  CHECK(profile.err.find("\"parego\" is left out") != std::string::npos);
  CHECK(profile.json().at("problems") == 6);
  CHECK(profile.json().at("optimizers").size() == 2);
  CHECK(text_of(directory / "benchmarks/tiny/profile.html").find("polyline") != std::string::npos);
  CHECK(text_of(directory / "benchmarks/tiny/profile.svg").rfind("<svg xmlns", 0) == 0);
  CHECK(run({"profile", "suite.json", "--tolerance", "1.5"}).code == 2);

  const auto subset = run({"subset", "suite.json", "--count", "1"});
  REQUIRE(subset.code == 0);
  CHECK(subset.json().at("tasks").size() == 1);
  CHECK(subset.json().at("features").at(0) == "share of random");
  const auto described = run({"subset", "suite.json", "--count", "2", "--features", "description", "--seeds", "77"});
  CAPTURE(described.err);
  CHECK(described.code == 2);  // both have three floats and two objectives
  CHECK(described.err.find("alike") != std::string::npos);
  CHECK(run({"subset", "suite.json", "--count", "3"}).code == 2);
  CHECK(run({"subset", "suite.json"}).code == 2);
  CHECK(run({}).code == 2);
}
