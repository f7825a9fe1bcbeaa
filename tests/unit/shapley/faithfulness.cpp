#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/shapley/index/faithfulness.hpp>

#include <doctest/doctest.h>

using namespace hyperego;

TEST_CASE("an explanation of full order is perfect and higher orders of FSII explain more") {
  Rng rng(3, "faithfulness");
  std::vector<double> table(64);
  for (double& value : table) value = 5 + rng.normal();
  double previous = -1;
  for (int order = 1; order <= 6; ++order) {
    const Faithfulness fit = faithfulness(table, interaction_values(table, InteractionIndex::fsii, order));
    CHECK_GE(fit.r_squared, previous - 1e-12);
    previous = fit.r_squared;
  }
  CHECK_EQ(previous, doctest::Approx(1.0).epsilon(1e-12));
  CHECK_EQ(faithfulness(table, interaction_values(table, InteractionIndex::fbii, 6)).r_squared, doctest::Approx(1.0));
}

// Glove game, SV = (2/3, 1/6, 1/6): all interior coalitions weigh 1/6; v = 0 0 1 0 1 0 and g = 2/3 1/6 5/6 1/6 5/6 1/3.
TEST_CASE("Shapley-weighted R² by hand") {
  const std::vector<double> glove = {0, 0, 0, 1, 0, 1, 0, 1};
  const Faithfulness fit = faithfulness(glove, interaction_values(glove, InteractionIndex::sv, 1));
  CHECK_EQ(fit.residual, doctest::Approx((4.0 / 9 + 4.0 / 36 + 1.0 / 9) / 6));
  CHECK_EQ(fit.total, doctest::Approx(2.0 / 9));
  CHECK_EQ(fit.r_squared, doctest::Approx(1 - (24.0 / 36 / 6) / (2.0 / 9)));
}

TEST_CASE("constant games, one player, other games") {
  const std::vector<double> constant(8, 2.5);
  InteractionValues explanation = interaction_values(constant, InteractionIndex::sv, 1);
  CHECK_EQ(faithfulness(constant, explanation).r_squared, 1);
  explanation.values[0] = 1;
  CHECK_EQ(faithfulness(constant, explanation).r_squared, 0);
  const std::vector<double> single = {1, 4};
  CHECK_EQ(faithfulness(single, interaction_values(single, InteractionIndex::sv, 1)).r_squared, 1);
  CHECK_THROWS_AS(static_cast<void>(faithfulness(single, explanation)), InvalidInput);
}
