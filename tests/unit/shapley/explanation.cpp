#include <hyperego/core/error.hpp>
#include <hyperego/shapley/explanation.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "property/shapley/random_spaces.hpp"
#include <cmath>
#include <string>

using namespace hyperego;
using namespace hyperego::test;

TEST_CASE("an explanation speaks of hyperparameters by name") {
  const auto space = mixed_space(true, false);
  const FunctionPredictor predictor(space, RandomFunction(space, 2));
  const Blends blends(space, space->default_configuration(), draw_samples(space, 50, 1));
  const Explanation explanation = explain(predictor, blends, {.held = 0b1, .seed = 4});
  const nlohmann::ordered_json json = explanation.to_json();
  CHECK(json.at("game") == "tunability");
  CHECK(json.at("index") == "SV");
  CHECK(json.at("players").size() == 7);
  CHECK(json.at("coalitions") == 128);
  CHECK(json.at("seed") == 4);
  double sum = 0;
  for (const auto& [name, value] : json.at("values").items()) sum += value.get<double>();
  CHECK(sum == doctest::Approx(json.at("full").get<double>() - json.at("empty").get<double>()));
  // Held players and constants are worth exactly nothing, and the reasons are there.
  CHECK(json.at("values").at("rate").get<double>() == 0);
  CHECK(json.at("values").at("version").get<double>() == 0);
  CHECK(json.at("statuses").size() == 2);
  CHECK(explanation.brief().find("most important: ") != std::string::npos);
}

TEST_CASE("interactions are keyed by both names") {
  const auto space = mixed_space(false, false);
  const FunctionPredictor predictor(space, RandomFunction(space, 2));
  const Blends blends(space, space->default_configuration(), draw_samples(space, 20, 1));
  const auto json = explain(predictor, blends, {.kind = GameKind::sensitivity}, InteractionIndex::fsii, 2).to_json();
  CHECK(json.at("values").size() == 8 + 21);
  CHECK(json.at("values").contains("rate,kernel"));
  CHECK_FALSE(json.contains("maximum"));
  CHECK_THROWS_AS((void)explain(predictor, blends, {}, InteractionIndex::fsii, 8), InvalidInput);
  GameTable other;
  other.players = {"x"};
  other.values = {0, 1};
  CHECK_THROWS_AS((void)explain(other, space, space->default_configuration()), InvalidInput);
}
