#include <hyperego/core/error.hpp>
#include <hyperego/moo/model/chebyshev_predictor.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/optimizer/optimizer_game.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

std::shared_ptr<const SearchSpace> small_space() {
  return std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1), make_float("y", 0, 1),
                                                         make_categorical("c", {std::string("a"), std::string("b")})});
}

double bowl(const Configuration& configuration) {
  return std::pow(configuration[0] - 0.9, 2) + configuration[1] + (configuration[2] == 0 ? 0.5 : 0);
}

}  // namespace

TEST_CASE("an optimizer tunes the players of the coalition and nothing else") {
  const auto space = small_space();
  std::vector<Configuration> asked;
  const FunctionPredictor predictor(space, [&](const Configuration& configuration) {
    asked.push_back(configuration);
    return bowl(configuration);
  });
  const Configuration baseline = space->default_configuration();
  const GameTable table =
      play_optimizer(predictor, space, baseline, {{"name", "random"}}, {.trials = 20, .held = 0b010});
  CHECK(table.empty() == doctest::Approx(-bowl(baseline)));
  for (std::size_t s = 0; s < 8; ++s) CHECK(table.values[s] >= table.empty());
  CHECK(table.values[0b001] > table.empty());
  CHECK(table.values[0b100] == doctest::Approx(table.empty() + 0.5));
  CHECK(table.values[0b011] == table.values[0b001]);
  for (const Configuration& configuration : asked) CHECK(configuration[1] == baseline[1]);
}

TEST_CASE("every optimizer stays on its slice, whatever the number of threads") {
  const auto space = small_space();
  std::vector<bool> free{true, false, true};
  Configuration frozen = space->default_configuration();
  frozen.set(1, 0.125);
  for (const std::string& name : optimizer_names()) {
    CAPTURE(name);
    OptimizationProblem problem{.space = space,
                                .objectives = {{.name = "v"}},
                                .initial_configurations = {space->default_configuration()},
                                .budget = 18,
                                .seed = 3,
                                .within = Slice(space, free, frozen)};
    const auto optimizer = make_optimizer(problem, {{"name", name}}, "optimizer");
    for (int trial = 0; trial < 18; ++trial) {
      const auto suggestions = optimizer->ask(1);
      REQUIRE(suggestions.size() == 1);
      CHECK(suggestions[0].configuration[1] == 0.125);
      for (const std::size_t i : suggestions[0].decision.free) CHECK(i != 1);
      optimizer->tell({.number = suggestions[0].trial,
                       .configuration = suggestions[0].configuration,
                       .outcome = {.objectives = Eigen::VectorXd::Constant(1, bowl(suggestions[0].configuration))}});
    }
  }
}

TEST_CASE("an optimizer's game that cannot be played says why") {
  const auto space = small_space();
  const FunctionPredictor nan(space, [](const Configuration&) { return std::numeric_limits<double>::quiet_NaN(); });
  CHECK_THROWS_AS((void)play_optimizer(nan, space, space->default_configuration(), {{"name", "random"}}), InvalidInput);
  const FunctionPredictor fine(space, bowl);
  CHECK_THROWS_AS((void)play_optimizer(fine, space, Configuration(3), {{"name", "random"}}), InvalidInput);
  CHECK_THROWS_AS((void)play_optimizer(fine, space, space->default_configuration(), {{"name", "?"}}), InvalidInput);
  CHECK_THROWS_AS(
      (void)play_optimizer(fine, space, space->default_configuration(), {{"name", "random"}}, {.trials = 0}),
      InvalidInput);
}

TEST_CASE("the runs of an optimizer are told one by one, and end where that is asked for") {
  const auto space = std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1), make_float("y", 0, 1)});
  int calls = 0;
  const FunctionPredictor predictor(space, [&](const Configuration& c) {
    ++calls;
    return c[0] + c[1];
  });
  std::uint64_t done = 0, total = 0;
  OptimizerGameOptions options{.trials = 10, .threads = 2, .progress = [&](const ProgressStep& step) {
                                 CHECK(step.done == done + 1);
                                 done = step.done;
                                 total = step.total;
                                 return true;
                               }};
  const Configuration baseline = space->default_configuration();
  (void)play_optimizer(predictor, space, baseline, {{"name", "random"}}, options);
  CHECK(total == 31);
  CHECK(done == total);
  CHECK(calls == 31);
  calls = 0;
  options.progress = [](const ProgressStep& step) { return step.done < 15; };
  CHECK_THROWS_AS((void)play_optimizer(predictor, space, baseline, {{"name", "random"}}, options), Stopped);
  CHECK(calls == 15);
}

TEST_CASE("a trade-off is asked from as many threads as its weighted objectives bear") {
  const auto space = std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1)});
  class Any final : public BlendPredictor {
    [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override {
      return Eigen::VectorXd::Zero(static_cast<Eigen::Index>(configurations.size()));
    }
  };
  const auto any = std::make_shared<Any>();
  const auto one = std::make_shared<FunctionPredictor>(space, [](const Configuration& c) { return c[0]; });
  const auto tradeoff = [&](double weight) {
    return ChebyshevPredictor({any, one}, ChebyshevWeights(Eigen::Vector2d(1 - weight, weight), Eigen::Vector2d(0, 0),
                                                           Eigen::Vector2d(1, 1)));
  };
  CHECK(tradeoff(0.5).max_threads() == 1);
  CHECK(tradeoff(0).max_threads() == any->max_threads());
}
