#include <hyperego/core/blend.hpp>
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/error.hpp>

#include <doctest/doctest.h>

#include "core_spaces.hpp"
#include <limits>

using namespace hyperego;

TEST_CASE("blends name what is wrong with their arguments") {
  const auto space = test::flat_space();
  const Configuration defaults = space->default_configuration();
  Configuration unset = defaults;
  unset.unset(1);
  Configuration illegal = defaults;
  illegal.set(2, 9);
  CHECK_THROWS_WITH_AS(Blends(space, Configuration(1), {}), "baseline: has 1 entries in a space of 6 hyperparameters",
                       InvalidInput);
  CHECK_THROWS_WITH_AS(Blends(space, unset, {}),
                       "baseline: \"y\" is active but not set; give a float in [0.0001, 10] (log)", InvalidInput);
  CHECK_NOTHROW(Blends(space, unset, {}, BlendTreatment::ignore));
  CHECK_THROWS_WITH_AS(Blends(space, defaults, {defaults, illegal}),
                       "samples/1: \"k\" is outside its domain; give an integer in [1, 6]", InvalidInput);
  CHECK_THROWS_WITH_AS(Blends(space, defaults, {}, BlendTreatment::repair, unset),
                       "completion: \"y\" is not set; give a value for each", InvalidInput);
  CHECK_THROWS_AS(Blends(nullptr, defaults, {}), InvalidInput);
  std::vector<Hyperparameter> many;
  for (int i = 0; i < 64; ++i) many.push_back(make_float("x" + std::to_string(i), 0, 1));
  const auto wide = std::make_shared<const SearchSpace>(many);
  CHECK_THROWS_AS(Blends(wide, wide->default_configuration(), {}), InvalidInput);
}

TEST_CASE("an incomplete sample counts under drop only where it is blinded") {
  const auto space = test::flat_space();
  Configuration sample = space->default_configuration();
  sample.unset(1);
  const Blends blends(space, space->default_configuration(), {sample}, BlendTreatment::drop);
  CHECK_FALSE(blends.all_count());
  CHECK(blends.counts(0, 0b01));
  CHECK_FALSE(blends.counts(0, 0b10));
}

TEST_CASE("treatments have names") {
  CHECK(to_string(BlendTreatment::drop) == "drop");
  CHECK(to_string(BlendTreatment::repair) == "repair");
  CHECK(to_string(BlendTreatment::ignore) == "ignore");
}

TEST_CASE("predictors complain with a configuration in hand") {
  const auto space = std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1)});
  const FunctionPredictor predictor(
      space, [](const Configuration& c) { return c[0] < 0.2 ? 1 : std::numeric_limits<double>::infinity(); });
  const std::vector<Configuration> configurations{Configuration(std::vector<double>{0.1}),
                                                  Configuration(std::vector<double>{0.25})};
  CHECK_THROWS_WITH_AS((void)predictor.predict(configurations),
                       "function: returned a value that is not finite for {\"x\":0.25}; return a finite number for "
                       "every legal configuration",
                       InvalidInput);
  CHECK_FALSE(predictor.has_gradient());
  Eigen::VectorXd gradient(1);
  CHECK_THROWS_AS((void)predictor.value_and_gradient(configurations[0], gradient), Error);
  const Blends blends(space, configurations[0], {configurations[0]});
  Eigen::MatrixXd tile(1, 2);
  const std::vector<Coalition> coalitions{0};
  CHECK_THROWS_AS(predictor.predict_blends(blends, 0, coalitions, tile), InvalidInput);
  CHECK_THROWS_AS(FunctionPredictor(space, nullptr), InvalidInput);
}
