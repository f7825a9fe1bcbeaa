#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/report/explain.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

/// "a" matters much for the first objective, "b" for the second, "c" for nothing, "k" never varies.
TrialTable table(int trials = 40) {
  TrialTable result;
  result.space = std::make_shared<const SearchSpace>(
      std::vector{make_float("a", 0, 1), make_float("b", 0, 1),
                  make_categorical("c", {std::string("x"), std::string("y")}), make_float("k", 0, 1)});
  result.objectives = {{.name = "first"}, {.name = "second", .direction = Direction::maximize}};
  const Slice whole(result.space);
  Rng rng(1, "test");
  result.values.resize(2, trials);
  for (int i = 0; i < trials; ++i) {
    Configuration configuration = *whole.sample(rng);
    configuration.set(3, 0.5);
    result.values(0, i) = std::pow(configuration[0] - 0.9, 2);
    result.values(1, i) = configuration[1];
    result.configurations.push_back(configuration);
  }
  return result;
}

ordered_json explained(const ExplainTarget& target, ExplainOptions options = {}) {
  options.samples = options.samples.value_or(300);
  return explain(table(), target, options);
}

double value_of(const ordered_json& json, const char* name) { return json.at("values").at(name).get<double>(); }

}  // namespace

TEST_CASE("the hyperparameter that matters gets the importance, whatever the direction") {
  const ordered_json first = explained({.objective = "first"});
  CHECK(value_of(first, "a") > 0.1);
  CHECK(std::abs(value_of(first, "b")) < 0.1 * value_of(first, "a"));
  CHECK(value_of(first, "k") == 0);
  CHECK(first.at("notes").dump().find("\\\"k\\\" never varied") != std::string::npos);
  const ordered_json second = explained({.objective = "second"});
  CHECK(value_of(second, "b") == doctest::Approx(0.5).epsilon(0.1));
  CHECK(second.at("full").get<double>() == doctest::Approx(1).epsilon(0.05));  // raised, as it is maximised
  double sum = 0;
  for (const auto& [name, value] : second.at("values").items()) sum += value.get<double>();
  CHECK(sum == doctest::Approx(second.at("full").get<double>() - second.at("empty").get<double>()));
}

TEST_CASE("trade-offs turn from one objective to the other") {
  const ordered_json one = explained({.weights = Eigen::Vector2d(1, 0)});
  const ordered_json other = explained({.weights = Eigen::Vector2d(0, 3)});
  CHECK(value_of(one, "a") > value_of(one, "b"));
  CHECK(value_of(other, "b") > value_of(other, "a"));
  CHECK(other.at("weights") == ordered_json({0.0, 1.0}));
  CHECK(explained({}).at("weights") == ordered_json({0.5, 0.5}));
}

TEST_CASE("every game and its baselines") {
  for (const GameKind kind :
       {GameKind::ablation, GameKind::sensitivity, GameKind::tunability, GameKind::mistunability}) {
    ExplainOptions options;
    options.game = kind;
    const ordered_json json = explained({.objective = "first"}, options);
    CHECK(json.at("baseline").at("a") == 0.5);
    CHECK(json.at("coalitions") == 16);
    CHECK(json.contains("of") == (kind == GameKind::ablation));
  }
  ExplainOptions options;
  options.incumbent_as_baseline = true;
  CHECK(explained({.objective = "first"}, options).at("baseline").at("a").get<double>() > 0.8);
  options.maximum = MaximumKind::sampled;
  options.index = InteractionIndex::fsii;
  options.order = 2;
  CHECK(explained({.objective = "first"}, options).at("values").contains("a,b"));
}

TEST_CASE("the same seed gives the same bytes") {
  ExplainOptions options;
  options.seed = 5;
  options.threads = 1;
  const std::string one = explained({.objective = "first"}, options).dump();
  options.threads = 2;
  CHECK(explained({.objective = "first"}, options).dump() == one);
}

TEST_CASE("a log scale is that of the study") {
  TrialTable trials = table();
  trials.objectives[0].transform = Objective::Transform::log;
  trials.values.row(0).array() += 1;
  const ordered_json json = explain(trials, {.objective = "first"}, {.samples = 300});
  CHECK(json.at("target").at("scale") == "log");
  CHECK(json.at("full").get<double>() == doctest::Approx(0).epsilon(0.01));
  trials.values(0, 0) = -1;
  CHECK(explain(trials, {.objective = "first"}, {.samples = 300}).at("notes").dump().find("log scale") !=
        std::string::npos);
}

TEST_CASE("what cannot be explained is said") {
  CHECK_THROWS_AS((void)explain(table(1), {.objective = "first"}, {}), InvalidInput);
  CHECK_THROWS_AS((void)explained({.objective = "frist"}), InvalidInput);
  CHECK_THROWS_AS((void)explained({.weights = Eigen::Vector3d(1, 1, 1)}), InvalidInput);
  CHECK_THROWS_AS((void)explained({.weights = Eigen::Vector2d(-1, 2)}), InvalidInput);
  CHECK_THROWS_AS((void)explained({.weights = Eigen::Vector2d(0, 0)}), InvalidInput);
  ExplainOptions options;
  options.order = 2;
  CHECK_THROWS_AS((void)explained({}, options), InvalidInput);
  options = {};
  options.of = table().space->default_configuration();
  CHECK_THROWS_AS((void)explained({}, options), InvalidInput);
  options = {};
  options.baseline = Configuration(4);
  CHECK_THROWS_AS((void)explained({}, options), InvalidInput);
}

TEST_CASE("trade-offs cover the simplex") {
  const auto two = tradeoffs(2, 3);
  REQUIRE(two.size() == 3);
  CHECK(two[0] == Eigen::Vector2d(1, 0));
  CHECK(two[2] == Eigen::Vector2d(0, 1));
  CHECK(tradeoffs(2, 1)[0] == Eigen::Vector2d(0.5, 0.5));
  for (const auto& weights : tradeoffs(3, 7)) CHECK(weights.sum() == doctest::Approx(1));
  CHECK(tradeoffs(3, 7).size() == 7);
  CHECK(tradeoffs(1, 2).size() == 2);
}
