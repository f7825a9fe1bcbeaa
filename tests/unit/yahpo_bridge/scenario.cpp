#include <hyperego/core/error.hpp>
#include <hyperego/yahpo_bridge/problem.hpp>
#include <hyperego/yahpo_bridge/scenario.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

const std::filesystem::path data = std::filesystem::path(HYPEREGO_TEST_DATA) / "data";

const YahpoScenario& tiny() {
  static const YahpoScenario scenario = YahpoScenario::load(data, "iaml_glmnet");
  return scenario;
}

YahpoProblem problem(const std::string& instance, const std::vector<std::string>& targets = {},
                     const std::map<std::string, Value>& fidelities = {}) {
  return YahpoProblem(std::make_shared<const YahpoScenario>(tiny()), instance, targets, fidelities);
}

std::vector<double> evaluate(const ordered_json& configuration) {
  const Configuration read = tiny().read_configuration(configuration, "test");
  const Eigen::MatrixXd y = tiny().evaluate(std::span<const Configuration>(&read, 1));
  return {y.data(), y.data() + y.size()};
}

/// A copy of the tiny data that a test may damage.
class DamagedData {
 public:
  DamagedData() : path_(std::filesystem::temp_directory_path() / ("hyperego_scenario_" + std::to_string(::getpid()))) {
    std::filesystem::copy(data, path_, std::filesystem::copy_options::recursive);
  }
  DamagedData(const DamagedData&) = delete;
  DamagedData& operator=(const DamagedData&) = delete;
  ~DamagedData() { std::filesystem::remove_all(path_); }

  const std::filesystem::path& with(const std::string& file, const std::string& text) const {
    std::ofstream(path_ / file, std::ios::binary) << text;
    return path_;
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("what a scenario says of itself") {
  CHECK(tiny().name() == "iaml_glmnet");
  CHECK(tiny().instances() == std::vector<std::string>{"40981", "41146", "1489", "1067"});
  CHECK(tiny().instance_parameter() == "task_id");
  CHECK(tiny().targets().size() == 12);
  CHECK(tiny().target_index("nf") == 11);
  REQUIRE(tiny().fidelities().size() == 1);
  CHECK(tiny().fidelities()[0].name == "trainsize");
  CHECK(same_value(tiny().fidelities()[0].full, 1.0));
  CHECK(tiny().space().size() == 4);
  CHECK(tiny().search_space().size() == 2);
  CHECK(tiny().search_space()[1].name == "s");
  REQUIRE(tiny().suite().size() == 2);
  CHECK(tiny().suite()[0].instance == "1489");
  CHECK(tiny().suite()[0].targets == std::vector<std::string>{"mmce", "nf"});
  REQUIRE(tiny().range("mmce", "1489").has_value());
  CHECK(tiny().range("mmce", "1489")->min == 0.5);
  CHECK(tiny().range("mmce", "1489")->max == 2.25);
  CHECK_FALSE(tiny().range("nf", "1489").has_value());  // only a minimum is known
  CHECK_FALSE(tiny().range("mmce", "1067").has_value());
}

TEST_CASE("configurations are encoded by name") {
  CHECK(evaluate({{"s", 0.25}, {"trainsize", 1}, {"alpha", 0.5}, {"task_id", "1489"}}) ==
        std::vector<double>{2, 2.25, 1, 2.25, 0, 2.25, 0, 2.25, 0, 2.25, 0, 2});
  // The codes are the file's, not the order of the choices: 40981 is the first choice and has code 3.
  CHECK(evaluate({{"s", 0.5}, {"trainsize", 1}, {"alpha", 0}, {"task_id", "40981"}}).front() == 3);
  // What is absent is 0.
  CHECK(evaluate({{"trainsize", 1}, {"task_id", "1067"}})[1] == 1);
}

TEST_CASE("an absent fidelity is full, and said so") {
  std::vector<std::string> assumed;
  const ordered_json absent{{"alpha", 0.5}, {"s", 0.25}, {"task_id", "1489"}};
  const Configuration read = tiny().read_configuration(absent, "test", &assumed);
  (void)tiny().read_configuration(absent, "test", &assumed);
  CHECK(assumed == std::vector<std::string>{"trainsize"});
  CHECK(read[tiny().space().index_of("trainsize")] == 1);
  assumed.clear();
  (void)tiny().read_configuration({{"trainsize", 0.5}, {"task_id", "1489"}}, "test", &assumed);
  CHECK(assumed.empty());
}

TEST_CASE("configurations are read strictly") {
  const auto message = [](const ordered_json& json, const char* part) {
    CHECK_THROWS_WITH_AS((void)tiny().read_configuration(json, "configs.json/3"), doctest::Contains(part),
                         InvalidInput);
    CHECK_THROWS_WITH_AS((void)tiny().read_configuration(json, "configs.json/3"), doctest::Contains("configs.json/3"),
                         InvalidInput);
  };
  message({{"alhpa", 0.5}, {"task_id", "1489"}}, "alhpa");
  message({{"alpha", 1.5}, {"task_id", "1489"}}, "alpha");
  message({{"alpha", "0.5"}, {"task_id", "1489"}}, "alpha");
  message({{"alpha", true}, {"task_id", "1489"}}, "alpha");
  message({{"alpha", 0.5}, {"task_id", "1488"}}, "task_id");
  message({{"alpha", 0.5}, {"task_id", 1489}}, "task_id");
  message({{"alpha", 0.5}}, "task_id");
  message(ordered_json::array(), "configs.json/3");
}

TEST_CASE("unknown names come with the nearest known one") {
  CHECK_THROWS_WITH_AS((void)tiny().target_index("mcme"), doctest::Contains("mmce"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)tiny().instance_index("1498"), doctest::Contains("1489"), InvalidInput);
  CHECK_THROWS_AS(problem("1488"), InvalidInput);
  CHECK_THROWS_AS(problem("1489", {"accuracy"}), InvalidInput);
  CHECK_THROWS_WITH_AS(problem("1489", {}, {{"trainsiez", 1.0}}), doctest::Contains("trainsize"), InvalidInput);
  CHECK_THROWS_WITH_AS(problem("1489", {}, {{"trainsize", 2.0}}), doctest::Contains("trainsize"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)YahpoScenario::load(data, "iaml_glmnt"), doctest::Contains("iaml_glmnet"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)YahpoScenario::load(data / "nowhere", "iaml_glmnet"), doctest::Contains("nowhere"),
                       InvalidInput);
}

TEST_CASE("a problem fixes instance, fidelities and objectives") {
  const YahpoProblem two = problem("1489", {"nf", "f1"});
  CHECK(two.instance() == "1489");
  REQUIRE(two.objectives().size() == 2);
  CHECK(two.objectives()[0].name == "nf");
  CHECK(two.objectives()[1].direction == Direction::maximize);
  const Configuration configuration(std::vector<double>{0.5, 0.25});
  CHECK(two.evaluate(configuration) == Eigen::Vector2d(2, 2.25));
  CHECK(problem("1489").evaluate(configuration).size() == 12);
  // s + 2 + 11/2 − 11 = −3.25
  CHECK(problem("1489", {"nf"}, {{"trainsize", 0.5}}).evaluate(configuration)[0] == -3);
  const std::vector<Configuration> both{configuration, Configuration(std::vector<double>{0.5, 2})};
  const Eigen::MatrixXd y = two.evaluate(both);
  CHECK(y.rows() == 2);
  CHECK(y(1, 1) == 4);
  CHECK_THROWS_AS((void)two.evaluate(Configuration(3)), InvalidInput);
}

TEST_CASE("files that contradict each other are refused by name") {
  const DamagedData damaged;
  const auto fails = [&](const std::string& file, const std::string& text, const char* part) {
    const std::filesystem::path whole = data / file;
    CHECK_THROWS_WITH_AS((void)YahpoScenario::load(damaged.with(file, text), "iaml_glmnet"), doctest::Contains(part),
                         InvalidInput);
    std::filesystem::copy_file(whole, damaged.path() / file, std::filesystem::copy_options::overwrite_existing);
  };
  fails("iaml_glmnet/model.onnx", "garbage", "model.onnx");
  fails("iaml_glmnet/encoding.json", "{\"task_id\": {\"1489\": 1}}", "40981");
  fails("iaml_glmnet/encoding.json", "{}", "task_id");
  fails("iaml_glmnet/config_space.json", "{\"hyperparameters\": [], \"conditions\": []}", "config_space.json");
  fails("global_statistics/instance_target_statistics.csv", "a,b\n", "instance_target_statistics.csv:1");
  fails("benchmark_suites/v1.0/multi.json", R"([{"scenario": "iaml_glmnet", "instance": "1", "target": []}])",
        "multi.json");
  (void)YahpoScenario::load(damaged.path(), "iaml_glmnet");
  std::filesystem::remove(damaged.path() / "iaml_glmnet/encoding.json");
  CHECK_THROWS_WITH_AS((void)YahpoScenario::load(damaged.path(), "iaml_glmnet"), doctest::Contains("encoding.json"),
                       InvalidInput);
}

TEST_CASE("suite and statistics may be absent, and the v2 files may lie beside the v1 ones") {
  const DamagedData damaged;
  std::filesystem::remove_all(damaged.path() / "benchmark_suites");
  std::filesystem::remove_all(damaged.path() / "global_statistics");
  const YahpoScenario bare = YahpoScenario::load(damaged.path(), "iaml_glmnet");
  CHECK(bare.suite().empty());
  CHECK_FALSE(bare.range("mmce", "1489").has_value());

  std::filesystem::create_directory(damaged.path() / "rbv2_ranger");
  for (const char* name :
       {"rbv2_ranger/model_v2.onnx", "rbv2_ranger/config_space_v2.json", "rbv2_ranger/encoding_v2.json"}) {
    (void)damaged.with(name, "");
  }
  CHECK(yahpo_files(damaged.path(), "rbv2_ranger_v2").model == damaged.path() / "rbv2_ranger/model_v2.onnx");
  CHECK_THROWS_AS((void)yahpo_files(damaged.path(), "rbv2_ranger"), InvalidInput);
}
