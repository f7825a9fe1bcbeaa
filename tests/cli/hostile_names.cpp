// Names and values that no reasonable person would choose, all the way: run, status, explain, resume.
#include <doctest/doctest.h>

#include "program.hpp"
#include <algorithm>

using namespace hyperego::test;
using nlohmann::ordered_json;

namespace {

const std::vector<std::string> hostile_names{"new\nline",
                                             "</script><script>alert(1)</script>",
                                             R"(say "x", 'y' \ `z`)",
                                             "größe 温度 🌡",
                                             std::string("nul\0byte", 8),
                                             "\x1b[31mred",
                                             "{trial}",
                                             "../../etc/passwd",
                                             " ",
                                             "a,b;c\td\r"};

ordered_json hostile_study(const std::string& name, const std::string& objective) {
  ordered_json study{{"name", "study " + name}, {"seed", 3}};
  study["space"]["hyperparameters"] = {{{"name", name}, {"type", "uniform_float"}, {"lower", -0.0}, {"upper", 1e308}},
                                       {{"name", name + "2"}, {"type", "categorical"}, {"choices", {name, "b"}}}};
  study["objectives"] = {{{"name", objective}}};
  study["evaluator"] = {{"external", true}};
  study["optimizer"] = {{"name", "random"}};
  study["limits"] = {{"trials", 40}};
  return study;
}

/// Told values: the extremes first.
double told_value(int i) {
  const std::vector<double> extremes{1e308, -1e308, -0.0, 5e-324};
  return static_cast<std::size_t>(i) < extremes.size() ? extremes[static_cast<std::size_t>(i)] : i * 0.25;
}

std::size_t lines_of(const std::filesystem::path& file) {
  const std::string text = text_of(file);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("hostile names survive ask, tell, status, explain and resume") {
  for (const std::string& name : hostile_names) {
    CAPTURE(name);
    const std::string objective = "loss of " + name;
    const TemporaryDirectory directory;
    put(directory / "s.json", hostile_study(name, objective).dump());
    REQUIRE(hyperego::test::hyperego({"init", "s.json", "--out", "run"}, directory.path()).code == 0);
    for (int i = 0; i < 12; ++i) {
      const auto asked = hyperego::test::hyperego({"ask", "run"}, directory.path());
      REQUIRE_MESSAGE(asked.code == 0, asked.err);
      const ordered_json trial = asked.json();
      const ordered_json& first = trial.is_array() ? trial.at(0) : trial;
      REQUIRE(first.at("configuration").contains(name));
      const ordered_json outcome{{objective, told_value(i)}};
      const auto told = hyperego::test::hyperego(
          {"tell", "run", "--trial", first.at("trial").dump(), "--objectives", outcome.dump()}, directory.path());
      REQUIRE_MESSAGE(told.code == 0, told.err);
    }
    const auto status = hyperego::test::hyperego({"status", "run", "--json"}, directory.path());
    REQUIRE(status.code == 0);
    CHECK(status.json().at("name") == "study " + name);
    CHECK(status.json().at("trials").at("completed") == 12);
    CHECK(status.json().at("front").at(0).at("objectives").contains(objective));
    const auto table = hyperego::test::hyperego({"status", "run", "--pretty"}, directory.path());
    CHECK(table.code == 0);
    CHECK(table.out.find('\x1b') == std::string::npos);
    const auto explained = hyperego::test::hyperego({"explain", "run"}, directory.path());
    CHECK_MESSAGE((explained.code == 0 || explained.complains_in_one_sentence()), explained.err);
    CHECK(explained.code <= 2);
    CHECK(lines_of(directory / "run/journal.jsonl") == 25);
  }
}

TEST_CASE("hostile names reach a command as they are") {
  for (const std::string& name : hostile_names) {
    CAPTURE(name);
    const TemporaryDirectory directory;
    ordered_json study = hostile_study(name, name + "y");
    // No outcome: every trial fails.
    study["evaluator"] = {{"command", {"/bin/sh", "-c", "cat >> seen.jsonl; echo '{\"neither\": 1}'"}}};
    study["limits"] = {{"trials", 3}};
    put(directory / "s.json", study.dump());
    const auto run = hyperego::test::hyperego({"run", "s.json", "--out", "run"}, directory.path());
    CHECK(run.code == 3);  // nothing completed
    CHECK_MESSAGE(run.complains_in_sentences(), run.err);
    CHECK(lines_of(directory / "seen.jsonl") == 3);
    const std::string seen = text_of(directory / "seen.jsonl");
    CHECK(ordered_json::parse(seen.substr(0, seen.find('\n'))).at("configuration").contains(name));
    const auto resumed =
        hyperego::test::hyperego({"run", "s.json", "--out", "run", "--resume", "--trials", "5"}, directory.path());
    CHECK(resumed.code == 3);
    CHECK_MESSAGE(resumed.complains_in_sentences(), resumed.err);
    CHECK(hyperego::test::hyperego({"status", "run", "--json"}, directory.path()).json().at("trials").at("failed") ==
          5);
  }
}

TEST_CASE("names of 10 MB") {
  const std::string name(10'000'000, 'n');
  const TemporaryDirectory directory;
  put(directory / "s.json", hostile_study(name, "loss").dump());
  const auto initialised = hyperego::test::hyperego({"init", "s.json"}, directory.path());
  CHECK_MESSAGE(initialised.code == 0, initialised.err);
  // Nothing is compared letter by letter for a suggestion, and the complaint stays readable.
  ordered_json study = hostile_study("x", "loss");
  study[name] = 1;
  study["space"]["conditions"] = {{{"child", name}, {"parent", "x"}, {"type", "EQ"}, {"value", 1}}};
  put(directory / "t.json", study.dump());
  const auto refused = hyperego::test::hyperego({"validate", "t.json"}, directory.path());
  CHECK(refused.code == 2);
  CHECK(refused.complains_in_one_sentence());
  CHECK(refused.err.size() < 3000);
}

TEST_CASE("paths that no file system takes") {
  const std::string path(5000, 'p');
  const TemporaryDirectory directory;
  ordered_json study = hostile_study("x", "loss");
  put(directory / "good.json", study.dump());
  study["evaluator"] = {{"command", ordered_json::array({"/bin/true"})}, {"directory", path}};
  put(directory / "s.json", study.dump());
  for (const std::vector<std::string>& command : {std::vector<std::string>{"run", "s.json", "--out", "run"},
                                                  {"init", "good.json", "--out", path},
                                                  {"validate", path},
                                                  {"status", path},
                                                  {"explain", path},
                                                  {"init", "good.json", "--out", "s.json/below"}}) {
    const auto result = hyperego::test::hyperego(command, directory.path());
    CAPTURE(result.err.substr(0, 300));
    // A program's folder that cannot be is found out by its trials, which fail until the study stops by itself.
    CHECK(result.code == (command.front() == "run" ? 3 : result.code == 4 ? 4 : 2));
    CHECK(result.complains_in_sentences());
    CHECK((command.front() == "run" || result.complains_in_one_sentence()));
  }
}

namespace {

/// Ended by hand: every third trial stands for a failure, with the largest numbers of either sign.
ordered_json study_of_penalties(const ordered_json& optimizer, std::size_t objectives, bool maximize) {
  ordered_json study{{"name", "penalties"}, {"seed", 3}, {"evaluator", {{"external", true}}}, {"optimizer", optimizer}};
  study["space"]["hyperparameters"] = {{{"name", "x"}, {"type", "uniform_float"}, {"lower", 0}, {"upper", 1}},
                                       {{"name", "y"}, {"type", "uniform_float"}, {"lower", 0}, {"upper", 1}}};
  for (const char* name : {"a", "b"}) {
    if (study["objectives"].size() < objectives) {
      study["objectives"].push_back({{"name", name}, {"direction", maximize ? "maximize" : "minimize"}});
    }
  }
  study["limits"] = {{"trials", 12}};
  return study;
}

ordered_json told_penalty(const ordered_json& study, const ordered_json& trial) {
  const double x = trial.at("configuration").at("x");
  const double y = trial.at("configuration").at("y");
  const bool fails = trial.at("trial").get<int>() % 3 == 1;
  const double sign = study.at("objectives").at(0).value("direction", "minimize") == "maximize" ? -1 : 1;
  ordered_json objectives{{"a", sign * (fails ? 1.7976931348623157e308 : x * x + 0.1 * y)}};
  if (study.at("objectives").size() > 1) objectives["b"] = sign * (fails ? 1e300 : 1 - x + 0.1 * y);
  return objectives;
}

/// No number of an answer that comes from values near 1 is beyond 100.
void check_sensible(const ordered_json& json) {
  if (json.is_number_float()) CHECK(std::abs(json.get<double>()) < 100);
  if (!json.is_structured()) return;
  for (const auto& [key, value] : json.items()) check_sensible(value);
}

}  // namespace

TEST_CASE("the largest numbers end no study and spoil no figure") {
  std::vector<ordered_json> optimizers{
      {{"name", "random"}}, {{"name", "nsga2"}, {"population", 4}}, {{"name", "parego"}}, {{"name", "hpi-parego"}}};
  optimizers.push_back({{"name", "parego"}, {"surrogate", "forest"}, {"trees", 10}});
  std::size_t round = 0;
  for (const ordered_json& optimizer : optimizers) {
    const std::size_t objectives = 1 + round % 2;
    const bool maximize = round / 2 % 2 == 1;
    ++round;
    CAPTURE(optimizer);
    const TemporaryDirectory directory;
    const ordered_json study = study_of_penalties(optimizer, objectives, maximize);
    put(directory / "s.json", study.dump());
    REQUIRE(hyperego::test::hyperego({"init", "s.json", "--out", "run"}, directory.path()).code == 0);
    for (int i = 0; i < 10; ++i) {
      const auto asked = hyperego::test::hyperego({"ask", "run"}, directory.path());
      REQUIRE_MESSAGE(asked.code == 0, asked.err);
      const ordered_json answer = asked.json();
      const ordered_json& trial = answer.is_array() ? answer.at(0) : answer;
      const auto told = hyperego::test::hyperego(
          {"tell", "run", "--trial", trial.at("trial").dump(), "--objectives", told_penalty(study, trial).dump()},
          directory.path());
      REQUIRE_MESSAGE(told.code == 0, told.err);
    }
    const auto status = hyperego::test::hyperego({"status", "run"}, directory.path());
    REQUIRE(status.code == 0);
    CHECK(status.json().at("hypervolume") > 0);
    check_sensible(status.json().at("hypervolume"));
    check_sensible(status.json().at("reference"));
    for (const char* game : {"tunability", "ablation", "sensitivity"}) {
      for (const char* model : {"gp", "forest"}) {
        CAPTURE(game);
        const auto explained = hyperego::test::hyperego(
            {"explain", "run", "--game", game, "--surrogate", model, "--objective", "a"}, directory.path());
        REQUIRE_MESSAGE(explained.code == 0, explained.err);
        check_sensible(explained.json().at("values"));
        CHECK((explained.out + explained.err).find("far outside the bulk") != std::string::npos);
      }
    }
    CHECK(hyperego::test::hyperego({"report", "run", "--output", "r.html"}, directory.path()).code == 0);
    if (optimizer.at("name") == "random" || optimizer.at("name") == "nsga2") continue;  // they take no warm start
    ordered_json next = study;
    next["warm_start"] = {"run"};
    put(directory / "next.json", next.dump());
    REQUIRE(hyperego::test::hyperego({"init", "next.json", "--out", "next"}, directory.path()).code == 0);
    CHECK(hyperego::test::hyperego({"ask", "next"}, directory.path()).code == 0);
  }
}
