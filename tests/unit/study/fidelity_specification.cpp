// STUDY.json with a fidelity: read, written, refused.
#include <hyperego/core/error.hpp>
#include <hyperego/study/specification.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace hyperego;
using nlohmann::ordered_json;

namespace fidelity_specification_test {
namespace {

ordered_json training_study(const ordered_json& fidelity, const ordered_json& more = ordered_json::object()) {
  ordered_json json{
      {"space", {{"hyperparameters", {{{"type", "uniform_float"}, {"name", "x"}, {"lower", 0}, {"upper", 1}}}}}},
      {"objectives", {"error"}},
      {"evaluator", {{"command", {"true"}}}}};
  if (!fidelity.is_null()) json["fidelity"] = fidelity;
  json.update(more);
  return json;
}

StudySpecification read(const ordered_json& json) { return study_from_json(json, "s.json", "."); }

void refused(const ordered_json& json, const char* place) {
  CHECK_THROWS_WITH_AS((void)read(json), doctest::Contains(place), InvalidInput);
}

const ordered_json epochs{{"name", "epochs"}, {"range", {1, 52}}, {"integer", true}, {"log", true}};

}  // namespace

TEST_CASE("a fidelity is read with its defaults and written as it was read") {
  const StudySpecification study = read(training_study(epochs));
  REQUIRE(study.fidelity.has_value());
  CHECK(study.fidelity->training == Fidelity::Training::restarts);
  CHECK(study.fidelity->declared_cost(26) == doctest::Approx(0.5));
  const ordered_json written = to_json(study);
  CHECK(written.at("fidelity") == ordered_json::parse(R"({"name": "epochs", "range": [1.0, 52.0], "integer": true,
                                  "log": true, "training": "restarts", "cost": "proportional"})"));
  CHECK(identity(read(written)) == identity(study));
  ordered_json dear = epochs;
  dear["cost"] = {{"power", 1.5}, {"setup", 0.02}};
  dear["training"] = "continues";
  CHECK(read(to_json(read(training_study(dear)))).fidelity->cost_power == 1.5);
  CHECK(continues_training(read(training_study(dear))));
  CHECK(identity(read(training_study(dear))) != identity(study));
  dear["cost"] = "measured";
  CHECK(read(training_study(dear)).fidelity->cost_is_measured);
}

TEST_CASE("a study without a fidelity is written as it always was") {
  const ordered_json written = to_json(read(training_study(nullptr)));
  CHECK_FALSE(written.contains("fidelity"));
  CHECK_FALSE(written.at("limits").contains("cost"));
  CHECK_FALSE(written.at("evaluator").contains("measure"));
}

TEST_CASE("a limit of cost lifts the limit of trials unless that is given too") {
  CHECK(read(training_study(epochs, {{"limits", {{"cost", 50}}}})).limits.trials == 2600);
  CHECK(read(training_study(epochs, {{"limits", {{"cost", 50}, {"trials", 30}}}})).limits.trials == 30);
  CHECK(optimization_problem(read(training_study(epochs, {{"limits", {{"cost", 50}}}}))).cost_budget == 50);
}

TEST_CASE("one value is no choice for the optimizer") {
  ordered_json one = epochs;
  one["range"] = {52, 52};
  CHECK_FALSE(optimization_problem(read(training_study(one))).fidelity.has_value());
  CHECK(optimization_problem(read(training_study(epochs))).fidelity.has_value());
}

TEST_CASE("what makes no sense is refused with its place") {
  const auto with = [](const char* member, const ordered_json& value) {
    ordered_json fidelity = epochs;
    fidelity[member] = value;
    return training_study(fidelity);
  };
  refused(with("name", "x"), "s.json/fidelity/name");      // a hyperparameter
  refused(with("name", "error"), "s.json/fidelity/name");  // an objective
  refused(with("name", "seed"), "s.json/fidelity/name");
  refused(with("name", ""), "s.json/fidelity/name");
  refused(with("range", {52, 1}), "reversed");
  refused(with("range", {1}), "s.json/fidelity/range");
  refused(with("range", {0, 52}), "s.json/fidelity/range");
  refused(with("range", {1, 2.5}), "whole numbers");
  refused(with("cost", "cheap"), "s.json/fidelity/cost");
  refused(with("cost", {{"power", 0}}), "s.json/fidelity/cost/power");
  refused(with("cost", {{"setup", -1}}), "s.json/fidelity/cost/setup");
  refused(with("training", "sometimes"), "s.json/fidelity/training");
  refused(with("steps", 3), "s.json/fidelity/steps");
  refused(training_study({{"name", "epochs"}}), "\"range\" is missing");
  refused(training_study(nullptr, {{"limits", {{"cost", 5}}}}), "s.json/limits/cost");
  refused({{"evaluator", {{"problem", "zdt1"}}}, {"fidelity", epochs}}, "s.json/fidelity");
}

}  // namespace fidelity_specification_test
