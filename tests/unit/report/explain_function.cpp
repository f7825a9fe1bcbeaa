#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/report/explanation/explain_function.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

using Function = std::function<double(const Configuration&)>;

std::shared_ptr<const SearchSpace> unit_cube(int d) {
  std::vector<Hyperparameter> axes;
  for (int i = 0; i < d; ++i) axes.push_back(make_float("x" + std::to_string(i), 0, 1));
  return std::make_shared<const SearchSpace>(std::move(axes));
}

ExplainedFunction function_on(const std::shared_ptr<const SearchSpace>& space, Function function,
                              Direction direction = Direction::maximize) {
  return {.space = space,
          .predictor = std::make_shared<const FunctionPredictor>(space, std::move(function)),
          .direction = direction};
}

/// −Σ wᵢ (xᵢ − .3)², w = 3, 4, …: from the default .5 tuning xᵢ gains .04 wᵢ.
double bowl(const Configuration& x) {
  double sum = 0;
  for (std::size_t i = 0; i < x.size(); ++i) sum += static_cast<double>(3 + i) * std::pow(x[i] - 0.3, 2);
  return -sum;
}

double number_at(const ordered_json& json, const char* where, const std::string& name) {
  return json.at(where).at(name).get<double>();
}

/// Counts how often and for how many configurations it is asked.
class Counting final : public BlendPredictor {
 public:
  [[nodiscard]] int max_threads() const override { return 1; }
  [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override {
    ++calls;
    largest = std::max(largest, configurations.size());
    if (calls == fails_at) throw std::runtime_error("of the callable");
    Eigen::VectorXd values(static_cast<Eigen::Index>(configurations.size()));
    for (std::size_t k = 0; k < configurations.size(); ++k) {
      values(static_cast<Eigen::Index>(k)) = bowl(configurations[k]);
    }
    return values;
  }
  mutable int calls = 0;
  mutable std::size_t largest = 0;
  int fails_at = 0;
};

}  // namespace

TEST_CASE("a function with known answers: each value is what tuning gains") {
  const auto space = unit_cube(4);
  const ordered_json up = explain(function_on(space, bowl), {.replicates = 0});
  const ordered_json down = explain(function_on(
                                        space, [](const Configuration& x) { return -bowl(x); }, Direction::minimize),
                                    {.replicates = 0});
  for (int i = 0; i < 4; ++i) {
    const std::string name = "x" + std::to_string(i);
    CHECK(number_at(up, "values", name) == doctest::Approx(0.04 * (3 + i)).epsilon(0.001));
    CHECK(number_at(down, "values", name) == doctest::Approx(0.04 * (3 + i)).epsilon(0.001));
  }
  CHECK(up.at("empty") == doctest::Approx(-0.72));
  CHECK(up.at("own_unit").at("all").get<double>() == doctest::Approx(0).epsilon(1e-4));
  CHECK(down.at("own_unit").at("baseline").get<double>() == doctest::Approx(0.72));
  CHECK(up.at("faithfulness").get<double>() == doctest::Approx(1));
  CHECK(up.at("target").at("objective") == "value");
  CHECK(up.at("summary").get<std::string>().find("x3 matters most") == 0);
  for (const char* of_trials : {"fit", "p_value", "p_values", "best_seen"}) CHECK_FALSE(up.contains(of_trials));
}

TEST_CASE("a ridge that no coordinate leads along is climbed, too") {
  const auto space = unit_cube(2);
  const auto ridge = [](const Configuration& x) { return 1 - 50 * std::pow(x[0] - x[1], 2) - std::pow(x[0] - 0.9, 2); };
  const ordered_json json = explain(function_on(space, ridge), {.replicates = 0});
  CHECK(json.at("full").get<double>() == doctest::Approx(1).epsilon(1e-3));
}

TEST_CASE("every game that a function can play, with intervals of sampling") {
  const auto space = unit_cube(3);
  const ExplainedFunction function = function_on(space, bowl);
  for (const GameKind kind :
       {GameKind::ablation, GameKind::sensitivity, GameKind::tunability, GameKind::mistunability}) {
    const ordered_json json = explain(function, {.game = kind});
    CAPTURE(json.at("game").get<std::string>());
    CHECK(json.at("coalitions") == 8);
    CHECK(json.contains("of") == (kind == GameKind::ablation));
    CHECK(json.at("intervals").contains("sampling") == (kind != GameKind::ablation));
    CHECK_FALSE(json.at("intervals").contains("model"));
  }
  const ordered_json sensitivity = explain(function, {.game = GameKind::sensitivity});
  // Var of w (x − .3)² with x uniform: w² (E(x − .3)⁴ − (E(x − .3)²)²) = w² (.0341 − .1233²).
  CHECK(number_at(sensitivity, "values", "x0") == doctest::Approx(9 * (0.0341 - 0.0152111)).epsilon(0.02));
  ExplainOptions bias{.game = GameKind::optimizer_bias};
  bias.bias.optimizer = "random";
  bias.bias.trials = 5;
  CHECK(explain(function, bias).at("game") == "optimizer_bias");
}

TEST_CASE("ablation explains the configuration that is given, or the best of the samples") {
  const auto space = unit_cube(2);
  ExplainOptions options{.game = GameKind::ablation};
  const ordered_json best = explain(function_on(space, bowl), options);
  CHECK(best.at("notes").dump().find("the best of 1000 samples") != std::string::npos);
  CHECK(number_at(best, "of", "x1") == doctest::Approx(0.3).epsilon(0.2));
  options.of = Configuration(std::vector<double>{0.3, 1});
  const ordered_json given = explain(function_on(space, bowl), options);
  CHECK(number_at(given, "values", "x0") == doctest::Approx(0.12));
  CHECK(number_at(given, "values", "x1") == doctest::Approx(4 * (0.04 - 0.49)));
  CHECK(given.at("notes").empty());
}

TEST_CASE("estimates and aggregates of functions") {
  const auto space = unit_cube(5);
  const ordered_json estimate = explain(function_on(space, bowl), {.budget = 24});
  CHECK(estimate.at("method") == "estimated");
  CHECK(estimate.at("intervals").contains("sampling"));
  const std::vector<ExplainedFunction> two{function_on(space, bowl),
                                           function_on(space, [](const Configuration& x) { return 3 * bowl(x); })};
  const ordered_json mean = explain_functions(two, {.replicates = 0});
  CHECK(number_at(mean, "values", "x1") == doctest::Approx(0.16 * 2).epsilon(0.001));
  CHECK(mean.at("studies") == 2);
}

TEST_CASE("a function is asked for whole tiles and for all coalitions at a time") {
  const auto space = unit_cube(6);
  const auto counting = std::make_shared<Counting>();
  const ordered_json json = explain({.space = space, .predictor = counting}, {.replicates = 0});
  for (int i = 0; i < 6; ++i) {
    CHECK(number_at(json, "values", "x" + std::to_string(i)) == doctest::Approx(0.04 * (3 + i)).epsilon(0.001));
  }
  CHECK(counting->calls < 80);
  CHECK(counting->largest == 256 * 64);
}

TEST_CASE("an exception of the function comes out unchanged and stops further calls") {
  const auto space = unit_cube(4);
  for (const int fails_at : {1, 3, 9}) {
    const auto counting = std::make_shared<Counting>();
    counting->fails_at = fails_at;
    CHECK_THROWS_WITH_AS((void)explain({.space = space, .predictor = counting}, {.threads = 4}), "of the callable",
                         std::runtime_error);
    CHECK(counting->calls == fails_at);
  }
}

TEST_CASE("an explanation of a function stops where its hook asks for that") {
  const auto space = unit_cube(4);
  const auto counting = std::make_shared<Counting>();
  int asked = 0;
  const ProgressHook third = [&](const ProgressStep&) { return ++asked < 3; };
  CHECK_THROWS_AS((void)explain({.space = space, .predictor = counting}, {.progress = third}), Stopped);
  CHECK(counting->calls < 4);
}

TEST_CASE("what a function cannot be asked is said") {
  const auto space = unit_cube(2);
  const ExplainedFunction function = function_on(space, bowl);
  CHECK_THROWS_AS((void)explain_functions({}, {}), InvalidInput);
  CHECK_THROWS_AS((void)explain({.space = space, .predictor = nullptr}, {}), InvalidInput);
  CHECK_THROWS_AS((void)explain(function, {.draws = 3}), InvalidInput);
  CHECK_THROWS_AS((void)explain(function, {.incumbent_as_baseline = true}), InvalidInput);
  CHECK_THROWS_AS((void)explain(function, {.baselines = {Configuration(2)}}), InvalidInput);
  const auto other = unit_cube(3);
  const std::vector<ExplainedFunction> different{function, function_on(other, bowl)};
  CHECK_THROWS_AS((void)explain_functions(different, {}), InvalidInput);
  const auto undefined = function_on(space, [](const Configuration& x) { return std::log(x[0] - 0.2); });
  CHECK_THROWS_AS((void)explain(undefined, {}), InvalidInput);
}
