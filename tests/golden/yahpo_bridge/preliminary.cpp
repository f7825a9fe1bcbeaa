// The preliminary models of the large conditional scenarios (shared folder yahpo_preliminary/), against ONNX Runtime.
#include <hyperego/yahpo_bridge/problem.hpp>
#include <hyperego/yahpo_bridge/scenario.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <memory>
#include <shared_data.hpp>
#include <string>
#include <vector>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

/// In units of a target's range in the reference: float32 through a network of a few hundred units.
constexpr double preliminary_tolerance = 1e-5;

const std::vector<std::string> preliminary_scenarios{"rbv2_super", "iaml_super", "nb301"};

bool preliminary_data_are_there(const std::string& name) {
  return test::have_shared("yahpo_preliminary/" + name + "/golden_raw.json", "golden.yahpo_bridge preliminary");
}

YahpoScenario preliminary_scenario(const std::string& name) {
  return YahpoScenario::load(test::shared_data() / "yahpo_preliminary", name);
}

struct RawReference {
  YahpoRows rows;
  std::vector<double> y;
  std::vector<double> range;  ///< by target
};

RawReference raw_reference(const std::string& name) {
  const ordered_json file = test::read_shared("yahpo_preliminary/" + name + "/golden_raw.json");
  RawReference reference;
  for (const ordered_json& row : file.at("rows")) {
    for (const auto& code : row.at("x_cat")) reference.rows.categorical.push_back(code.get<std::int32_t>());
    for (const auto& value : row.at("x_cont")) reference.rows.continuous.push_back(value.get<float>());
    for (const auto& value : row.at("y")) reference.y.push_back(value.get<double>());
    ++reference.rows.count;
  }
  const std::size_t targets = reference.y.size() / reference.rows.count;
  for (std::size_t k = 0; k < targets; ++k) {
    double least = reference.y[k];
    double greatest = reference.y[k];
    for (std::size_t i = k; i < reference.y.size(); i += targets) {
      least = std::min(least, reference.y[i]);
      greatest = std::max(greatest, reference.y[i]);
    }
    reference.range.push_back(greatest - least);
  }
  return reference;
}

ordered_json preliminary_references() {
  std::ifstream file(std::string(HYPEREGO_TEST_DATA) + "/preliminary.json");
  return ordered_json::parse(file);
}

}  // namespace

TEST_CASE("preliminary models agree with the reference in batches and one by one") {
  for (const std::string& name : preliminary_scenarios) {
    CAPTURE(name);
    if (!preliminary_data_are_there(name)) continue;
    const YahpoScenario scenario = preliminary_scenario(name);
    CHECK(scenario.name() == name + "_preliminary");
    const RawReference reference = raw_reference(name);
    const YahpoRows& rows = reference.rows;
    REQUIRE(rows.count == 60);
    const std::size_t targets = scenario.targets().size();
    REQUIRE(reference.range.size() == targets);
    std::vector<float> batch(reference.y.size());
    scenario.evaluate(rows, batch);
    double worst = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
      worst = std::max(worst, std::abs(batch[i] - reference.y[i]) / reference.range[i % targets]);
    }
    CHECK(worst < preliminary_tolerance);

    const std::size_t categorical = scenario.categorical_columns().size();
    const std::size_t continuous = scenario.continuous_columns().size();
    std::vector<float> alone(batch.size());
    for (std::size_t r = 0; r < rows.count; ++r) {
      scenario.evaluate(1, std::span(rows.categorical).subspan(r * categorical, categorical),
                        std::span(rows.continuous).subspan(r * continuous, continuous),
                        std::span(alone).subspan(r * targets, targets));
    }
    CHECK(alone == batch);
  }
}

TEST_CASE("preliminary configurations are encoded as the models take them, conditions included") {
  const ordered_json references = preliminary_references();
  for (const std::string& name : preliminary_scenarios) {
    CAPTURE(name);
    if (!preliminary_data_are_there(name)) continue;
    const YahpoScenario scenario = preliminary_scenario(name);
    const std::vector<double> range = raw_reference(name).range;
    for (const ordered_json& row : references.at(name)) {
      const Configuration whole = scenario.read_configuration(row.at("configuration"), name);
      CHECK(static_cast<bool>(scenario.space().check(whole)));  // neither an inactive value nor a missing active one
      const Eigen::MatrixXd y = scenario.evaluate(std::span(&whole, 1));
      for (std::size_t k = 0; k < range.size(); ++k) {
        const double error = std::abs(y(0, static_cast<Eigen::Index>(k)) - row.at("y").at(k).get<double>());
        CHECK(error / range[k] < preliminary_tolerance);
      }
    }
  }
}

TEST_CASE("preliminary search spaces have the sizes that are said of them") {
  const auto size = [](const std::string& name) { return preliminary_scenario(name).search_space().size(); };
  if (preliminary_data_are_there("rbv2_super")) {
    CHECK(size("rbv2_super") == 38);
    const YahpoScenario scenario = preliminary_scenario("rbv2_super_preliminary");
    CHECK(scenario.targets().front().name == "mmce");
    CHECK_FALSE(scenario.range("mmce", "40981").has_value());  // the published statistics are of other models
  }
  if (preliminary_data_are_there("iaml_super")) CHECK(size("iaml_super") == 28);
  if (preliminary_data_are_there("nb301")) CHECK(size("nb301") == 34);
}
