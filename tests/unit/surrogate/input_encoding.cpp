#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/input_encoding.hpp>

#include <doctest/doctest.h>

#include "surrogate_spaces.hpp"
#include <vector>

using namespace hyperego;

TEST_CASE("features are coordinates and indicators of conditional hyperparameters") {
  const auto space = test::conditional_space();
  const InputEncoding encoding(space);
  CHECK(encoding.number_of_features() == 10);  // 7 searched + 3 conditional; the constant gives nothing
  CHECK(encoding.players().size() == 7);
  CHECK(encoding.feature_names()[3] == "momentum (active)");
  using enum FeatureKind;
  CHECK(encoding.kinds() == std::vector<FeatureKind>{numeric, categorical, numeric, categorical, categorical,
                                                     categorical, numeric, categorical, numeric, numeric});
  Configuration adam(space->size());
  adam.set(0, 1e-4);
  adam.set(1, 1.0);
  adam.set(4, 0.999);
  adam.set(5, 1.0);
  adam.set(6, 2.0);
  adam.set(7, 0.0);
  const Eigen::VectorXd x = encoding.encode(std::vector<Configuration>{adam}).col(0);
  CHECK(x[0] == doctest::Approx(0.0));
  CHECK(x[1] == 1.0);
  CHECK(x[2] == doctest::Approx(0.5));  // the default's, as momentum is unset
  CHECK(x[3] == 0.0);
  CHECK(x[5] == 0.0);
  CHECK(x[6] == doctest::Approx(1.0));
  CHECK(x[7] == 1.0);
  CHECK(x[8] == doctest::Approx(0.1));        // the first of five bins
  CHECK(x[9] == doctest::Approx(5.0 / 6.0));  // the last of three
}

TEST_CASE("unit gradients belong to set floats and integers only") {
  const auto space = test::conditional_space();
  const InputEncoding encoding(space);
  Configuration sgd = space->default_configuration();
  REQUIRE(sgd.is_set(2));
  const Eigen::VectorXd gradient = encoding.unit_gradient(sgd, Eigen::VectorXd::Ones(10));
  Eigen::VectorXd expected(8);
  expected << 1, 0, 1, 0, 0, 1, 0, 0;
  CHECK(gradient == expected);
}

TEST_CASE("an encoding needs its own space") {
  CHECK_THROWS_AS(InputEncoding(nullptr), InvalidInput);
  const InputEncoding encoding(test::flat_space(2));
  CHECK_THROWS_AS((void)encoding.encode(std::vector<Configuration>{Configuration(3)}), InvalidInput);
}
