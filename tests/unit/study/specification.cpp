#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/specification.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "temporary_directory.hpp"
#include <fstream>

using namespace hyperego;
using hyperego::test::TemporaryDirectory;
using nlohmann::ordered_json;

namespace {

const char* const space_text = R"({"hyperparameters":[
  {"name":"lr","type":"uniform_float","lower":0.001,"upper":0.1,"log":true},
  {"name":"layers","type":"uniform_int","lower":1,"upper":4},
  {"name":"act","type":"categorical","choices":["relu","tanh"]}],"conditions":[],"forbiddens":[]})";

ordered_json base() {
  ordered_json study{{"name", "mlp"}};
  study["space"] = parse_json(space_text, "space");
  study["objectives"] = parse_json(
      R"([{"name":"error"},{"name":"latency","direction":"maximize","transform":"log","reference":50}])", "o");
  study["evaluator"] = {{"external", true}};
  return study;
}

StudySpecification read(const ordered_json& json, const StudyOverrides& overrides = {}) {
  return study_from_json(json, "s.json", "/tmp", overrides);
}

std::string complaint(const ordered_json& json) {
  try {
    (void)read(json);
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "accepted";
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("defaults are those of the contract") {
  const StudySpecification study = read(base());
  CHECK(study.name == "mlp");
  CHECK(study.space->size() == 3);
  REQUIRE(study.objectives.size() == 2);
  CHECK(study.objectives[0].direction == Direction::minimize);
  CHECK(study.objectives[1].direction == Direction::maximize);
  CHECK(study.objectives[1].transform == Objective::Transform::log);
  CHECK(study.objectives[1].reference == 50);
  CHECK(study.workers == 1);
  CHECK(study.synchronous);
  CHECK(study.threads == 0);
  CHECK(study.max_failures == 20);
  CHECK(study.seed == 1);
  CHECK(study.limits.trials == 100);
}

TEST_CASE("the canonical form reads back to itself") {
  ordered_json json = base();
  json["constraints"] = parse_json(R"([{"name":"memory","upper":512}])", "c");
  json["evaluator"] =
      parse_json(R"({"command":["./train","--lr","{lr}"],"timeout_s":1.5,"environment":{"A":"b"}})", "e");
  json["initial_configurations"] = parse_json(R"([{"lr":0.01,"layers":2,"act":"tanh"}])", "i");
  json["budget"] = {{"trials", 12}, {"wall_s", 60}, {"stall_trials", 5}};
  json["max_failures"] = nullptr;
  const StudySpecification study = read(json);
  const ordered_json canonical = to_json(study);
  const StudySpecification again = study_from_json(canonical, "study.json", "/elsewhere", {}, StudySource::recorded);
  CHECK(to_json(again) == canonical);
  CHECK(identity(again) == identity(study));
  CHECK(std::get<CommandEvaluation>(again.evaluation).directory == "/tmp");
  CHECK_FALSE(again.max_failures.has_value());
  CHECK(again.limits.trials == 12);
}

TEST_CASE("identity is what shapes the suggestions") {
  const StudySpecification study = read(base());
  ordered_json other = base();
  other["limits"] = {{"trials", 7}};
  other["workers"] = 3;
  other["threads"] = 2;
  CHECK(identity(read(other)) == identity(study));
  CHECK(identity(read(base(), {.seed = 2})) != identity(study));
  other["optimizer"] = {{"name", "random"}};
  CHECK(identity(read(other)) != identity(study));
}

TEST_CASE("overrides win and are checked") {
  const StudySpecification study = read(base(), {.trials = 5, .workers = 2, .threads = 1, .seed = 9});
  CHECK(study.limits.trials == 5);
  CHECK(study.workers == 2);
  CHECK(study.threads == 1);
  CHECK(study.seed == 9);
  CHECK_THROWS_AS((void)read(base(), {.trials = 0}), InvalidInput);
}

TEST_CASE("a space in its own file is found beside the study") {
  const TemporaryDirectory directory;
  std::ofstream(directory / "space.json") << space_text;
  ordered_json json = base();
  json["space"] = "space.json";
  std::ofstream(directory / "s.json") << json;
  CHECK(read_study(directory / "s.json").space->size() == 3);
  json["space"] = "absent.json";
  std::ofstream(directory / "s.json") << json;
  CHECK_THROWS_AS((void)read_study(directory / "s.json"), InvalidInput);
}

TEST_CASE("every bad member is named with a remedy") {
  const auto with = [](const std::string& member, const std::string& value) {
    ordered_json json = base();
    json[member] = parse_json(value, "value");
    return complaint(json);
  };
  CHECK(holds(with("objectivs", "[]"), "s.json/objectivs: unknown member; did you mean \"objectives\"?"));
  CHECK(holds(with("objectives", "[]"), "s.json/objectives: there is no objective"));
  CHECK(holds(with("objectives", R"([{"name":"a"},{"name":"a"}])"),
              "s.json/objectives/1: objective \"a\" is given twice"));
  CHECK(holds(with("objectives", R"([{"name":"a","direction":"up"}])"), "s.json/objectives/0/direction"));
  CHECK(holds(with("objectives", R"([{"name":"lr"}])"), "used twice"));
  CHECK(holds(with("objectives", R"([{"nam":"a"}])"), "did you mean \"name\"?"));
  CHECK(holds(with("objectives", R"([{"name":"a","transform":"log","reference":0}])"), "above 0"));
  CHECK(holds(with("hyperego", "2"), "reads format 1"));
  CHECK(holds(with("workers", "0"), "s.json/workers"));
  CHECK(holds(with("workers", "1e300"), "s.json/workers"));
  CHECK(holds(with("seed", "-1"), "s.json/seed"));
  CHECK(holds(with("seed", "true"), "s.json/seed"));
  CHECK(holds(with("seed", "2.5"), "s.json/seed"));
  CHECK(holds(with("threads", "\"2\""), "s.json/threads"));
  CHECK(holds(with("synchronous", "1"), "s.json/synchronous"));
  CHECK(holds(with("max_failures", "0"), "s.json/max_failures"));
  CHECK(holds(with("limits", R"({"trials":0})"), "s.json/limits/trials"));
  CHECK(holds(with("limits", R"({"wall_s":0})"), "s.json/limits/wall_s"));
  CHECK(holds(with("limits", R"({"trails":3})"), "did you mean \"trials\"?"));
  CHECK(holds(with("constraints", R"([{"name":"m"}])"), "needs lower, upper or both"));
  CHECK(holds(with("constraints", R"([{"name":"m","lower":2,"upper":1}])"), "lower must not exceed upper"));
  CHECK(holds(with("constraints", R"([{"name":"error","upper":1}])"), "used twice"));
  CHECK(holds(with("initial_configurations", R"([{"lr":1,"layers":1,"act":"relu"}])"),
              "s.json/initial_configurations/0"));
  CHECK(holds(with("initial_configurations", R"([{"lr":0.01}])"), "s.json/initial_configurations/0"));
  CHECK(holds(with("optimizer", "3"), "s.json/optimizer"));
  CHECK(holds(with("evaluator", "{}"), "s.json/evaluator"));
  CHECK(holds(with("evaluator", R"({"comand":["a"]})"), "did you mean \"command\"?"));
  CHECK(holds(with("evaluator", R"({"external":true,"command":["a"]})"), "has both"));
  CHECK(holds(with("evaluator", R"({"external":false})"), "expected true"));
  CHECK(holds(with("evaluator", R"({"command":[]})"), "names no program"));
  CHECK(holds(with("evaluator", R"({"command":"ls"})"), "expected an array"));
  CHECK(holds(with("evaluator", R"({"command":["ls"],"timeout_s":0})"), "s.json/evaluator/timeout_s"));
  CHECK(holds(with("name", "\"\""), "s.json/name"));
  ordered_json both = base();
  both["limits"] = {{"trials", 3}};
  both["budget"] = {{"trials", 3}};
  CHECK(holds(complaint(both), "s.json/budget"));
  ordered_json without = base();
  without.erase("space");
  CHECK(holds(complaint(without), "\"space\" is missing"));
  without = base();
  without.erase("evaluator");
  CHECK(std::holds_alternative<ExternalEvaluation>(study_from_json(without, "s", "/").evaluation));
  without = base();
  without.erase("objectives");
  CHECK(holds(complaint(without), "there is no objective"));
}

TEST_CASE("a built-in problem with variables that do not matter") {
  const ordered_json evaluator{{"problem", "zdt1"}, {"variables", 20}, {"objectives", nullptr}};
  CHECK(to_json(read({{"evaluator", evaluator}}))["evaluator"] == evaluator);  // as before there was a choice
  ordered_json embedded = evaluator;
  embedded["relevant"] = 6;
  embedded["shift"] = 0.1;
  const StudySpecification study = read({{"evaluator", embedded}});
  CHECK(study.space->size() == 20);
  CHECK(to_json(study)["evaluator"] == embedded);
  const auto with = [&](const char* member, const ordered_json& value) {
    ordered_json changed = embedded;
    changed[member] = value;
    return complaint({{"evaluator", changed}});
  };
  CHECK(with("relevant", 21) == "s.json/evaluator/relevant: is 21, more than the 20 variables");
  CHECK(holds(with("relevant", 0), "s.json/evaluator/relevant"));
  CHECK(holds(with("relevant", 1), "s.json/evaluator/relevant"));  // ZDT1 needs two
  CHECK(holds(with("shift", 0.5), "s.json/evaluator/shift"));
  CHECK(holds(with("shift", "0.1"), "s.json/evaluator/shift"));
}

TEST_CASE("built-in problems bring space and objectives") {
  ordered_json json{{"evaluator", {{"problem", "zdt1"}, {"variables", 5}}}};
  const StudySpecification study = read(json);
  REQUIRE(study.space->size() == 5);
  CHECK((*study.space)[4].name == "x5");
  REQUIRE(study.objectives.size() == 2);
  CHECK(study.objectives[1].name == "f2");
  CHECK(study.name == "study");

  json["space"] = to_json(study).at("space");
  CHECK(read(json).space->size() == 5);  // the same space may be repeated
  json["space"] = parse_json(space_text, "space");
  CHECK(holds(complaint(json), "differs from the space that the evaluator brings"));
  json.erase("space");
  json["objectives"] = parse_json(R"([{"name":"f1"},{"name":"f2","reference":1.1}])", "o");
  CHECK(read(json).objectives[1].reference == 1.1);
  json["objectives"] = parse_json(R"([{"name":"f1"}])", "o");
  CHECK(holds(complaint(json), "\"f2\" is missing"));
  json["objectives"] = parse_json(R"([{"name":"f1"},{"name":"g2"}])", "o");
  CHECK(holds(complaint(json), "did you mean \"f2\"?"));
  json["objectives"] = parse_json(R"([{"name":"f1"},{"name":"f2","direction":"maximize"}])", "o");
  CHECK(holds(complaint(json), "is to be minimized"));
  json = {{"evaluator", {{"problem", "zdt11"}}}};
  CHECK(holds(complaint(json), "did you mean \"ZDT1\"?"));
  json = {{"evaluator", {{"problem", "zdt1"}, {"objectives", 3}}}};
  CHECK(holds(complaint(json), "s.json/evaluator/objectives"));
}

TEST_CASE("folder names hold nothing that a file system minds") {
  CHECK(folder_name("mlp_1.2-x") == "mlp_1.2-x");
  CHECK(folder_name("a b/ü\"c") == "a-b-c");
  CHECK(folder_name("..") == "study");
  CHECK(folder_name("///") == "study");
  const std::string name(10'000'000, 'n');
  CHECK(folder_name(name).size() < 200);
  CHECK(folder_name(name) != folder_name(name + "n"));
}

TEST_CASE("a directory too long for any file system is no accident of the reader") {
  ordered_json json = base();
  json["evaluator"] = {{"command", ordered_json::array({"/bin/true"})}, {"directory", std::string(5000, 'd')}};
  try {
    (void)read(json);
  } catch (const InvalidInput&) {  // whoever uses it may complain
  }
}

TEST_CASE("digests are FNV-1a") {
  CHECK(digest("") == "cbf29ce484222325");
  CHECK(digest("a") == "af63dc4c8601ec8c");
}
