#include <hyperego/core/error.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <limits>

using namespace hyperego;

namespace {

// Player 0 has a left glove, players 1 and 2 have a right one each; a pair is worth 1. By hand: a = [0,0,0, {01}: 1, 0,
// {02}: 1, {12}: 0, {012}: −1].
const std::vector<double> glove = {0, 0, 0, 1, 0, 1, 0, 1};

}  // namespace

TEST_CASE("the glove game by hand") {
  const std::vector<double> sv = shapley_values(glove);
  CHECK_EQ(sv[0], doctest::Approx(2.0 / 3).epsilon(1e-15));
  CHECK_EQ(sv[1], doctest::Approx(1.0 / 6).epsilon(1e-15));
  CHECK_EQ(sv[2], doctest::Approx(1.0 / 6).epsilon(1e-15));

  const auto check = [](InteractionIndex index, int order, const std::vector<double>& expected) {
    const InteractionValues values = interaction_values(glove, index, order);
    CAPTURE(to_string(index));
    REQUIRE_EQ(values.values.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(std::abs(values.values[i] - expected[i]) <= 1e-15);
  };
  check(InteractionIndex::moebius, 3, {0, 0, 0, 1, 1, 0, -1});
  check(InteractionIndex::co_moebius, 3, {1, 0, 0, 0, 0, -1, -1});
  check(InteractionIndex::bv, 1, {0.75, 0.25, 0.25});
  check(InteractionIndex::sii, 2, {2.0 / 3, 1.0 / 6, 1.0 / 6, 0.5, 0.5, -0.5});
  check(InteractionIndex::bii, 2, {0.75, 0.25, 0.25, 0.5, 0.5, -0.5});
  check(InteractionIndex::chii, 2, {2.0 / 3, 1.0 / 6, 1.0 / 6, 1.0 / 3, 1.0 / 3, -2.0 / 3});
  check(InteractionIndex::stii, 2, {0, 0, 0, 2.0 / 3, 2.0 / 3, -1.0 / 3});
  // SII less half of the pairs that hold the player.
  check(InteractionIndex::k_sii, 2, {1.0 / 6, 1.0 / 6, 1.0 / 6, 0.5, 0.5, -0.5});
  check(InteractionIndex::fsii, 2, {1.0 / 6, 1.0 / 6, 1.0 / 6, 0.5, 0.5, -0.5});
  check(InteractionIndex::fbii, 2, {0.25, 0.25, 0.25, 0.5, 0.5, -0.5});
}

TEST_CASE("entries of the empty interaction") {
  std::vector<double> game = glove;
  for (double& value : game) value += 3;
  CHECK_EQ(interaction_values(game, InteractionIndex::sv, 1).empty_interaction, 3);
  CHECK_EQ(interaction_values(game, InteractionIndex::bii, 2).empty_interaction, doctest::Approx(3 + 3.0 / 8));
  CHECK_EQ(interaction_values(game, InteractionIndex::sii, 2).empty_interaction,
           doctest::Approx(3 + 2.0 / 3 - 1.0 / 4));
  CHECK_EQ(interaction_values(game, InteractionIndex::fbii, 2).empty_interaction, doctest::Approx(3 - 1.0 / 8));
}

TEST_CASE("a large constant costs no accuracy") {
  std::vector<double> game = glove;
  for (double& value : game) value += 1048576;  // exactly representable with the gloves
  CHECK_EQ(interaction_values(game, InteractionIndex::fsii, 2).values,
           interaction_values(glove, InteractionIndex::fsii, 2).values);
}

TEST_CASE("interactions are listed by size, then lexicographically, and found again") {
  const InteractionValues values = interaction_values(std::vector<double>(32, 1.0), InteractionIndex::stii, 3);
  CHECK_EQ(values.interactions.size(), 5 + 10 + 10);
  CHECK_EQ(values.interactions[5], 0b00011);
  CHECK_EQ(values.interactions[6], 0b00101);
  for (std::size_t i = 0; i < values.interactions.size(); ++i) CHECK_EQ(values.position(values.interactions[i]), i);
  CHECK_THROWS_AS(static_cast<void>(values.at(0)), InvalidInput);
  CHECK_THROWS_AS(static_cast<void>(values.at(0b1111)), InvalidInput);
  CHECK_THROWS_AS(static_cast<void>(values.at(0b100000)), InvalidInput);
}

TEST_CASE("JSON as on the command line") {
  CHECK_EQ(
      to_json(interaction_values(std::vector<double>{1, 2, 1, 2}, InteractionIndex::moebius, 2)).dump(),
      R"({"index":"Moebius","order":2,"values":{"0":1.0,"1":0.0,"0,1":0.0},"baseline":1.0,"empty_interaction":1.0})");
}

TEST_CASE("names in any case, with a suggestion") {
  CHECK_EQ(interaction_index_of("K-sii"), InteractionIndex::k_sii);
  CHECK_EQ(interaction_index_of("co-moebius"), InteractionIndex::co_moebius);
  CHECK_THROWS_WITH_AS(static_cast<void>(interaction_index_of("Mobius")),
                       doctest::Contains("did you mean \"Moebius\"?"), InvalidInput);
}

TEST_CASE("what cannot be computed says why") {
  const auto run = [](const std::vector<double>& table, InteractionIndex index, int order) {
    static_cast<void>(interaction_values(table, index, order));
  };
  CHECK_THROWS_WITH_AS(run(glove, InteractionIndex::sii, 0), doctest::Contains("0 does not exist"), InvalidInput);
  CHECK_THROWS_WITH_AS(run(glove, InteractionIndex::sii, 4), doctest::Contains("4 is more than the 3 players"),
                       InvalidInput);
  CHECK_THROWS_WITH_AS(run(glove, InteractionIndex::sv, 2), doctest::Contains("SV has order 1 only"), InvalidInput);
  CHECK_THROWS_WITH_AS(run({0, 1, 2}, InteractionIndex::sv, 1), doctest::Contains("has 3 values"), InvalidInput);
  CHECK_THROWS_AS(run({}, InteractionIndex::sv, 1), InvalidInput);
  CHECK_THROWS_WITH_AS(run({1}, InteractionIndex::sv, 1), doctest::Contains("without players"), InvalidInput);
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    for (int s = 0; s < 8; ++s) {
      std::vector<double> table = glove;
      table[static_cast<std::size_t>(s)] = bad;
      CHECK_THROWS_WITH_AS(run(table, InteractionIndex::fsii, 2),
                           doctest::Contains(("entry " + std::to_string(s)).c_str()), InvalidInput);
      CHECK_THROWS_AS(run(table, InteractionIndex::moebius, 3), InvalidInput);
      CHECK_THROWS_AS(run(table, InteractionIndex::co_moebius, 3), InvalidInput);
    }
  }
  CHECK_THROWS_WITH_AS(run({-1e308, 1e308, 1e308, 1e308}, InteractionIndex::sii, 2), doctest::Contains("overflow"),
                       InvalidInput);
}
