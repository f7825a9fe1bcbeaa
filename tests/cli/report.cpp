// Reports through the program: one study, several, and while a study runs.
#include <doctest/doctest.h>

#include "program.hpp"
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <regex>
#include <thread>

using namespace hyperego::test;
using nlohmann::ordered_json;

namespace {

ordered_json small_study() {
  return {{"name", "small"},
          {"evaluator", {{"problem", "zdt1"}, {"variables", 3}}},
          {"optimizer", {{"name", "random"}}},
          {"limits", {{"trials", 12}}}};
}

}  // namespace

TEST_CASE("report writes one file, and the data of its figures") {
  const TemporaryDirectory directory;
  put(directory / "s.json", small_study().dump());
  REQUIRE(hyperego::test::hyperego({"run", "s.json", "--out", "a"}, directory.path()).code == 0);
  const std::vector<std::string> quick{"--draws", "2", "--replicates", "0", "--samples", "50", "--tradeoffs", "3"};
  std::vector<std::string> command{"report", "a", "--output", "r.html", "--data", "figures"};
  command.insert(command.end(), quick.begin(), quick.end());
  const auto result = hyperego::test::hyperego(command, directory.path());
  CAPTURE(result.err);
  REQUIRE(result.code == 0);
  const std::string html = text_of(directory / "r.html");
  CHECK(result.json().at("report") == "r.html");
  CHECK(result.json().at("bytes") == html.size());
  CHECK(html.rfind("<!DOCTYPE html>", 0) == 0);
  CHECK(html.find("12 of 12 trials have ended") != std::string::npos);
  const std::string curve = text_of(directory / "figures" / "progress-hypervolume-trials.csv");
  CHECK(curve.rfind("ended trials,seconds,hypervolume,trial\r\n", 0) == 0);
  const auto figure = ordered_json::parse(text_of(directory / "figures" / "importance-shapley-1.json"));
  CHECK(figure.at("data").at("rows").size() == 3);
  for (const auto& entry : std::filesystem::directory_iterator(directory / "figures")) {
    if (entry.path().extension() != ".csv" || entry.path().filename() == "trials.csv") continue;
    CAPTURE(entry.path().filename().string());
    CHECK_FALSE(std::regex_search(text_of(entry.path()), std::regex("[1-9][0-9.]{9,}|e-1[0-9]")));
  }

  SUBCASE("people read what was learned, with few digits") {
    command.emplace_back("--pretty");
    const std::string shown = hyperego::test::hyperego(command, directory.path()).out;
    CHECK(shown.find("of 12 completed trials; its hypervolume is ") != std::string::npos);
    for (const char* sentence : {"\nTake trial ", " if f1 counts most: f1 ", "\nTune for f1, ", "r.html is written"}) {
      CAPTURE(sentence);
      CHECK(shown.find(sentence) != std::string::npos);
    }
    const auto explained =
        hyperego::test::hyperego({"explain", "a", "--game", "tunability", "--samples", "50", "--draws", "2",
                                  "--replicates", "2", "--objective", "f1", "--pretty"},
                                 directory.path());
    CHECK(explained.out.find("\nThe tunability game of f1, SV of order 1 from 8 coalitions.\n") != std::string::npos);
    CHECK(explained.out.find("The baseline is x1 = 0.5, x2 = 0.5, x3 = 0.5.\n") != std::string::npos);
    const auto status = hyperego::test::hyperego({"status", "a", "--pretty"}, directory.path());
    for (const std::string& text : {shown, explained.out, status.out}) {
      CAPTURE(text);
      CHECK_FALSE(std::regex_search(text, std::regex("[1-9][0-9.]{9,}|e-1[0-9]|[{}]")));
    }
  }
  SUBCASE("in the run directory unless told otherwise, and the same each time") {
    command = {"report", "a"};
    command.insert(command.end(), quick.begin(), quick.end());
    REQUIRE(hyperego::test::hyperego(command, directory.path()).code == 0);
    CHECK(text_of(directory / "a" / "report.html") == html);
  }
  SUBCASE("several are compared") {
    REQUIRE(hyperego::test::hyperego({"run", "s.json", "--out", "b", "--seed", "2"}, directory.path()).code == 0);
    REQUIRE(hyperego::test::hyperego({"report", "a", "b"}, directory.path()).code == 0);
    CHECK(text_of(directory / "comparison.html").find("2 studies of the same objectives") != std::string::npos);
  }
  SUBCASE("by random forests where asked") {
    command.insert(command.end(), {"--surrogate", "forest"});
    REQUIRE(hyperego::test::hyperego(command, directory.path()).code == 0);
    CHECK(text_of(directory / "r.html").find("random forests") != std::string::npos);
    CHECK(html.find("random forests") == std::string::npos);
  }
  SUBCASE("benchmarks are compared, but not with studies") {
    put(directory / "suite.json",
        R"({"hyperego_benchmark": 1, "name": "tiny", "seeds": [1, 2], "trials": 8, "optimizers": ["random", "nsga2"],
            "tasks": [{"problem": "kursawe"}, {"problem": "zdt1", "variables": 3}]})");
    REQUIRE(hyperego::test::hyperego({"benchmark", "suite.json", "--out", "bench"}, directory.path()).code == 0);
    REQUIRE(hyperego::test::hyperego({"report", "bench"}, directory.path()).code == 0);
    const std::string page = text_of(directory / "bench" / "report.html");
    CHECK(page.find("The suite tiny compares random and nsga2 on 2 tasks with 2 seeds") != std::string::npos);
    CHECK(page.find("figure-ranks-1-1") != std::string::npos);
    const auto mixed = hyperego::test::hyperego({"report", "a", "bench"}, directory.path());
    CHECK(mixed.code == 2);
    CHECK(mixed.complains_in_one_sentence());
    CHECK(mixed.err.find("bench: is a benchmark, but a is not") != std::string::npos);
  }
  SUBCASE("what is no run directory is refused") {
    const auto refused = hyperego::test::hyperego({"report", "nowhere"}, directory.path());
    CHECK(refused.code == 2);
    CHECK(refused.complains_in_one_sentence());
    CHECK(hyperego::test::hyperego({"report"}, directory.path()).code == 2);
    CHECK(
        hyperego::test::hyperego({"report", "a", "--output", "no/such/folder/r.html", "--no-models"}, directory.path())
            .code == 4);
  }
}

TEST_CASE("run --report keeps a report beside the journal while the study runs") {
  const TemporaryDirectory directory;
  ordered_json study = small_study();
  study.erase("evaluator");
  study["space"]["hyperparameters"] = {{{"type", "uniform_float"}, {"name", "x"}, {"lower", 0}, {"upper", 1}}};
  study["objectives"] = {{{"name", "y"}}};
  study["evaluator"]["command"] = {"sh", "-c", "sleep 0.2; echo '{\"y\": {x}}'"};
  study["limits"]["trials"] = 20;
  put(directory / "s.json", study.dump());
  RunningProgram program({"run", "s.json", "--out", "r", "--report"}, directory.path());
  const auto file = directory / "r" / "report.html";
  for (int i = 0; i < 3000 && !std::filesystem::exists(file); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  REQUIRE(std::filesystem::exists(file));
  const std::string during = text_of(file);  // replaced as a whole, so complete at any time
  CHECK(during.find("\"refreshing\":true") != std::string::npos);
  CHECK(during.find("and it is running") != std::string::npos);
  CHECK(during.rfind("</html>\n") == during.size() - 8);
  CHECK(program.wait() == 0);
  const std::string after = text_of(file);
  CHECK(after.find("\"refreshing\":false") != std::string::npos);
  CHECK(after.find("20 of 20 trials have ended") != std::string::npos);
  CHECK(after.find("figure-shapley-1") != std::string::npos);
}
