// Reference outputs of the published surrogates, computed by ONNX Runtime one row at a time (shared folder yahpo/).
#include <hyperego/yahpo_bridge/problem.hpp>
#include <hyperego/yahpo_bridge/scenario.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <shared_data.hpp>
#include <string>
#include <thread>
#include <vector>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

struct Golden {
  ordered_json file;
  YahpoRows rows;
  Eigen::MatrixXd y;
};

const std::vector<std::string> scenarios{"lcbench", "rbv2_rpart", "rbv2_xgboost", "iaml_glmnet", "rbv2_ranger_v2"};

Golden golden(const std::string& name) {
  Golden result{.file = test::read_shared("yahpo/golden/" + name + ".json"), .rows = {}, .y = {}};
  result.rows.count = result.file["y"].size();
  for (const auto& row : result.file["x_cat"]) {
    for (const auto& code : row) result.rows.categorical.push_back(code.get<std::int32_t>());
  }
  for (const auto& row : result.file["x_cont"]) {
    for (const auto& value : row) result.rows.continuous.push_back(value.get<float>());
  }
  const auto columns = static_cast<Eigen::Index>(result.file["y_names"].size());
  result.y.resize(static_cast<Eigen::Index>(result.rows.count), columns);
  for (Eigen::Index r = 0; r < result.y.rows(); ++r) {
    for (Eigen::Index k = 0; k < columns; ++k) {
      result.y(r, k) = result.file["y"][static_cast<std::size_t>(r)][static_cast<std::size_t>(k)].get<double>();
    }
  }
  return result;
}

/// Largest |difference| in units of each column's range in the reference.
double distance(const Eigen::MatrixXd& y, const Eigen::MatrixXd& reference) {
  REQUIRE(y.rows() == reference.rows());
  REQUIRE(y.cols() == reference.cols());
  REQUIRE(y.allFinite());
  double worst = 0;
  for (Eigen::Index k = 0; k < y.cols(); ++k) {
    const double range = reference.col(k).maxCoeff() - reference.col(k).minCoeff();
    worst = std::max(worst, (y.col(k) - reference.col(k)).cwiseAbs().maxCoeff() / range);
  }
  return worst;
}

constexpr double tolerance = 5e-5;  // recommended by the reference data; plain float32 arithmetic reaches 6.6e-6

std::vector<float> evaluate(const YahpoScenario& scenario, const YahpoRows& rows) {
  std::vector<float> y(rows.count * scenario.targets().size());
  scenario.evaluate(rows, y);
  return y;
}

Eigen::MatrixXd matrix(const std::vector<float>& y, std::size_t columns) {
  using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto k = static_cast<Eigen::Index>(columns);
  return Eigen::Map<const Rows>(y.data(), static_cast<Eigen::Index>(y.size()) / k, k).cast<double>();
}

std::vector<float> one_by_one(const YahpoScenario& scenario, const YahpoRows& rows) {
  const std::size_t cats = scenario.categorical_columns().size();
  const std::size_t conts = scenario.continuous_columns().size();
  const std::size_t targets = scenario.targets().size();
  std::vector<float> y(rows.count * targets);
  for (std::size_t r = 0; r < rows.count; ++r) {
    scenario.evaluate(1, std::span(rows.categorical).subspan(r * cats, cats),
                      std::span(rows.continuous).subspan(r * conts, conts), std::span(y).subspan(r * targets, targets));
  }
  return y;
}

}  // namespace

TEST_CASE("surrogates agree with the reference in batches, one by one and by configuration") {
  for (const std::string& name : scenarios) {
    CAPTURE(name);
    if (!test::have_shared("yahpo/golden/" + name + ".json", "golden.yahpo_bridge surrogates")) continue;
    const Golden reference = golden(name);
    const YahpoScenario scenario = YahpoScenario::load(test::shared_data() / "yahpo", name);

    CHECK(scenario.categorical_columns() == reference.file["cat_names"].get<std::vector<std::string>>());
    CHECK(scenario.continuous_columns() == reference.file["cont_names"].get<std::vector<std::string>>());
    for (std::size_t k = 0; k < scenario.targets().size(); ++k) {
      CHECK(scenario.targets()[k].name == reference.file["y_names"][k].get<std::string>());
    }

    const std::vector<float> batch = evaluate(scenario, reference.rows);
    CHECK(distance(matrix(batch, scenario.targets().size()), reference.y) < tolerance);
    // Stronger than agreement: a row does not depend on its company at all.
    CHECK(one_by_one(scenario, reference.rows) == batch);

    YahpoRows encoded;
    std::vector<Configuration> configurations;
    for (const ordered_json& json : reference.file["configs"]) {
      configurations.push_back(scenario.read_configuration(json, name));
      scenario.encode(configurations.back(), encoded);
    }
    CHECK(encoded.categorical == reference.rows.categorical);
    CHECK(encoded.continuous == reference.rows.continuous);
    CHECK(distance(scenario.evaluate(configurations), reference.y) < tolerance);
  }
}

TEST_CASE("problems agree with the reference through the search space alone") {
  for (const std::string& name : scenarios) {
    CAPTURE(name);
    if (!test::have_shared("yahpo/golden/" + name + ".json", "golden.yahpo_bridge problems")) continue;
    const Golden reference = golden(name);
    const auto scenario =
        std::make_shared<const YahpoScenario>(YahpoScenario::load(test::shared_data() / "yahpo", name));
    Eigen::MatrixXd y(reference.y.rows(), reference.y.cols());
    for (Eigen::Index r = 0; r < y.rows(); ++r) {
      ordered_json json = reference.file["configs"][static_cast<std::size_t>(r)];
      std::map<std::string, Value> fidelities;
      for (const YahpoFidelity& fidelity : scenario->fidelities()) {
        fidelities[fidelity.name] = value_from_json(json[fidelity.name], name);
        json.erase(fidelity.name);
      }
      const auto instance = json[scenario->instance_parameter()].get<std::string>();
      json.erase(scenario->instance_parameter());
      const YahpoProblem problem(scenario, instance, {}, fidelities);
      y.row(r) = problem.evaluate(problem.space().legal_configuration_from_json(json, name)).transpose();
    }
    CHECK(distance(y, reference.y) < tolerance);
  }
}

TEST_CASE("many threads at once give the same bytes") {
  for (const std::string& name : scenarios) {
    CAPTURE(name);
    if (!test::have_shared("yahpo/golden/" + name + ".json", "golden.yahpo_bridge threads")) continue;
    const Golden reference = golden(name);
    const YahpoScenario scenario = YahpoScenario::load(test::shared_data() / "yahpo", name);
    const std::vector<float> expected = evaluate(scenario, reference.rows);
    std::vector<int> wrong(4, 0);
    std::vector<std::thread> threads;
    for (std::size_t t = 0; t < wrong.size(); ++t) {
      threads.emplace_back([&, t] {
        for (int repetition = 0; repetition < 3; ++repetition) {
          wrong[t] += evaluate(scenario, reference.rows) == expected ? 0 : 1;
          wrong[t] += one_by_one(scenario, reference.rows) == expected ? 0 : 1;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(wrong == std::vector<int>{0, 0, 0, 0});
  }
}

TEST_CASE("what the published data say of the scenarios") {
  struct Expected {
    std::size_t instances;
    std::size_t conditions;
    std::size_t searched;
    std::size_t suite;
    std::map<std::string, std::string> full;
  };
  const std::map<std::string, Expected> table{
      {"lcbench", {34, 0, 7, 3, {{"epoch", "52"}}}},
      {"rbv2_rpart", {117, 0, 5, 3, {{"trainsize", "1"}, {"repl", "10"}}}},
      {"rbv2_xgboost", {119, 8, 14, 3, {{"trainsize", "1"}, {"repl", "10"}}}},
      {"iaml_glmnet", {4, 0, 2, 2, {{"trainsize", "1"}}}},
      {"rbv2_ranger_v2", {116, 1, 9, 0, {{"trainsize", "1"}, {"repl", "10"}}}},
  };
  for (const auto& row : table) {
    const auto& [name, expected] = row;
    CAPTURE(row.first);
    if (!test::have_shared("yahpo/" + name, "golden.yahpo_bridge facts")) continue;
    const YahpoScenario scenario = YahpoScenario::load(test::shared_data() / "yahpo", name);
    CHECK(scenario.instances().size() == expected.instances);
    CHECK(scenario.search_space().conditions().size() == expected.conditions);
    CHECK(scenario.search_space().searched().size() == expected.searched);
    CHECK(scenario.suite().size() == expected.suite);
    std::map<std::string, std::string> full;
    for (const YahpoFidelity& fidelity : scenario.fidelities()) full[fidelity.name] = to_string(fidelity.full);
    for (const auto& [fidelity, value] : expected.full) CHECK(std::stod(full[fidelity]) == std::stod(value));
    CHECK(full.size() == expected.full.size());

    // The reference outputs of v1 lie within the instance's statistics (slack 0.1 % of the range).
    if (name == "rbv2_ranger_v2") continue;
    const Golden reference = golden(name);
    for (Eigen::Index r = 0; r < reference.y.rows(); ++r) {
      const ordered_json& configuration = reference.file["configs"][static_cast<std::size_t>(r)];
      const auto instance = configuration[scenario.instance_parameter()].get<std::string>();
      for (std::size_t k = 0; k < scenario.targets().size(); ++k) {
        const auto range = scenario.range(scenario.targets()[k].name, instance);
        REQUIRE(range.has_value());
        const double slack = 1e-3 * (range->max - range->min);
        const double value = reference.y(r, static_cast<Eigen::Index>(k));
        CHECK(value >= range->min - slack);
        CHECK(value <= range->max + slack);
      }
    }
  }
}
