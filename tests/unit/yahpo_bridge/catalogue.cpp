#include <hyperego/core/error.hpp>
#include <hyperego/yahpo_bridge/catalogue.hpp>

#include <doctest/doctest.h>

#include <cstdlib>
#include <set>

using namespace hyperego;

namespace {

const std::string data = std::string(HYPEREGO_TEST_DATA) + "/data";

}  // namespace

TEST_CASE("every scenario has distinct columns, and its instance and fidelities are among them") {
  CHECK(yahpo_catalogue().size() == 18);
  for (const YahpoMetadata& scenario : yahpo_catalogue()) {
    CAPTURE(scenario.name);
    std::set<std::string> columns(scenario.categorical.begin(), scenario.categorical.end());
    columns.insert(scenario.continuous.begin(), scenario.continuous.end());
    CHECK(columns.size() == scenario.categorical.size() + scenario.continuous.size());
    for (const std::string& fidelity : scenario.fidelities) CHECK(columns.count(fidelity) == 1);
    if (!scenario.instance_parameter.empty()) CHECK(scenario.categorical.front() == scenario.instance_parameter);
    CHECK(scenario.instance_parameter.empty() != scenario.sole_instance.empty());
  }
  CHECK(yahpo_metadata("rbv2_super").categorical.size() == 8);
  CHECK(yahpo_metadata("rbv2_super").continuous.size() == 33);
  CHECK(yahpo_metadata("iaml_super").continuous.size() == 24);
  CHECK(yahpo_metadata("nb301").categorical.size() == 34);
}

TEST_CASE("directions") {
  const auto direction = [](const char* scenario, std::size_t i) {
    return yahpo_metadata(scenario).targets[i].direction;
  };
  CHECK(direction("rbv2_rpart", 4) == Direction::maximize);  // f1
  CHECK(direction("rbv2_rpart", 3) == Direction::minimize);  // brier
  CHECK(direction("lcbench", 1) == Direction::maximize);     // val_accuracy
  CHECK(direction("iaml_ranger", 11) == Direction::minimize);
}

TEST_CASE("what is missing is named with a remedy") {
  CHECK_THROWS_WITH_AS((void)yahpo_metadata("lcbnech"), doctest::Contains("did you mean \"lcbench\""), InvalidInput);
  CHECK_THROWS_WITH_AS((void)yahpo_metadata("x"), doctest::Contains("rbv2_super"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)yahpo_data_directory("/nowhere/at/all"), doctest::Contains("/nowhere/at/all"),
                       InvalidInput);
  CHECK_THROWS_WITH_AS((void)yahpo_data_directory("/nowhere/at/all"), doctest::Contains("git clone"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)yahpo_files(data, "lcbench"), doctest::Contains("there are iaml_glmnet"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)yahpo_files("/nowhere", "lcbench"), doctest::Contains("/nowhere"), InvalidInput);
  CHECK(yahpo_scenarios(data) == std::vector<std::string>{"iaml_glmnet"});
}

TEST_CASE("the argument goes before the environment") {
  REQUIRE(setenv("HYPEREGO_YAHPO_DATA", "/nowhere/in/environment", 1) == 0);
  CHECK(yahpo_data_directory(data) == data);
  CHECK_THROWS_WITH_AS((void)yahpo_data_directory(), doctest::Contains("from HYPEREGO_YAHPO_DATA"), InvalidInput);
  REQUIRE(setenv("HYPEREGO_YAHPO_DATA", data.c_str(), 1) == 0);
  CHECK(yahpo_data_directory() == data);
  const std::string elsewhere = std::string(HYPEREGO_TEST_DATA);
  REQUIRE(setenv("HYPEREGO_YAHPO_DATA", (elsewhere + ":" + data).c_str(), 1) == 0);
  CHECK(yahpo_data_directory() == elsewhere);
  CHECK(yahpo_data_directory({}, "iaml_glmnet") == data);  // the first that has it
  CHECK_THROWS_WITH_AS((void)yahpo_data_directory(data + ":/nowhere"), doctest::Contains("/nowhere"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)yahpo_data_directory(":"), doctest::Contains("git clone"), InvalidInput);
  REQUIRE(unsetenv("HYPEREGO_YAHPO_DATA") == 0);
  CHECK_THROWS_WITH_AS((void)yahpo_data_directory(), doctest::Contains("git clone"), InvalidInput);
}
