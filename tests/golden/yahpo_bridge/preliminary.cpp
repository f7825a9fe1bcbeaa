// The preliminary models of the large conditional scenarios (shared folder yahpo_preliminary/), against ONNX Runtime.
#include <hyperego/yahpo_bridge/problem.hpp>
#include <hyperego/yahpo_bridge/scenario.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <memory>
#include <shared_data.hpp>
#include <string>
#include <vector>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

/// In units of what the model's last layer gives for 0 to 1 (a sigmoid), 1 at least: float32 through a network of a few
/// hundred units. ONNX Runtime itself is within 4e-6 of the same graph in double precision.
constexpr double preliminary_tolerance = 1e-5;

double preliminary_error(const YahpoScenario& scenario, std::size_t target, double value, double reference) {
  static const std::map<std::string, double> spans{
      {"iaml_super_preliminary ramtrain", 180},   {"iaml_super_preliminary rammodel", 364},
      {"iaml_super_preliminary timetrain", 4038}, {"iaml_super_preliminary timepredict", 22},
      {"nb301_preliminary runtime", 13132},       {"nb301_preliminary val_accuracy", 100}};
  // These are exponentials of what the last layer gives.
  static const std::map<std::string, double> log_spans{{"rbv2_super_preliminary timetrain", 9.8},
                                                       {"rbv2_super_preliminary timepredict", 8.3}};
  const std::string name = scenario.name() + " " + scenario.targets()[target].name;
  const auto span = spans.find(name);
  const auto log_span = log_spans.find(name);
  double scale = std::max({1.0, std::abs(reference), span == spans.end() ? 1.0 : span->second});
  if (log_span != log_spans.end()) scale *= log_span->second;
  return std::abs(value - reference) / scale;
}

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
    REQUIRE(reference.y.size() == 60 * targets);
    std::vector<float> batch(reference.y.size());
    scenario.evaluate(rows, batch);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      CAPTURE(i);
      CHECK(preliminary_error(scenario, i % targets, batch[i], reference.y[i]) < preliminary_tolerance);
    }

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
    for (const ordered_json& row : references.at(name)) {
      const Configuration whole = scenario.read_configuration(row.at("configuration"), name);
      CHECK(static_cast<bool>(scenario.space().check(whole)));  // neither an inactive value nor a missing active one
      const Eigen::MatrixXd y = scenario.evaluate(std::span(&whole, 1));
      for (std::size_t k = 0; k < scenario.targets().size(); ++k) {
        const double reference = row.at("y").at(k).get<double>();
        CHECK(preliminary_error(scenario, k, y(0, static_cast<Eigen::Index>(k)), reference) < preliminary_tolerance);
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

TEST_CASE("a folder of preliminary models has no published ones") {
  if (!preliminary_data_are_there("nb301")) return;
  const std::filesystem::path data = test::shared_data() / "yahpo_preliminary";
  CHECK(yahpo_scenarios(data) ==
        std::vector<std::string>{"rbv2_super_preliminary", "iaml_super_preliminary", "nb301_preliminary"});
  CHECK(yahpo_scenario_name(data, "nb301") == "nb301_preliminary");
  CHECK(yahpo_scenario_name(data, "lcbench") == "lcbench");
  CHECK(yahpo_scenario_at_hand("/nowhere", "nb301") == "nb301");
  CHECK(yahpo_scenario_at_hand("/tmp:" + data.string(), "nb301") == "nb301_preliminary");
}
