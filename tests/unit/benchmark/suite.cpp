#include <hyperego/benchmark/suite.hpp>
#include <hyperego/benchmark/task.hpp>
#include <hyperego/core/error.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <string>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

ordered_json small_suite() {
  return ordered_json::parse(R"({"hyperego_benchmark": 1, "name": "s", "seeds": {"first": 5, "count": 3},
    "optimizers": ["random", {"label": "no freezing", "name": "hpi-parego", "schedule": [0]},
                   {"label": "theirs", "external": true}],
    "tasks": [{"problem": "zdt1", "variables": 5, "trials": 30}, {"problem": "kursawe"},
              {"yahpo": "lcbench", "instance": 167152}]})");
}

std::string complaint(const std::string& pointer, const std::string& value) {
  ordered_json json = small_suite();
  json[ordered_json::json_pointer(pointer)] = ordered_json::parse(value);
  try {
    (void)suite_from_json(json, "s.json", ".");
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a suite is read with its defaults, and back") {
  const BenchmarkSuite suite = suite_from_json(small_suite(), "s.json", ".");
  CHECK(suite.seeds == std::vector<std::uint64_t>{5, 6, 7});
  CHECK(suite.baseline == "random");
  CHECK(suite.reference == 1.1);
  REQUIRE(suite.optimizers.size() == 3);
  CHECK(suite.optimizers[1].label == "no freezing");
  CHECK_FALSE(suite.optimizers[1].options->contains("label"));
  CHECK(suite.optimizers[2].is_external());
  REQUIRE(suite.tasks.size() == 3);
  CHECK(suite.tasks[0].name == "zdt1-5");
  CHECK(suite.tasks[2].name == "lcbench-167152");
  CHECK(suite.tasks[0].budget->trials(5) == 30);
  CHECK(suite.budget.trials(7) == 126);   // ⌈20 + 40 √7⌉
  CHECK(suite.budget.trials(30) == 240);  // ⌈20 + 40 √30⌉
  const ordered_json written = to_json(suite);
  CHECK(to_json(suite_from_json(written, "again", ".")) == written);
}

TEST_CASE("what is wrong with a suite is named") {
  const auto holds = [](const std::string& pointer, const std::string& value, const std::string& text) {
    const std::string what = complaint(pointer, value);
    CAPTURE(what);
    CHECK(what.find(text) != std::string::npos);
  };
  holds("/hyperego_benchmark", "2", "s.json/hyperego_benchmark");
  holds("/optimizer", "1", "did you mean \"optimizers\"");
  holds("/tasks/0/trails", "1", "s.json/tasks/0");
  holds("/tasks/0/trails", "1", "did you mean \"trials\"");
  holds("/tasks/0/instance", "1", "s.json/tasks/0");
  holds("/tasks/0/yahpo", "\"lcbench\"", "both");
  holds("/tasks/0/bounds", "\"statistics\"", "s.json/tasks/0/bounds");
  holds("/tasks/2/bounds", "\"front\"", "s.json/tasks/2/bounds");
  holds("/tasks/0/bounds", R"({"ideal":[0,0],"nadir":[1]})", "differ in length");
  holds("/tasks/0/bounds", R"({"ideal":[0,0],"nadir":[1,0]})", "equal");
  holds("/tasks/1/name", "\"ZDT1-5\"", "cannot be told from");
  holds("/optimizers/0", "\"randon\"", "did you mean \"random\"");
  holds("/optimizers/1/schedul", "[0]", "did you mean \"schedule\"");
  holds("/optimizers/1/label", "\"random\"", "s.json/optimizers/1");
  holds("/optimizers/2/population", "3", "unknown member");
  holds("/optimizers", "[]", "no optimizer");
  holds("/tasks", "[]", "no task");
  holds("/seeds", "[]", "no seed");
  holds("/seeds", "[1,1]", "s.json/seeds/1");
  holds("/seeds", "[1.5]", "s.json/seeds/0");
  holds("/seeds", R"({"first":1})", "count");
  holds("/trials", "3", "s.json/trials");
  holds("/trials", R"({"base":20})", "per_root_dimension");
  holds("/baseline", "\"randam\"", "did you mean \"random\"");
}

TEST_CASE("tasks that cannot be prepared are named") {
  const auto complains = [](const std::string& task) {
    ordered_json json = small_suite();
    json["tasks"] = ordered_json::parse("[" + task + "]");
    try {
      (void)prepare_tasks(suite_from_json(json, "s.json", "."));
    } catch (const InvalidInput& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  CHECK(complains(R"({"problem":"zdt1","variables":5})") == "accepted");
  CHECK(complains(R"({"problem":"zdt11"})").find("s.json/tasks/0: problem: \"zdt11\"") == 0);
  CHECK(complains(R"({"problem":"zdt1","objectives":3})").find("s.json/tasks/0") == 0);
  CHECK(complains(R"({"problem":"kursawe","bounds":"front"})").find("use \"sobol\"") != std::string::npos);
  CHECK(complains(R"({"problem":"kursawe","bounds":{"ideal":[0],"nadir":[1]}})").find("1 values for 2") !=
        std::string::npos);
  CHECK(complains(R"({"yahpo":"lcbenc","instance":1})").find("lcbench") != std::string::npos);
}

TEST_CASE("selecting part of a suite") {
  BenchmarkSuite suite = suite_from_json(small_suite(), "s.json", ".");
  suite.select({"kursawe"}, {"no freezing"});
  CHECK(suite.tasks.size() == 1);
  CHECK(suite.optimizers.size() == 1);
  CHECK(suite.baseline == "no freezing");
  CHECK_THROWS_WITH_AS(suite.select({"kursaw"}, {}),
                       "--tasks: \"kursaw\" is not in the suite; did you mean \"kursawe\"?", InvalidInput);
}
