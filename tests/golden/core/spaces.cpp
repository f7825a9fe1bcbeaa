// Spaces, legality and vector forms as ConfigSpace itself has them (shared reference data), and a small space of our
// own.
#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "core_spaces.hpp"
#include "shared_data.hpp"
#include <cmath>
#include <filesystem>
#include <string>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

constexpr const char* names[] = {"forbidden", "mlp", "nested", "not_equals", "priors", "svm"};
constexpr const char* scenarios[] = {"iaml_glmnet", "lcbench", "rbv2_ranger_v2", "rbv2_rpart", "rbv2_xgboost"};

std::string verdict_of(const SearchSpace& space, const ordered_json& configuration) {
  try {
    return std::string(to_string(space.check(space.configuration_from_json(configuration, "judged")).verdict));
  } catch (const InvalidInput&) {
    return "illegal_value";
  }
}

void check_vector(const SearchSpace& space, const Configuration& configuration, const ordered_json& golden) {
  const auto vector = space.configspace_vector(configuration);
  REQUIRE(vector.size() == golden.size());
  // ConfigSpace rounds floats to 13 decimals when it turns its vector into values, so the file's values are that far
  // from its vector.
  Configuration moved = configuration;
  for (std::size_t i = 0; i < space.size(); ++i) {
    if (moved.is_set(i) && !space[i].is_discrete()) moved.set(i, moved[i] + 0.5e-13);
  }
  const auto moved_vector = space.configspace_vector(moved);
  for (std::size_t i = 0; i < vector.size(); ++i) {
    REQUIRE(vector[i].has_value() == !golden[i].is_null());
    if (!vector[i]) continue;
    const double rounding = std::abs(*moved_vector[i] - *vector[i]);
    REQUIRE(std::abs(*vector[i] - golden[i].get<double>()) <= 1e-12 + 1.01 * rounding);
  }
}

void check_same_space(const SearchSpace& a, const SearchSpace& b) {
  REQUIRE(to_configspace_json(a) == to_configspace_json(b));
  REQUIRE(a.topological_order() == b.topological_order());
  for (std::size_t i = 0; i < a.size(); ++i) {
    REQUIRE(a[i].default_code == b[i].default_code);
    REQUIRE(a[i].prior.has_value() == b[i].prior.has_value());
    if (const auto* real = std::get_if<FloatDomain>(&a[i].domain)) {
      REQUIRE(real->lower == std::get<FloatDomain>(b[i].domain).lower);
      REQUIRE(real->upper == std::get<FloatDomain>(b[i].domain).upper);
    }
  }
}

void check_round_trip(const SearchSpace& space) {
  for (const auto dialect : {ConfigSpaceDialect::current, ConfigSpaceDialect::legacy}) {
    // Through text, because that is where digits get lost.
    const std::string text = to_configspace_json(space, dialect).dump(1);
    check_same_space(space, space_from_configspace_json(ordered_json::parse(text), "again"));
  }
}

}  // namespace

TEST_CASE("ConfigSpace's verdicts, defaults and vectors") {
  for (const char* name : names) {
    CAPTURE(name);
    const std::string file = std::string("golden/spaces/") + name + ".json";
    if (!test::have_shared(file, "golden.core spaces")) return;
    const ordered_json golden = test::read_shared(file);
    const SearchSpace space = space_from_configspace_json(golden["space"], file + "/space");

    std::vector<std::string> order;
    for (const Hyperparameter& hyperparameter : space.hyperparameters()) order.push_back(hyperparameter.name);
    CHECK(order == golden["order"].get<std::vector<std::string>>());
    CHECK(space.configuration_from_json(golden["default"], "default") == space.default_configuration());

    for (const ordered_json& legal : golden["legal"]) {
      CAPTURE(legal.dump());
      const Configuration configuration = space.legal_configuration_from_json(legal["configuration"], "legal");
      REQUIRE(space.to_json(configuration) == legal["configuration"]);
      check_vector(space, configuration, legal["vector"]);
      const Configuration decoded = space.decode(space.encode(configuration));
      for (std::size_t i = 0; i < space.size(); ++i) {
        REQUIRE(decoded.is_set(i) == configuration.is_set(i));
        if (!decoded.is_set(i)) continue;
        if (space[i].is_discrete()) REQUIRE(decoded[i] == configuration[i]);
        REQUIRE(decoded[i] == doctest::Approx(configuration[i]).epsilon(1e-12));
      }
    }
    for (const ordered_json& judged : golden["judged"]) {
      CAPTURE(judged.dump());
      const auto expected = judged["verdict"].get<std::string>();
      const std::string verdict = verdict_of(space, judged["configuration"]);
      REQUIRE((verdict == "legal") == (expected == "legal"));
      CHECK(verdict == expected);
    }
    check_round_trip(space);
    // ConfigSpace's file and ours differ in nothing that ConfigSpace reads.
    ordered_json ours = to_configspace_json(space);
    for (const char* member : {"hyperparameters", "conditions", "forbiddens"}) {
      CHECK(nlohmann::json(ours[member]) == nlohmann::json(golden["space"][member]));
    }
  }
}

TEST_CASE("published spaces of the older dialect") {
  for (const char* scenario : scenarios) {
    CAPTURE(scenario);
    const std::string file = std::string("yahpo/") + scenario + "/config_space.json";
    if (!test::have_shared(file, "golden.core yahpo spaces")) return;
    const SearchSpace space = read_configspace_file(test::shared_data() / file);
    const ordered_json golden = test::read_shared(file);
    CHECK(space.size() == golden["hyperparameters"].size());
    CHECK(space.check(space.default_configuration()));
    check_round_trip(space);
    for (std::size_t i = 0; i < space.size(); ++i) {
      CHECK(space[i].is_legal_code(space[i].from_unit(0)));
      CHECK(space[i].is_legal_code(space[i].from_unit(1)));
    }
  }
}

TEST_CASE("spaces of our own go round") {
  check_round_trip(*test::nested_space());
  check_round_trip(*test::flat_space());
  check_round_trip(SearchSpace{});
}
