// Explanations against games whose values are known: coverage of intervals, size of the gain, bounds.
// The large form of this is tests/quality/explanation_truth.cpp.
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/report/explanation/explain.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <memory>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

/// y = (a − .9)² + .3 b, to be minimised; c does nothing. From the default ½: a is worth .16, b .15, c 0.
TrialTable table(std::size_t trials, std::uint64_t seed, double noise = 0) {
  TrialTable result{std::make_shared<const SearchSpace>(std::vector<Hyperparameter>{
                        make_float("a", 0, 1), make_float("b", 0, 1), make_float("c", 0, 1)}),
                    {{.name = "y"}},
                    {},
                    Eigen::MatrixXd(static_cast<Eigen::Index>(trials), 1)};
  for (std::size_t k = 0; k < trials; ++k) {
    Rng rng(seed, "truth-test", k);
    result.configurations.push_back(Slice(result.space).sample(rng).value());
    const Configuration& at = result.configurations.back();
    result.values(static_cast<Eigen::Index>(k), 0) = (at[0] - 0.9) * (at[0] - 0.9) + 0.3 * at[1] + noise * rng.normal();
  }
  return result;
}

ExplainOptions quick(ModelKind model) {
  ExplainOptions options;
  options.model = model;
  options.samples = 300;
  options.draws = 16;
  options.replicates = 0;
  options.permutations = 19;
  return options;
}

}  // namespace

TEST_CASE("intervals hold the truth as often as they promise") {
  const double truth[] = {0.16, 0.15, 0};
  for (const ModelKind model : {ModelKind::gp, ModelKind::forest}) {
    CAPTURE(to_string(model));
    int inside = 0;
    int values = 0;
    double gain = 0;
    constexpr int sets = 10;
    for (std::uint64_t set = 0; set < sets; ++set) {
      const ordered_json json = explain(table(25, set, 0.01), {.objective = "y"}, quick(model));
      for (std::size_t i = 0; i < 3; ++i) {
        const ordered_json& interval = json.at("intervals").at("model").at(std::string(1, "abc"[i]));
        inside += interval.at(0).get<double>() <= truth[i] && truth[i] <= interval.at(1).get<double>() ? 1 : 0;
        CHECK(interval.at(0).get<double>() < interval.at(1).get<double>());  // it varied, so there is some doubt
        ++values;
      }
      gain += (json.at("full").get<double>() - json.at("empty").get<double>()) / 0.31 / sets;
    }
    // Nominally 27 of 30; fewer than 23 are a chance of one in sixty where the nominal coverage is true.
    CHECK(inside >= 23);
    CHECK(values == 30);
    CHECK(std::abs(gain - 1) < 0.3);
  }
}

TEST_CASE("nothing promised leaves the bounds of an objective") {
  TrialTable trials = table(20, 3, 0.02);
  trials.values.array() = 1 - trials.values.array().max(0.0).min(1.0);
  trials.objectives = {{.name = "y", .direction = Direction::maximize, .lower = 0, .upper = 1}};
  const ordered_json json = explain(trials, {.objective = "y"}, quick(ModelKind::gp));
  CHECK(json.at("full").get<double>() <= 1);
  CHECK(json.at("empty").get<double>() >= 0);
  for (const char* end : {"empty", "full"}) {
    const ordered_json& interval = json.at("intervals").at("game").at(end);
    CHECK(interval.at(0).get<double>() <= json.at(end).get<double>());
    CHECK(interval.at(1).get<double>() >= json.at(end).get<double>());
  }
  for (const auto& [name, value] : json.at("own_unit").at("alone").items()) {
    CHECK(value.get<double>() <= 1);
    CHECK(value.get<double>() >= 0);
  }
}

TEST_CASE("an objective modelled by its logarithm is told in its own unit, within its bounds, in both directions") {
  for (const Direction direction : {Direction::minimize, Direction::maximize}) {
    TrialTable trials = table(30, 5, 0.02);
    const bool rises = direction == Direction::maximize;
    CAPTURE(rises);
    // The modelled logarithm is the same up to its sign: between e^-3 and 1, or 1 and e^3.
    trials.values = (trials.values.array().max(0.0).min(1.0) * (rises ? -3 : 3) + (rises ? 0 : -3)).exp();
    trials.objectives = {{.name = "y", .direction = direction, .transform = Objective::Transform::log}};
    trials.objectives[0].lower = trials.values.minCoeff();
    trials.objectives[0].upper = trials.values.maxCoeff();
    const ordered_json json = explain(trials, {.objective = "y"}, quick(ModelKind::gp));
    const double all = json.at("own_unit").at("all");
    const double baseline = json.at("own_unit").at("baseline");
    CHECK(rises == (all > baseline));
    for (const double value : {all, baseline}) {
      CHECK(value >= trials.values.minCoeff() * (1 - 1e-9));
      CHECK(value <= trials.values.maxCoeff() * (1 + 1e-9));
    }
    // Half of the trials are worse than the best by more than this.
    CHECK(std::abs(std::log(all / (rises ? trials.values.maxCoeff() : trials.values.minCoeff()))) < 0.5);
  }
}

TEST_CASE("without bounds a promise keeps to the reach of the trials") {
  const TrialTable trials = table(30, 4);
  const ordered_json json = explain(trials, {.objective = "y"}, quick(ModelKind::gp));
  CHECK(-json.at("full").get<double>() > -0.03);  // the best possible value is 0
  ExplainOptions free = quick(ModelKind::gp);
  free.reach = 0;
  const ordered_json none = explain(trials, {.objective = "y"}, free);
  CHECK(none.at("full").get<double>() <= none.at("best_seen").get<double>() + 1e-9);
}

TEST_CASE("noise has no leader, and says so") {
  TrialTable trials = table(25, 5);
  Rng rng(6, "noise");
  for (double& value : trials.values.reshaped()) value = rng.normal();
  const ordered_json json = explain(trials, {.objective = "y"}, quick(ModelKind::gp));
  CHECK(json.at("summary").get<std::string>().find("no hyperparameter can be told from noise") != std::string::npos);
  CHECK(json.at("p_value").get<double>() > 0.05);
  const ordered_json real = explain(table(40, 5), {.objective = "y"}, quick(ModelKind::gp));
  CHECK(real.at("p_values").at("a").get<double>() == doctest::Approx(0.05));
  CHECK(real.at("p_values").at("b").get<double>() == doctest::Approx(0.05));
}

TEST_CASE("what never varied is not known, and what does not vary has no shares") {
  TrialTable trials = table(20, 7);
  for (Configuration& trial : trials.configurations) trial.set(2, 0.3);
  const ordered_json json = explain(trials, {.objective = "y"}, quick(ModelKind::gp));
  CHECK(json.at("values").at("c").is_null());
  CHECK(json.at("p_values").at("c").is_null());
  CHECK(json.at("intervals").at("model").at("c").is_null());
  CHECK(json.at("summary").get<std::string>().find("never varied: c") != std::string::npos);
  trials = table(20, 8);
  for (double& value : trials.values.reshaped()) value = 3 + 1e-13 * value;
  const ordered_json flat = explain(trials, {.objective = "y"}, quick(ModelKind::gp));
  for (const auto& [name, value] : flat.at("values").items()) CHECK(value == 0);
  CHECK(flat.at("notes").dump().find("does not vary") != std::string::npos);
}

TEST_CASE("players that went together have one value that is known") {
  TrialTable trials = table(40, 9);
  for (std::size_t k = 0; k < trials.configurations.size(); ++k) {
    Configuration& at = trials.configurations[k];
    at.set(1, at[0]);
    trials.values(static_cast<Eigen::Index>(k), 0) = (at[0] - 0.9) * (at[0] - 0.9);
  }
  const ordered_json json = explain(trials, {.objective = "y"}, quick(ModelKind::gp));
  REQUIRE(json.at("dependent").size() == 1);
  const ordered_json& pair = json.at("dependent").at(0);
  CHECK(pair.at("players") == ordered_json{"a", "b"});
  CHECK(pair.at("joint_value").get<double>() == doctest::Approx(0.16).epsilon(0.1));
  CHECK(json.at("p_values").at("a").get<double>() == doctest::Approx(0.05));
}
