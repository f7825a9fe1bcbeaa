#include <hyperego/core/error.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/scalarization/preference.hpp>
#include <hyperego/moo/scalarization/weights.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <string>

using namespace hyperego;
using nlohmann::ordered_json;

namespace preference_test {
namespace {

const std::vector<Objective> three{{.name = "error"}, {.name = "cost"}, {.name = "size"}};

Preference preference(const ordered_json& json, const std::vector<Objective>& objectives = three) {
  return read_preference(JsonReader(json, "study.json/optimizer/preference"), objectives);
}

OptimizationProblem problem(std::uint64_t budget = 30) {
  const auto space = std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1), make_float("y", 0, 1)});
  return {.space = space, .objectives = {{.name = "f"}, {.name = "g"}}, .initial_configurations = {}, .budget = budget};
}

std::vector<Decision> decisions(const ordered_json& options, int trials) {
  const auto optimizer = make_optimizer(problem(), options, "optimizer");
  std::vector<Decision> all;
  for (int t = 0; t < trials; ++t) {
    Suggestion asked = optimizer->ask(1).at(0);
    const Configuration& c = asked.configuration;
    optimizer->tell({asked.trial, c, {.objectives = Eigen::Vector2d(c[0] + c[1], 1 - c[0] + c[1])}});
    all.push_back(std::move(asked.decision));
  }
  return all;
}

}  // namespace

TEST_CASE("preferred weights lie within the ranges and cover them") {
  for (const ordered_json& json :
       {ordered_json::object(), ordered_json{{"error", {0.5, 0.7}}},
        ordered_json{{"error", {0.2, 0.3}}, {"size", {0, 0.1}}}, ordered_json{{"error", {1.0, 1.0}}},
        ordered_json{{"error", {0.1, 0.1}}, {"cost", {0.2, 0.2}}, {"size", {0.7, 0.7}}}}) {
    CAPTURE(json);
    const Preference wanted = preference(json);
    wanted.validate();
    Eigen::Vector3d least = Eigen::Vector3d::Constant(2);
    Eigen::Vector3d most = Eigen::Vector3d::Constant(-1);
    for (std::uint64_t i = 0; i < 300; ++i) {
      const Eigen::VectorXd w = preferred_weights(wanted, i, 7);
      CHECK(w.sum() == doctest::Approx(1));
      CHECK(((w - wanted.lowest).array() >= -1e-9).all());
      CHECK(((wanted.highest - w).array() >= -1e-9).all());
      least = least.cwiseMin(w);
      most = most.cwiseMax(w);
    }
    if (json.contains("error")) {
      CHECK(least[0] == doctest::Approx(wanted.lowest[0]).epsilon(0.03));
      CHECK(most[0] == doctest::Approx(wanted.highest[0]).epsilon(0.03));
    }
  }
  // On the whole simplex of three: uniform, so that each weight is 1/3 in the mean and below 1/2 in 3/4 of all.
  int below_half = 0;
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const Eigen::VectorXd w = preferred_weights(preference(ordered_json::object()), i, 1);
    below_half += w[0] < 0.5 ? 1 : 0;
    mean += w / 2000;
  }
  CHECK(below_half == doctest::Approx(1500).epsilon(0.01));
  CHECK((mean.array() - 1.0 / 3).abs().maxCoeff() < 0.01);
}

TEST_CASE("of two objectives the whole range gives the usual sequence") {
  const std::vector<Objective> two{{.name = "f"}, {.name = "g"}};
  for (std::uint64_t i = 0; i < 50; ++i) {
    const Eigen::VectorXd usual = stratified_weights(2, i, 3);
    CHECK((preferred_weights(preference(ordered_json::object(), two), i, 3) - usual).norm() < 1e-12);
  }
}

TEST_CASE("a preference that no trade-off meets is refused with the reason") {
  CHECK_THROWS_WITH_AS((void)preference({{"error", {0.6, 1}}, {"cost", {0.6, 1}}}),
                       "study.json/optimizer/preference: the lowest weights sum to 1.2, but all weights of a trade-off "
                       "together make 1; lower one of them",
                       InvalidInput);
  CHECK_THROWS_WITH_AS((void)preference({{"error", {0, 0.3}}, {"cost", {0, 0.3}}, {"size", {0, 0.3}}}),
                       doctest::Contains("the highest weights sum to 0.9"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)preference({{"eror", {0, 0.3}}}), doctest::Contains("did you mean \"error\""),
                       InvalidInput);
  CHECK_THROWS_WITH_AS((void)preference({{"error", {0.4, 0.3}}}),
                       doctest::Contains("the lowest weight is above the highest"), InvalidInput);
  CHECK_THROWS_AS((void)preference({{"error", {0.4}}}), InvalidInput);
  CHECK_THROWS_AS((void)preference({{"error", {0.4, 1.2}}}), InvalidInput);
  CHECK_THROWS_AS((void)preference({{"error", 0.4}}), InvalidInput);
  CHECK_NOTHROW((void)preference({{"error", {0.1, 0.1}}, {"cost", {0.2, 0.2}}, {"size", {0.7, 0.7}}}));
}

TEST_CASE("a search with a preference uses its weights only, says so, and leaves hypervolume alone") {
  const ordered_json plain{
      {"name", "parego"}, {"hypervolume_share", 0.5}, {"acquisition", {{"random_candidates", 100}, {"starts", 2}}}};
  ordered_json wanting = plain;
  wanting["preference"] = {{"g", {0.7, 0.9}}};
  int by_model = 0;
  for (const Decision& decision : decisions(wanting, 30)) {
    CHECK(decision.phase != Decision::Phase::hypervolume);
    if (decision.phase == Decision::Phase::initial) continue;
    ++by_model;
    REQUIRE(decision.weights.size() == 2);
    CHECK(decision.weights[1] >= 0.7 - 1e-12);
    CHECK(decision.weights[1] <= 0.9 + 1e-12);
    REQUIRE(decision.preference);
    CHECK(decision.preference->lowest[1] == 0.7);
  }
  CHECK(by_model > 20);
  int by_hypervolume = 0;
  for (const Decision& decision : decisions(plain, 30)) {
    by_hypervolume += decision.phase == Decision::Phase::hypervolume ? 1 : 0;
    CHECK_FALSE(decision.preference);
  }
  CHECK(by_hypervolume > 10);
}

}  // namespace preference_test
