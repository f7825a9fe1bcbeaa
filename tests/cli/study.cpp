// Whole studies through the program: run, resume, ask and tell, signals.
#include <doctest/doctest.h>

#include "program.hpp"
#include <chrono>
#include <thread>

using namespace hyperego::test;
using nlohmann::ordered_json;

namespace {

ordered_json problem_study(int trials, int workers = 1) {
  return {{"name", "kursawe study"},
          {"evaluator", {{"problem", "kursawe"}}},
          {"optimizer", {{"name", "random"}}},
          {"limits", {{"trials", trials}}},
          {"workers", workers}};
}

bool appears(const std::filesystem::path& file, double seconds) {
  for (int i = 0; i < seconds * 100; ++i) {
    if (std::filesystem::exists(file)) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

}  // namespace

TEST_CASE("run prints where the study stands and writes its files") {
  const TemporaryDirectory directory;
  put(directory / "s.json", problem_study(12).dump());
  const auto result = hyperego::test::hyperego({"run", "s.json"}, directory.path());
  CAPTURE(result.err);
  REQUIRE(result.code == 0);
  const ordered_json json = result.json();
  CHECK(json.at("trials").at("completed") == 12);
  CHECK(json.at("stopped").at("reason") == "trials");
  CHECK(json.at("directory") == "runs/kursawe-study-1");
  CHECK(json.at("reference").at("source").get<std::string>().find("first 4 completed trials") != std::string::npos);
  CHECK(result.err.find("hypervolume reference: worst values of") != std::string::npos);
  const auto run = directory / "runs" / "kursawe-study-1";
  for (const char* file :
       {"study.json", "journal.jsonl", "decisions.jsonl", "games.jsonl", "front.json", "front.csv", "lock"}) {
    CHECK(std::filesystem::exists(run / file));
  }
  ordered_json status = hyperego::test::hyperego({"status", run.string()}).json();
  status.erase("directory");
  ordered_json printed = json;
  printed.erase("directory");
  CHECK(status == printed);
  CHECK(hyperego::test::hyperego({"status", run.string(), "--pretty"}).out.find("Pareto front") != std::string::npos);
  const auto volume =
      hyperego::test::hyperego({"indicator", "hypervolume", (run / "front.json").string(), "--reference=-1,20"});
  CHECK(volume.code == 0);
  CHECK(volume.json().at("value").get<double>() > 0);
}

TEST_CASE("the same command gives the same bytes, whatever the threads") {
  const TemporaryDirectory directory;
  put(directory / "s.json", problem_study(10, 3).dump());
  for (const char* name : {"a", "b"}) {
    REQUIRE(hyperego::test::hyperego({"run", "s.json", "--out", name, "--threads", name[0] == 'a' ? "1" : "2"},
                                     directory.path())
                .code == 0);
  }
  CHECK(timeless_journal(directory / "a") == timeless_journal(directory / "b"));
  CHECK(text_of(directory / "a" / "decisions.jsonl") == text_of(directory / "b" / "decisions.jsonl"));
  CHECK(text_of(directory / "a" / "front.csv") == text_of(directory / "b" / "front.csv"));
}

TEST_CASE("a finished study can be given more trials, and its own study.json runs it") {
  const TemporaryDirectory directory;
  put(directory / "s.json", problem_study(6).dump());
  REQUIRE(hyperego::test::hyperego({"run", "s.json", "--out", "run"}, directory.path()).code == 0);
  const std::string before = timeless_journal(directory / "run");
  REQUIRE(hyperego::test::hyperego({"run", "s.json", "--out", "run", "--resume"}, directory.path()).code == 0);
  CHECK(timeless_journal(directory / "run") == before);
  const auto more = hyperego::test::hyperego({"run", "run/study.json", "--out", "run", "--trials", "9", "--resume"},
                                             directory.path());
  CAPTURE(more.err);
  REQUIRE(more.code == 0);
  CHECK(more.json().at("trials").at("completed") == 9);
  CHECK(timeless_journal(directory / "run").rfind(before, 0) == 0);
}

TEST_CASE("a script that was cut off may tell again, and values that are not finite are told as failed") {
  const TemporaryDirectory directory;
  ordered_json study = problem_study(9);
  study.erase("evaluator");  // nobody here evaluates
  study["space"] = ordered_json::parse(
      R"({"hyperparameters":[{"name":"x","type":"uniform_float","lower":0,"upper":1}],"conditions":[],"forbiddens":[]})");
  study["objectives"] = {"a", "b"};
  put(directory / "s.json", study.dump());
  REQUIRE(hyperego::test::hyperego({"init", "s.json", "--out", "run"}, directory.path()).code == 0);
  REQUIRE(hyperego::test::hyperego({"ask", "run", "--count", "3"}, directory.path()).code == 0);
  const auto tell = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"tell", "run"});
    return hyperego::test::hyperego(arguments, directory.path());
  };
  CHECK(tell({"--trial", "0", "--objectives", "[1, 2]"}).code == 0);
  const std::string journal = text_of(directory / "run" / "journal.jsonl");
  const auto again = tell({"--trial", "0", "--objectives", R"({"b": 2.0, "a": 1})"});
  CHECK(again.code == 0);
  CHECK(again.json().at("repeated") == true);
  CHECK(again.complains_in_one_sentence());
  CHECK(text_of(directory / "run" / "journal.jsonl") == journal);
  CHECK(tell({"--trial", "0", "--objectives", "[1, 3]"}).code == 2);
  CHECK(tell({"--trial", "0", "--failed", "no"}).code == 2);
  const auto failed = tell({"--trial", "1", "--objectives", R"({"a": NaN, "b": 1})"});
  CHECK(failed.code == 0);
  CHECK(failed.json().at("status") == "failed");
  CHECK(tell({"--trial", "2", "--objectives", R"({"a": 1, "b": 1, "status": "failed"})"}).code == 2);
  CHECK(tell({"--trial", "2", "--failed", "no"}).code == 0);
  CHECK(tell({"--trial", "2", "--failed", "no"}).json().at("repeated") == true);
  CHECK(tell({"--objectives", "[1, 1]"}).code == 2);
  CHECK(tell({"--configuration", R"({"x": 0.5})", "--objectives", "[1, 1]"}).json().at("trial") == 3);
  CHECK(hyperego::test::hyperego({"enqueue", "run", "--configuration", R"({"x": 0.125})"}, directory.path()).code == 0);
  CHECK(hyperego::test::hyperego({"enqueue", "run", "--configuration", R"({"x": 2})"}, directory.path()).code == 2);
  const ordered_json asked = hyperego::test::hyperego({"ask", "run"}, directory.path()).json();
  CHECK(asked[0].at("trial") == 4);
  CHECK(asked[0].at("configuration").at("x") == 0.125);
}

TEST_CASE("another command, and fewer trials than there are, when a study goes on") {
  const TemporaryDirectory directory;
  ordered_json study = problem_study(4);
  study["space"] = ordered_json::parse(
      R"({"hyperparameters":[{"name":"x","type":"uniform_float","lower":0,"upper":1}],"conditions":[],"forbiddens":[]})");
  study["objectives"] = {"a"};
  study["evaluator"] = {{"command", {"/bin/echo", R"({"a": {x}})"}}};
  put(directory / "s.json", study.dump());
  study["evaluator"] = {{"command", {"/bin/echo", R"({"a":{x}})"}}};
  put(directory / "t.json", study.dump());
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "run");
    arguments.insert(arguments.end(), {"--out", "run"});
    return hyperego::test::hyperego(arguments, directory.path());
  };
  REQUIRE(run({"s.json"}).code == 0);
  const auto refused = run({"t.json", "--resume"});
  CHECK(refused.code == 2);
  CHECK(refused.complains_in_one_sentence());
  CHECK(refused.err.find("/evaluator/command/1") != std::string::npos);
  const auto accepted = run({"t.json", "--accept-command", "--trials", "6"});
  REQUIRE(accepted.code == 0);
  CHECK(accepted.json().at("command_changes")[0].at("from_trial") == 4);
  CHECK(hyperego::test::hyperego({"status", "run", "--pretty"}, directory.path()).out.find("from trial 4 on") !=
        std::string::npos);
  const auto fewer = run({"t.json", "--resume", "--trials", "3"});
  CHECK(fewer.code == 2);
  CHECK(fewer.complains_in_one_sentence());
  CHECK(hyperego::test::hyperego({"status", "run"}, directory.path()).json().at("trials").at("limit") == 6);
}

TEST_CASE("asking and telling from a shell equals running") {
  const TemporaryDirectory directory;
  // The objectives are computed by a command in one case and told by hand in the other.
  ordered_json study = problem_study(5);
  study["space"] = ordered_json::parse(
      R"({"hyperparameters":[{"name":"a.b \"c\" ü","type":"uniform_float","lower":0,"upper":1},
          {"name":"n","type":"uniform_int","lower":1,"upper":9}],"conditions":[],"forbiddens":[]})");
  study["objectives"] = {{{"name", "x\"1"}}, {{"name", "größe"}, {"direction", "maximize"}}};
  study["evaluator"] = {{"command", {"/bin/echo", R"({"x\"1": {a.b "c" ü}, "größe": {n}})"}}};
  put(directory / "command.json", study.dump());
  study["evaluator"] = {{"external", true}};
  put(directory / "external.json", study.dump());
  const auto ran = hyperego::test::hyperego({"run", "command.json", "--out", "ran"}, directory.path());
  CAPTURE(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(ran.json().at("trials").at("completed") == 5);
  CHECK(text_of(directory / "ran" / "logs" / "0.out").find("größe") != std::string::npos);

  REQUIRE(hyperego::test::hyperego({"init", "external.json", "--out", "told"}, directory.path()).code == 0);
  for (int trial = 0; trial < 5; ++trial) {
    const ordered_json asked = hyperego::test::hyperego({"ask", "told"}, directory.path()).json();
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].at("trial") == trial);
    const ordered_json& configuration = asked[0].at("configuration");
    const ordered_json objectives{{"x\"1", configuration.at("a.b \"c\" ü")}, {"größe", configuration.at("n")}};
    const auto told = hyperego::test::hyperego(
        {"tell", "told", "--trial", std::to_string(trial), "--objectives", objectives.dump()}, directory.path());
    CAPTURE(told.err);
    REQUIRE(told.code == 0);
    CHECK(told.json().at("status") == "completed");
  }
  CHECK(hyperego::test::hyperego({"ask", "told"}, directory.path()).json().empty());
  const auto without_header = [&](const char* name) {
    const std::string text = timeless_journal(directory / name);
    return text.substr(text.find('\n'));  // the first line identifies the study, evaluator included
  };
  CHECK(without_header("ran") == without_header("told"));
  CHECK(text_of(directory / "ran" / "front.csv") == text_of(directory / "told" / "front.csv"));
}

TEST_CASE("failures are data until there are too many") {
  const TemporaryDirectory directory;
  ordered_json study = problem_study(30);
  study["space"] =
      ordered_json::parse(R"({"hyperparameters":[{"name":"x","type":"uniform_float","lower":0,"upper":1}]})");
  study["objectives"] = {{{"name", "y"}}};
  study["evaluator"] = {{"command", {"/bin/sh", "-c", "echo broken >&2; exit 9"}}};
  study["max_failures"] = 3;
  put(directory / "s.json", study.dump());
  const auto result = hyperego::test::hyperego({"run", "s.json", "--out", "run"}, directory.path());
  CHECK(result.code == 3);
  CHECK(result.json().at("trials").at("failed") == 3);
  CHECK(result.json().at("stopped").at("reason") == "max_failures");
  CHECK(result.json().at("last_failure") == "it ended with exit status 9: broken");
  CHECK(hyperego::test::hyperego({"run", "s.json", "--out", "run", "--resume"}, directory.path()).code == 3);
}

TEST_CASE("an exhausted space ends a study by itself") {
  const TemporaryDirectory directory;
  ordered_json study = problem_study(30);
  study["space"] =
      ordered_json::parse(R"({"hyperparameters":[{"name":"x","type":"uniform_int","lower":1,"upper":3}]})");
  study["objectives"] = {{{"name", "y"}}};
  study["evaluator"] = {{"command", {"/bin/echo", "{\"y\": {x}}"}}};
  put(directory / "s.json", study.dump());
  const auto result = hyperego::test::hyperego({"run", "s.json", "--out", "run"}, directory.path());
  CHECK(result.code == 3);
  CHECK(result.json().at("trials").at("completed") == 3);
  CHECK(result.json().at("stopped").at("reason") == "exhausted");
}

TEST_CASE("a signal saves the study and says how to go on") {
  for (const auto& pair : {std::pair{SIGINT, 130}, std::pair{SIGTERM, 143}}) {
    const auto& [signal, code] = pair;
    CAPTURE(pair.second);
    const TemporaryDirectory directory;
    ordered_json study = problem_study(4);
    study["space"] =
        ordered_json::parse(R"({"hyperparameters":[{"name":"x","type":"uniform_float","lower":0,"upper":1}]})");
    study["objectives"] = {{{"name", "y"}}};
    // The second trial hangs until it is let go.
    study["evaluator"] = {
        {"command",
         {"/bin/sh", "-c", "[ {trial} -lt 1 ] || [ -e go ] || { touch hangs; sleep 60; }; echo '{\"y\": {x}}'"}}};
    put(directory / "s.json", study.dump());
    RunningProgram program({"run", "s.json", "--out", "run"}, directory.path());
    REQUIRE(appears(directory / "hangs", 20));
    program.send(signal);
    CHECK(program.wait() == code);
    CHECK(text_of(directory / "stderr.txt").find("hyperego run s.json --out run --resume") != std::string::npos);
    const ordered_json status = hyperego::test::hyperego({"status", "run"}, directory.path()).json();
    CHECK(status.at("trials").at("completed") == 1);
    CHECK(status.at("trials").at("waiting") == 1);
    CHECK(status.at("stopped").is_null());
    put(directory / "go", "");
    const auto resumed = hyperego::test::hyperego({"run", "s.json", "--out", "run", "--resume"}, directory.path());
    CHECK(resumed.code == 0);
    CHECK(resumed.json().at("trials").at("completed") == 4);
    REQUIRE(hyperego::test::hyperego({"run", "s.json", "--out", "whole"}, directory.path()).code == 0);
    CHECK(timeless_journal(directory / "run") == timeless_journal(directory / "whole"));
  }
}

TEST_CASE("importance is explained from a run and from a table") {
  const TemporaryDirectory directory;
  put(directory / "s.json", problem_study(20).dump());
  REQUIRE(hyperego::test::hyperego({"run", "s.json", "--out", "run"}, directory.path()).code == 0);
  const auto explained = [&](std::vector<std::string> line) {
    line.insert(line.begin(), "explain");
    const auto result = hyperego::test::hyperego(line, directory.path());
    CAPTURE(result.err);
    REQUIRE(result.code == 0);
    return result.json();
  };
  const ordered_json one = explained({"run", "--game", "tunability", "--objective", "f1", "--samples", "200"});
  for (const char* member : {"game", "index", "order", "players", "baseline", "values", "empty", "full", "coalitions",
                             "legal_share", "fit", "intervals", "seed"}) {
    CHECK(one.contains(member));
  }
  CHECK(one.at("players").size() == 3);
  CHECK(one.at("coalitions") == 8);
  double sum = 0;
  for (const auto& [name, value] : one.at("values").items()) {
    CHECK(value.get<double>() >= -1e-12);
    sum += value.get<double>();
  }
  CHECK(sum == doctest::Approx(one.at("full").get<double>() - one.at("empty").get<double>()));
  const ordered_json several = explained(
      {"run", "--game", "sensitivity", "--tradeoffs", "3", "--samples", "200", "--index", "FSII", "--order", "2"});
  REQUIRE(several.size() == 3);
  CHECK(several[2].at("weights").size() == 2);
  CHECK(several[0].at("values").contains("x1,x2"));
  (void)explained({"run", "--game", "ablation", "--weights", "0.3,0.7"});

  // Intervals of both kinds, kept apart.
  for (const char* kind : {"model", "sampling"}) {
    CAPTURE(kind);
    const ordered_json& intervals = several[0].at("intervals").at(kind);
    for (const auto& [name, interval] : intervals.items()) CHECK(interval.at(0) <= interval.at(1));
    CHECK(intervals.size() == several[0].at("values").size());
  }
  CHECK_FALSE(explained({"run", "--game", "tunability", "--draws", "0"}).at("intervals").contains("model"));

  // The game can be kept, and its table gives the same values.
  const ordered_json saved =
      explained({"run", "--game", "tunability", "--objective", "f1", "--samples", "200", "--save-game", "game.json"});
  const auto again = hyperego::test::hyperego({"shapley", "game.json", "--index", "SV"}, directory.path());
  REQUIRE(again.code == 0);
  CHECK(again.json().at("values").at("0") == saved.at("values").at("x1"));

  // Several baselines, several studies, an optimizer against another.
  const ordered_json baselines =
      explained({"run", "--game", "tunability", "--objective", "f1", "--baseline", "default", "--baseline",
                 R"({"x1": 0.1, "x2": 0.2, "x3": 0.3})", "--aggregate", "max"});
  CHECK(baselines.at("baseline").size() == 2);
  CHECK(baselines.at("aggregate") == "max");
  CHECK(explained({"run", "run", "--game", "tunability", "--objective", "f1", "--samples", "200"}).at("values") ==
        one.at("values"));
  const ordered_json bias = explained({"run", "--game", "optimizer_bias", "--objective", "f1", "--optimizer", "random",
                                       "--against", "parego", "--optimizer-trials", "6"});
  CHECK(bias.at("full").get<double>() <= 0);

  // The same trials as a table.
  const ordered_json recorded = ordered_json::parse(text_of(directory / "run" / "study.json"));
  put(directory / "space.json", recorded.at("space").dump());
  std::string csv = "x1,x2,x3,f1,f2\n";
  ordered_json table = ordered_json::array();
  for (const ordered_json& event : hyperego::Journal::read(directory / "run" / "journal.jsonl").events) {
    if (!event.contains("status")) continue;
    table.push_back({{"configuration", event.at("configuration")}, {"objectives", event.at("objectives")}});
    for (const char* name : {"x1", "x2", "x3"}) csv += event.at("configuration").at(name).dump() + ",";
    csv += event.at("objectives").at("f1").dump() + "," + event.at("objectives").at("f2").dump() + "\n";
  }
  put(directory / "t.csv", csv);
  put(directory / "t.json", table.dump());
  for (const char* file : {"t.csv", "t.json"}) {
    const ordered_json same = explained(
        {"--trials", file, "--space", "space.json", "--game", "tunability", "--objective", "f1", "--samples", "200"});
    CHECK(same.at("values") == one.at("values"));
  }
}

TEST_CASE("validate counts legal configurations; failures are counted by kind") {
  const TemporaryDirectory directory;
  put(directory / "sp.json", R"({"hyperparameters": [
    {"type": "uniform_int", "name": "a", "lower": 1, "upper": 9, "default_value": 2},
    {"type": "uniform_int", "name": "b", "lower": 1, "upper": 9, "default_value": 5}], "conditions": [],
    "forbiddens": [{"type": "RELATION", "left": "a", "right": "b", "lambda": "GREATEQUAL"}]})");
  const auto counted = hyperego::test::hyperego({"validate", "--space", "sp.json"}, directory.path());
  CHECK(counted.json().at("configurations") == ordered_json{{"legal", 36}, {"all", 81}});
  const auto said = hyperego::test::hyperego({"validate", "--space", "sp.json", "--pretty"}, directory.path());
  CHECK(said.out.find("36 of its 81 configurations are legal") != std::string::npos);

  put(directory / "s.json", R"({"name": "s", "space": {"hyperparameters": [
    {"type": "uniform_float", "name": "x", "lower": 0, "upper": 1}], "conditions": [], "forbiddens": []},
    "objectives": ["loss"], "optimizer": "random", "limits": {"trials": 3},
    "evaluator": {"command": ["sh", "-c", "echo \"oh $$\""]}})");
  const auto run = hyperego::test::hyperego({"run", "s.json", "--out", "r"}, directory.path());
  CAPTURE(run.err);
  CHECK(run.code == 3);
  CHECK(run.err.find("none of 3 trials completed (3 failed); 3 of them as: last line of its output") !=
        std::string::npos);
}

TEST_CASE("spaces of other programs: one note for what is passed over, relations and steps to the last trial") {
  const TemporaryDirectory directory;
  const std::string space = R"({"comment": "by a converter", "meta": {"owner": "team"}, "hyperparameters": [
      {"type": "uniform_int", "name": "a", "lower": 1, "upper": 9, "default": 2},
      {"type": "uniform_int", "name": "b", "lower": 1, "upper": 9, "default": 5},
      {"type": "uniform_float", "name": "keep", "lower": 0.1, "upper": 0.9, "q": 0.1, "default": 0.3}],
    "conditions": [], "forbiddens": [{"type": "RELATION", "left": "a", "right": "b", "lambda": "GREATEQUAL"}]})";
  put(directory / "space.json", space);
  const auto validated = hyperego::test::hyperego({"validate", "--space", "space.json"}, directory.path());
  CHECK(validated.code == 0);
  CHECK(validated.err == "hyperego: space.json: \"comment\" and \"meta\" are no part of a space and passed over\n");
  put(directory / "evaluate", "#!/bin/sh\ncat > last.json\necho '{\"loss\": '$1', \"cost\": '$2'}'\n");
  std::filesystem::permissions(directory / "evaluate", std::filesystem::perms::owner_all);
  for (const char* optimizer : {"random", "nsga2", "parego", "hpi-parego"}) {
    CAPTURE(optimizer);
    const std::string name = optimizer;
    const ordered_json study{{"name", name},
                             {"space", "space.json"},
                             {"objectives", {"loss", "cost"}},
                             {"evaluator", {{"command", {"./evaluate", "{keep}", "{b}"}}}},
                             {"optimizer", name},
                             {"limits", {{"trials", 24}}}};
    put(directory / "s.json", study.dump());
    const auto result = hyperego::test::hyperego({"run", "s.json"}, directory.path());
    CAPTURE(result.err);
    REQUIRE(result.code == 0);
    std::ifstream journal(directory / "runs" / (name + "-1") / "journal.jsonl");
    int suggested = 0;
    for (std::string line; std::getline(journal, line);) {
      if (line.rfind("{\"event\":\"suggested\"", 0) != 0) continue;
      const auto begin = line.find("\"configuration\":");
      REQUIRE(begin != std::string::npos);
      const auto c = ordered_json::parse(line.substr(begin + 16, line.find('}', begin) - begin - 15));
      ++suggested;
      CHECK(c.at("a").get<int>() < c.at("b").get<int>());
      const std::string keep = c.at("keep").dump();
      CHECK(keep.size() == 3);  // 0.3, not 0.30000000000000004
      CHECK(keep >= "0.1");
      CHECK(keep <= "0.9");
    }
    CHECK(suggested == 24);
  }
}

TEST_CASE("a study in a wider or narrower space says how many trials it takes over") {
  const TemporaryDirectory directory;
  put(directory / "evaluate", "#!/bin/sh\ncat > last.json\necho '{\"loss\": '$1'}'\n");
  std::filesystem::permissions(directory / "evaluate", std::filesystem::perms::owner_all);
  const auto study = [](const std::string& name, double upper) {
    return ordered_json{
        {"name", name},
        {"space", {{"hyperparameters", {{{"type", "uniform_float"}, {"name", "x"}, {"lower", 0}, {"upper", upper}}}}}},
        {"objectives", {"loss"}},
        {"evaluator", {{"command", {"./evaluate", "{x}"}}}},
        {"limits", {{"trials", 8}}}};
  };
  put(directory / "base.json", study("base", 1).dump());
  REQUIRE(hyperego::test::hyperego({"run", "base.json", "--out", "r"}, directory.path()).code == 0);
  for (const double upper : {2.0, 0.25}) {
    CAPTURE(upper);
    ordered_json other = study(upper > 1 ? "wider" : "narrower", upper);
    other["warm_start"] = {"r"};
    put(directory / "s.json", other.dump());
    const auto result = hyperego::test::hyperego({"run", "s.json"}, directory.path());
    CAPTURE(result.err);
    CHECK(result.code == 0);
    CHECK((result.err.find("warm start: 8 of the 8 completed trials of \"base\" in ") != std::string::npos) ==
          (upper > 1));
    CHECK((result.err.find(" not legal here: ") != std::string::npos) == (upper < 1));
  }
}
