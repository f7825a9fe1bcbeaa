// Trials of other programs through the program: from one command to a run directory, an explanation or a report.
#include <doctest/doctest.h>

#include "program.hpp"
#include <cmath>
#include <cstdint>

using namespace hyperego::test;
using nlohmann::ordered_json;
namespace fs = std::filesystem;

namespace {

const fs::path import_data = HYPEREGO_IMPORT_DATA;

/// A quick tunability explanation of what the arguments name.
ProgramResult explained(std::vector<std::string> arguments, const fs::path& directory) {
  arguments.insert(arguments.begin(), "explain");
  for (const char* option : {"--game", "tunability", "--draws", "0", "--replicates", "0", "--samples", "300"})
    arguments.emplace_back(option);
  return hyperego::test::hyperego(arguments, directory);
}

bool has_note(const ordered_json& json, const std::string& words) {
  for (const ordered_json& note : json.at("notes")) {
    if (note.get<std::string>().find(words) != std::string::npos) return true;
  }
  return false;
}

std::string table_of(const std::string& last = "err") {
  std::string text = "a,b," + last + "\n";
  for (int i = 0; i < 12; ++i) {
    const double a = (i * 7 % 12 + 0.5) / 12;
    const double b = (i + 0.5) / 12;
    text += std::to_string(a) + "," + std::to_string(b) + "," + std::to_string((a - 0.9) * (a - 0.9) + 0.1 * b) + "\n";
  }
  return text;
}

}  // namespace

TEST_CASE("explain names configurations to evaluate next") {
  const TemporaryDirectory directory;
  put(directory / "t.csv", table_of());
  const auto result = explained({"t.csv", "--objective", "err", "--suggest", "3"}, directory.path());
  CAPTURE(result.err);
  REQUIRE(result.code == 0);
  const ordered_json suggestions = result.json().at("suggestions");
  REQUIRE(suggestions.size() == 3);
  double left = 1;
  for (const ordered_json& one : suggestions) {
    CHECK(one.at("configuration").size() == 2);
    for (const char* name : {"a", "b"}) {
      const double value = one.at("configuration").at(name).get<double>();
      CHECK(value >= 0.5 / 12 - 1e-6);  // the ranges are those seen
      CHECK(value <= 11.5 / 12 + 1e-6);
    }
    CHECK(one.at("left") < left);
    left = one.at("left").get<double>();
  }
  CHECK_FALSE(explained({"t.csv", "--objective", "err"}, directory.path()).json().contains("suggestions"));
  const std::string shown =
      explained({"t.csv", "--objective", "err", "--suggest", "3", "--pretty"}, directory.path()).out;
  const auto table = shown.find("These would narrow the answer most");
  REQUIRE(table != std::string::npos);
  CHECK(shown.find("doubt left", table) != std::string::npos);
  CHECK(shown.find("\n3 ", table) != std::string::npos);
  CHECK(shown.find("\n4 ", table) == std::string::npos);
}

TEST_CASE("games are played with one's own list of configurations") {
  const TemporaryDirectory directory;
  put(directory / "t.csv", table_of());
  const auto with_list = [&](const std::string& list) {
    put(directory / "list.csv", list);
    return hyperego::test::hyperego({"explain", "t.csv", "--objective", "err", "--game", "tunability", "--maximum",
                                     "sampled", "--draws", "0", "--samples", "list.csv"},
                                    directory.path());
  };
  const auto drawn = explained({"t.csv", "--objective", "err"}, directory.path());
  REQUIRE(drawn.code == 0);
  const ordered_json baseline = drawn.json().at("baseline");
  const std::string defaults = baseline.at("a").dump() + "," + baseline.at("b").dump();

  // Nothing but the baseline: nothing is gained.
  const auto nothing = with_list("a,b\n" + defaults + "\n");
  CAPTURE(nothing.err);
  REQUIRE(nothing.code == 0);
  CHECK(nothing.json().at("full") == nothing.json().at("empty"));
  CHECK(nothing.json().at("values").at("a") == 0);
  CHECK_FALSE(nothing.json().at("intervals").contains("sampling"));

  // a at its best, b at its default: all of the gain is a's. Results in the list are not looked at.
  const auto one = with_list("a,b,err\n0.9," + baseline.at("b").dump() + ",1e9\n" + defaults + ",\n");
  CAPTURE(one.err);
  REQUIRE(one.code == 0);
  CHECK(one.json().at("values").at("a").get<double>() > 0.05);
  CHECK(one.json().at("values").at("b") == 0);

  const auto wrong = with_list("a,c\n0.9,1\n");
  CHECK(wrong.code == 2);
  CHECK(wrong.err.find("list.csv") != std::string::npos);
  CHECK(hyperego::test::hyperego(
            {"explain", "t.csv", "--objective", "err", "--game", "tunability", "--samples", "no.csv"}, directory.path())
            .code == 2);
}

TEST_CASE("more hyperparameters than a game can have are ranked, in explain and in report") {
  const TemporaryDirectory directory;
  std::string text;
  for (int i = 0; i < 80; ++i) text += "h" + std::to_string(i) + ",";
  text += "loss\n";
  std::uint32_t state = 1;
  for (int k = 0; k < 40; ++k) {
    std::string loss;
    for (int i = 0; i < 80; ++i) {
      state = state * 1664525U + 1013904223U;
      const std::string value = std::to_string((state >> 8U) / 16777216.0);
      text += value + ",";
      if (i == 5) loss = value;
    }
    text += loss + "\n";
  }
  put(directory / "wide.csv", text);
  const auto ranked = hyperego::test::hyperego(
      {"explain", "wide.csv", "--objective", "loss", "--game", "tunability", "--draws", "2"}, directory.path());
  CAPTURE(ranked.err);
  REQUIRE(ranked.code == 0);
  CHECK(ranked.json().at("game") == "total_sensitivity");
  const auto reported = hyperego::test::hyperego(
      {"report", "wide.csv", "--objective", "loss", "--draws", "2", "--output", "r.html", "--data", "figures"},
      directory.path());
  CAPTURE(reported.err);
  REQUIRE(reported.code == 0);
  const auto figure = ordered_json::parse(text_of(directory / "figures" / "importance-ranking-1.json"));
  REQUIRE(figure.at("data").at("rows").size() == 80);
  CHECK(figure.at("data").at("rows").at(0).at(0) == "h5");
  double sum = 0;
  for (const ordered_json& row : figure.at("data").at("rows")) sum += row.at(1).get<double>();
  CHECK(sum == doctest::Approx(1).epsilon(1e-3));
  CHECK(text_of(directory / "r.html").find("so they are ranked and no game is played") != std::string::npos);
}

TEST_CASE("a table becomes a run directory that all commands work on") {
  const TemporaryDirectory directory;
  put(directory / "t.csv", table_of());
  const auto result =
      hyperego::test::hyperego({"import", "t.csv", "--objective", "err", "--out", "run"}, directory.path());
  CAPTURE(result.err);
  REQUIRE(result.code == 0);
  CHECK(result.json().at("trials") == 12);
  CHECK(result.json().at("space_inferred") == true);
  CHECK(result.json().at("objectives") == ordered_json::parse(R"([{"name": "err", "direction": "minimize"}])"));
  CHECK(hyperego::test::hyperego({"status", "run"}, directory.path()).json().at("trials").at("completed") == 12);
  CHECK(explained({"run"}, directory.path()).json().at("values").contains("a"));
  CHECK(hyperego::test::hyperego({"report", "run", "--no-models"}, directory.path()).code == 0);
  CHECK(text_of(directory / "run" / "report.html").find("12 imported") != std::string::npos);
  const auto asked = hyperego::test::hyperego({"ask", "run"}, directory.path());
  CHECK(asked.json().at(0).at("trial") == 12);
  CHECK(hyperego::test::hyperego({"tell", "run", "--trial", "12", "--objectives", R"({"err": 0.01})"}, directory.path())
            .code == 0);

  SUBCASE("its space can be corrected, and then its trials are a warm start") {
    ordered_json space = ordered_json::parse(text_of(directory / "run" / "space.json"));
    for (ordered_json& hyperparameter : space["hyperparameters"]) {
      hyperparameter["lower"] = 0;
      hyperparameter["upper"] = 1;
    }
    put(directory / "s.json", space.dump());
    REQUIRE(hyperego::test::hyperego(
                {"import", "t.csv", "--objective", "err", "--space", "s.json", "--out", "corrected"}, directory.path())
                .code == 0);
    const ordered_json study{{"space", space},
                             {"objectives", {{{"name", "err"}}}},
                             {"evaluator", {{"external", true}}},
                             {"warm_start", {"corrected"}}};
    put(directory / "study.json", study.dump());
    REQUIRE(hyperego::test::hyperego({"init", "study.json", "--out", "next"}, directory.path()).code == 0);
    CHECK(hyperego::test::hyperego({"ask", "next"}, directory.path()).code == 0);
  }
  SUBCASE("for people") {
    const auto pretty =
        hyperego::test::hyperego({"import", "t.csv", "--objective", "err", "--out", "p", "--pretty"}, directory.path());
    CHECK(pretty.out.find("12 trials (0 failed) of a table are in p") == 0);
    CHECK(pretty.out.find("copy p/space.json") != std::string::npos);
    CHECK(pretty.err.empty());
  }
  SUBCASE("what is there is not overwritten, and nothing is left of what went wrong") {
    const std::string before = text_of(directory / "run" / "journal.jsonl");
    const auto again =
        hyperego::test::hyperego({"import", "t.csv", "--objective", "err", "--out", "run"}, directory.path());
    CHECK(again.code == 2);
    CHECK(again.complains_in_one_sentence());
    CHECK(text_of(directory / "run" / "journal.jsonl") == before);
    put(directory / "bad.csv", table_of() + "1,2\n");
    CHECK(
        hyperego::test::hyperego({"import", "bad.csv", "--objective", "err", "--out", "bad"}, directory.path()).code ==
        2);
    CHECK(hyperego::test::hyperego({"import", "t.csv", "--out", "bad"}, directory.path()).code == 2);
    CHECK_FALSE(fs::exists(directory / "bad"));
    CHECK(std::distance(fs::directory_iterator(directory.path()), fs::directory_iterator()) == 3);
  }
}

TEST_CASE("one command from Optuna, SMAC3 and pandas to a report, without a space") {
  const TemporaryDirectory directory;
  fs::copy(import_data, directory / "d", fs::copy_options::recursive);
  const std::vector<std::pair<std::vector<std::string>, std::string>> commands{
      {{"d/optuna.db", "--study", "two"}, "d/optuna-report.html"},
      {{"d/smac3_2"}, "d/smac3_2-report.html"},
      {{"d/wandb.csv", "--objective", "val_accuracy=maximize"}, "d/wandb-report.html"},
      {{"--trials", "d/optuna_two.csv"}, "d/optuna_two-report.html"}};
  for (const auto& [arguments, file] : commands) {
    std::vector<std::string> command{"report"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    command.emplace_back("--no-models");
    const auto result = hyperego::test::hyperego(command, directory.path());
    CAPTURE(result.err);
    REQUIRE(result.code == 0);
    CHECK(result.json().at("report") == file);
    CHECK(text_of(directory / file).find("On reading: ") != std::string::npos);
  }
  CHECK(hyperego::test::hyperego({"report", "d/optuna.db"}, directory.path()).code == 2);
}

TEST_CASE("tables of several studies are explained together where they have the same objectives") {
  const TemporaryDirectory directory;
  put(directory / "one.csv", table_of());
  put(directory / "two.csv", table_of());
  put(directory / "other.csv", table_of("loss"));
  put(directory / "s.json",
      R"({"hyperparameters": [{"type": "uniform_float", "name": "a", "lower": 0, "upper": 1}, {"type": "uniform_float", "name": "b", "lower": 0, "upper": 1}]})");
  const auto together =
      explained({"--trials", "one.csv", "--trials", "two.csv", "--space", "s.json"}, directory.path());
  CAPTURE(together.err);
  CHECK(together.json().at("studies") == 2);
  const auto refused =
      explained({"--trials", "one.csv", "--trials", "other.csv", "--space", "s.json"}, directory.path());
  CHECK(refused.code == 2);
  CHECK(refused.complains_in_one_sentence());
  CHECK(refused.err.find("do not have the same objectives (err (minimized) and loss (minimized))") !=
        std::string::npos);
  SUBCASE("run directories too") {
    for (const auto& [file, objective, out] : std::vector<std::tuple<std::string, std::string, std::string>>{
             {"one.csv", "err", "r1"}, {"two.csv", "err=maximize", "r2"}, {"other.csv", "loss", "r3"}}) {
      REQUIRE(hyperego::test::hyperego({"import", file, "--objective", objective, "--space", "s.json", "--out", out},
                                       directory.path())
                  .code == 0);
    }
    CHECK(explained({"r1", "r1"}, directory.path()).code == 0);
    CHECK(explained({"r1", "r2"}, directory.path()).code == 2);
    CHECK(explained({"r1", "r3"}, directory.path()).code == 2);
    CHECK(explained({"r1", "r2", "--objective", "err"}, directory.path())
              .err.find("minimized in one and maximized in another") != std::string::npos);
    CHECK(explained({"r1", "--space", "s.json"}, directory.path()).code == 2);
    CHECK(hyperego::test::hyperego({"report", "r1", "--objective", "err"}, directory.path()).code == 2);
  }
}

TEST_CASE("several objectives of a table are named, or none is explained") {
  const TemporaryDirectory directory;
  std::string table = "a,b,err,size\n";
  for (int i = 0; i < 12; ++i)
    table += std::to_string(i * 7 % 12) + "," + std::to_string(i) + "," + std::to_string(i * i % 5) + "," +
             std::to_string(i * 7 % 12) + "\n";
  put(directory / "t.csv", table);
  put(directory / "s.json",
      R"({"hyperparameters": [{"type": "uniform_int", "name": "a", "lower": 0, "upper": 11}, {"type": "uniform_int", "name": "b", "lower": 0, "upper": 11}]})");
  const auto refused = explained({"t.csv", "--space", "s.json"}, directory.path());
  CHECK(refused.code == 2);
  CHECK(refused.complains_in_one_sentence());
  CHECK(refused.err.find("\"err\" or \"size\" could be the objective") != std::string::npos);
  const auto both = explained(
      {"t.csv", "--space", "s.json", "--objective", "err", "--objective", "size=maximize", "--weights", "0.5,0.5"},
      directory.path());
  CAPTURE(both.err);
  REQUIRE(both.code == 0);
  CHECK(both.json().contains("weights"));
  const auto one =
      explained({"t.csv", "--space", "s.json", "--objective", "size", "--maximize", "size"}, directory.path());
  CHECK(one.json().at("target").at("objective") == "size");
  CHECK(explained({"t.csv", "--space", "s.json", "--objective", "err", "--weights", "1,0"}, directory.path()).code ==
        2);
  CHECK(explained({"t.csv", "--space", "s.json", "--objective", "err", "--objective", "size", "--tradeoffs", "3"},
                  directory.path())
            .json()
            .size() == 3);
}

TEST_CASE("columns that are no objectives, and cells that are missing") {
  if (!have_shared("cases/columns", "columns and missing cells")) return;
  const fs::path cases = shared_data() / "cases";
  const std::vector<std::string> space{"--space", (cases / "columns" / "sp.json").string()};
  const auto values_of = [&](const fs::path& file, std::vector<std::string> more) {
    std::vector<std::string> arguments{"--trials", file.string()};
    arguments.insert(arguments.end(), space.begin(), space.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto result = explained(arguments, "/");
    CAPTURE(result.err);
    REQUIRE(result.code == 0);
    return result.json().at("values");
  };
  const ordered_json plain = values_of(cases / "columns" / "plain.csv", {});
  for (const char* file : {"columns/extra.csv", "columns/dur.csv", "missing_cells/nan.csv"}) {
    CHECK(values_of(cases / file, {"--objective", "err"}) == plain);
  }
  CHECK(values_of(cases / "missing_cells" / "nan.csv", {}) == plain);
  const auto refused = explained({"--trials", (cases / "columns" / "dur.csv").string(), space[0], space[1]}, "/");
  CHECK(refused.code == 2);
  CHECK(refused.err.find("\"err\" or \"duration\" could be the objective") != std::string::npos);
}

TEST_CASE("tables of people are read by one command") {
  if (!have_shared("cases/explain/index.csv", "tables of people")) return;
  const fs::path cases = shared_data() / "cases" / "explain";
  const auto result_of = [&](const char* file, const char* space, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"--trials", file, "--space", space};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return explained(arguments, cases);
  };
  // error = (a − .9)² + .1 b from (.5, .5): a gains .16, b .05; a GP finds that from 36 and 40 points to within .005.
  for (const char* file : {"index.csv", "failed_nan.csv", "status.csv", "semicolon.csv"}) {
    CAPTURE(file);
    const ordered_json json = result_of(file, "ab.space.json").json();
    CHECK(std::abs(json.at("values").at("a").get<double>() - 0.16) < 0.005);
    CHECK(std::abs(json.at("values").at("b").get<double>() - 0.05) < 0.005);
    CHECK(json.at("target").at("objective") == "error");
  }
  CHECK(has_note(result_of("failed_nan.csv", "ab.space.json").json(), "4 of 40 trials failed"));
  const auto percent = result_of("percent.csv", "ab.space.json");
  CHECK(percent.code == 2);
  CHECK(percent.complains_in_one_sentence());
  CHECK(percent.err.find("has a per cent sign; take the signs away and read that, as in: sed 's/%//g' 'percent.csv'") !=
        std::string::npos);
  const ordered_json expected = result_of("json_null.json", "fmt.space.json").json().at("values");
  for (const char* file : {"optuna_frame.csv", "study.db", "pandas_clean_index.csv", "pandas_na.csv"}) {
    CAPTURE(file);
    const ordered_json json = result_of(file, "fmt.space.json").json();
    CHECK(json.at("values") == expected);
    CHECK(json.at("fit").at("trials") == 58);
    CHECK(has_note(json, "2 of 60 trials failed"));
  }
  CHECK(result_of("pandas_records.json", "fmt.space.json").json().at("fit").at("trials") ==
        58);  // rounded to ten digits
  CHECK(result_of("runhistory.json", "fmt.space.json").json().at("fit").at("trials") == 20);
  // The same without a space: what was optimized is known of these.
  for (const char* file : {"optuna_frame.csv", "study.db", "json_null.json", "runhistory.json"}) {
    CAPTURE(file);
    const auto inferred = explained({file}, cases);
    CHECK(inferred.code == 0);
    CHECK(has_note(inferred.json(), "\"momentum\" is active where \"optimizer\" = sgd"));
  }
}
