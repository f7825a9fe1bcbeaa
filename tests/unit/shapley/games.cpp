#include <hyperego/core/blend.hpp>
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/shapley/game/game_aggregate.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "property/shapley/random_spaces.hpp"
#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace hyperego;
using namespace hyperego::test;

namespace {

std::shared_ptr<const SearchSpace> line_space(int players) {
  std::vector<Hyperparameter> hyperparameters;
  for (int i = 0; i < players; ++i) hyperparameters.push_back(make_float("x" + std::to_string(i), 0, 1));
  return std::make_shared<const SearchSpace>(hyperparameters);
}

Configuration constant(std::size_t size, double value) { return Configuration(std::vector<double>(size, value)); }

FunctionPredictor weighted_sum(const std::shared_ptr<const SearchSpace>& space) {
  return {space, [](const Configuration& c) {
            double sum = 0;
            for (std::size_t i = 0; i < c.size(); ++i) sum += static_cast<double>(i + 1) * c[i];
            return sum;
          }};
}

template <typename Call>
std::string message_of(const Call& call) {
  try {
    call();
  } catch (const InvalidInput& error) {
    return error.what();
  }
  return "nothing thrown";
}

bool mentions(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the games of an additive function are known") {
  const auto space = line_space(3);
  const FunctionPredictor predictor = weighted_sum(space);
  const Configuration baseline = constant(3, 0.5);

  const GameTable ablation =
      play_game(predictor, Blends(space, baseline, {constant(3, 1)}), {.kind = GameKind::ablation});
  for (Coalition s = 0; s < 8; ++s) {
    double expected = 3;
    for (int i = 0; i < 3; ++i) expected += contains(s, i) ? 0.5 * (i + 1) : 0;
    CHECK(ablation.values[s] == doctest::Approx(expected));
  }
  // Without a gradient the search only comes near; the true values are those of the ablation towards all ones.
  const Blends blends(space, baseline, draw_samples(space, 200, 1));
  const GameTable tunability = play_game(predictor, blends);
  for (Coalition s = 0; s < 8; ++s) {
    CHECK(tunability.values[s] <= ablation.values[s] + 1e-12);
    CHECK(tunability.values[s] >= ablation.values[s] - 0.06);
  }
  CHECK(tunability.number_of_players() == 3);
  CHECK(tunability.legal_share(5) == 1);
  CHECK(tunability.statuses.empty());
  CHECK(mentions(tunability.brief(), "tunability game of 3 players"));
  CHECK(tunability.normalised().front() == 0);
  const auto json = tunability.to_json();
  CHECK(json.at("game") == "tunability");
  CHECK(json.at("maximum") == "optimized");
  CHECK(json.at("values").size() == 8);
}

TEST_CASE("a minimised predictor is turned by the sign") {
  const auto space = line_space(2);
  const FunctionPredictor predictor = weighted_sum(space);
  const Blends blends(space, constant(2, 0.5), {constant(2, 0), constant(2, 1)});
  const GameTable table = play_game(predictor, blends, {.maximum = MaximumKind::sampled, .sign = -1});
  CHECK(table.values == std::vector<double>{-1.5, -1, -0.5, 0});
}

TEST_CASE("the baseline joins the candidates only of a closed game") {
  const auto space = line_space(2);
  const FunctionPredictor predictor = weighted_sum(space);
  const Blends blends(space, constant(2, 0.5), {constant(2, 0)});
  CHECK(play_game(predictor, blends, {.maximum = MaximumKind::sampled}).values ==
        std::vector<double>{1.5, 1.5, 1.5, 1.5});
  CHECK(play_game(predictor, blends, {.maximum = MaximumKind::sampled, .closed = false}).values ==
        std::vector<double>{1.5, 1, 0.5, 0});
}

TEST_CASE("one sample is enough for every game") {
  const auto space = line_space(2);
  const FunctionPredictor predictor = weighted_sum(space);
  const Blends blends(space, constant(2, 0.5), {constant(2, 0.25)});
  CHECK(play_game(predictor, blends, {.kind = GameKind::sensitivity}).values == std::vector<double>{0, 0, 0, 0});
  CHECK(std::isfinite(play_game(predictor, blends).full()));
}

TEST_CASE("variance does not drown in a large mean") {
  const auto space = line_space(1);
  const FunctionPredictor predictor(space, [](const Configuration& c) { return 1e9 + c[0]; });
  std::vector<Configuration> samples;
  for (int i = 0; i < 200; ++i) samples.push_back(constant(1, i % 2 == 0 ? 0.25 : 0.75));
  const GameTable table =
      play_game(predictor, Blends(space, constant(1, 0.5), samples), {.kind = GameKind::sensitivity});
  CHECK(table.values[1] == doctest::Approx(0.0625).epsilon(1e-9));
}

TEST_CASE("coalitions without legal samples are a status, not an exception") {
  // b is forbidden together with everything but the baseline's a.
  const std::vector<Hyperparameter> hyperparameters{make_categorical("a", {std::string("x"), std::string("y")}),
                                                    make_categorical("b", {std::string("x"), std::string("y")})};
  const std::vector<ForbiddenClause> clauses{
      {.terms = {{.hyperparameter = 0, .codes = {0}}, {.hyperparameter = 1, .codes = {1}}}}};
  const auto space =
      std::make_shared<const SearchSpace>(hyperparameters, std::vector<SearchSpace::ChildCondition>{}, clauses);
  const FunctionPredictor predictor(space, [](const Configuration& c) { return c[0] + 2 * c[1]; });
  const Blends blends(space, Configuration(std::vector<double>{0, 0}), {Configuration(std::vector<double>{1, 1})},
                      BlendTreatment::drop);
  for (const bool closed : {true, false}) {
    const GameTable table = play_game(predictor, blends, {.maximum = MaximumKind::sampled, .closed = closed});
    CHECK(table.values == std::vector<double>{0, 1, 0, 3});
    CHECK(table.legal == std::vector<std::uint32_t>{1, 1, 0, 1});
    CHECK(table.without_legal_sample == std::vector<Coalition>{2});
    REQUIRE(table.statuses.size() == 2);
    CHECK(mentions(table.statuses[0], "fewer than 5 % legal samples"));
    CHECK(mentions(table.statuses[0], "{b}"));
    CHECK(mentions(table.statuses[1], closed ? "best subset" : "baseline"));
  }
  const GameTable variance = play_game(predictor, blends, {.kind = GameKind::sensitivity});
  CHECK(variance.values == std::vector<double>{0, 0, 0, 0});
  CHECK_FALSE(variance.statuses.empty());
  CHECK(play_game(predictor, blends).values == std::vector<double>{0, 1, 0, 3});
}

TEST_CASE("an illegal blend of an ablation takes the value of the baseline") {
  const auto space = mixed_space(true, false);
  const FunctionPredictor predictor(space, RandomFunction(space, 1));
  const Configuration baseline = space->default_configuration();
  Configuration interest = baseline;
  interest.set(1, 1);
  interest.set(4, 0.1);
  const GameTable table =
      play_game(predictor, Blends(space, baseline, {interest}, BlendTreatment::drop), {.kind = GameKind::ablation});
  CHECK(table.values[0b10] == table.empty());  // the kernel alone leaves gamma unset
  CHECK(table.legal[0b10] == 0);
  CHECK(table.values[0b1010] != table.empty());
}

TEST_CASE("misuse is named") {
  const auto space = line_space(3);
  const FunctionPredictor predictor = weighted_sum(space);
  const Configuration baseline = constant(3, 0.5);
  const Blends blends(space, baseline, draw_samples(space, 4, 1));

  CHECK(mentions(message_of([&] { (void)play_game(predictor, Blends(space, baseline, {})); }),
                 "at least one configuration"));
  CHECK(mentions(message_of([&] { (void)play_game(predictor, blends, {.kind = GameKind::ablation}); }),
                 "pass exactly one"));
  CHECK(mentions(message_of([&] { (void)play_game(predictor, blends, {.kind = GameKind::optimizer_bias}); }),
                 "optimizer_bias()"));
  CHECK(mentions(message_of([&] { (void)play_game(predictor, blends, {.sign = 0.5}); }), "sign"));
  CHECK(mentions(message_of([&] { (void)play_game(predictor, blends, {.threads = -1}); }), "threads"));
  CHECK(mentions(message_of([&] { (void)Blends(space, constant(3, 2), {}); }), "baseline"));
  CHECK(mentions(message_of([&] {
                   (void)play_game(predictor,
                                   Blends(space, baseline, draw_samples(space, 4, 1), BlendTreatment::ignore));
                 }),
                 "ignore"));
  CHECK(mentions(message_of([&] {
                   const auto nothing =
                       std::make_shared<const SearchSpace>(std::vector<Hyperparameter>{make_constant("c", 1.5)});
                   (void)play_game(FunctionPredictor(nothing, [](const Configuration&) { return 0.0; }),
                                   Blends(nothing, constant(1, 0), {constant(1, 0)}));
                 }),
                 "no hyperparameter that can vary"));
}

TEST_CASE("too many players: the error states the memory and what to do instead") {
  const auto space = line_space(40);
  const FunctionPredictor predictor = weighted_sum(space);
  const Blends blends(space, constant(40, 0.5), {constant(40, 1)});
  const std::string sampled =
      message_of([&] { (void)play_game(predictor, blends, {.maximum = MaximumKind::sampled}); });
  CHECK(mentions(sampled, "GiB"));
  CHECK(mentions(sampled, "budget"));
  const auto smaller = line_space(13);
  const std::string optimized = message_of(
      [&] { (void)play_game(weighted_sum(smaller), Blends(smaller, constant(13, 0.5), {constant(13, 1)})); });
  CHECK(mentions(optimized, "MiB"));
  CHECK(mentions(optimized, "coalition_search"));
  // Held players do not count.
  CHECK(play_game(weighted_sum(smaller), Blends(smaller, constant(13, 0.5), {constant(13, 1)}), {.held = 0b1111111111})
            .values.size() == 8192);
}

TEST_CASE("a value that is not finite names its configuration") {
  const auto space = line_space(2);
  const FunctionPredictor broken(
      space, [](const Configuration& c) { return c[0] > 0.9 ? std::numeric_limits<double>::quiet_NaN() : c[0]; });
  const Blends blends(space, constant(2, 0.5), {constant(2, 0.1), constant(2, 0.95)});
  for (const GameKind kind : {GameKind::tunability, GameKind::sensitivity}) {
    const std::string message =
        message_of([&] { (void)play_game(broken, blends, {.kind = kind, .maximum = MaximumKind::sampled}); });
    CHECK(mentions(message, "\"x0\":0.95"));
  }
  // A predictor of another kind is not trusted either.
  class Broken final : public BlendPredictor {
   public:
    [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override {
      Eigen::VectorXd values(static_cast<Eigen::Index>(configurations.size()));
      for (Eigen::Index i = 0; i < values.size(); ++i) {
        const double x = configurations[static_cast<std::size_t>(i)][0];
        values(i) = x > 0.9 ? std::numeric_limits<double>::infinity() : x;
      }
      return values;
    }
  };
  CHECK(mentions(message_of([&] { (void)play_game(Broken(), blends, {.maximum = MaximumKind::sampled}); }),
                 "\"x0\":0.95"));
  CHECK(mentions(message_of([&] { (void)play_game(Broken(), blends); }), "\"x0\":0.95"));
}

TEST_CASE("names are strict") {
  CHECK(game_kind_from("mistunability", "--game") == GameKind::mistunability);
  CHECK(maximum_kind_from("optimized", "--maximum") == MaximumKind::optimized);
  const std::string message = message_of([] { (void)game_kind_from("tunabilty", "--game"); });
  CHECK(mentions(message, "--game"));
  CHECK(mentions(message, "did you mean \"tunability\"?"));
  CHECK_THROWS_AS((void)game_kind_from("Tunability", "--game"), InvalidInput);
  CHECK_THROWS_AS((void)maximum_kind_from("", "--maximum"), InvalidInput);
  CHECK_THROWS_AS((void)game_aggregate_from("average", "--aggregate"), InvalidInput);
  CHECK(game_aggregate_from("quantile", "--aggregate") == GameAggregate::quantile);
}

TEST_CASE("samples are legal, reproducible and as many as asked for") {
  const auto space = mixed_space(true, true);
  const std::vector<Configuration> samples = draw_samples(space, 100, 5);
  REQUIRE(samples.size() == 100);
  for (const Configuration& sample : samples) CHECK(static_cast<bool>(space->check(sample)));
  CHECK(samples == draw_samples(space, 100, 5));
  CHECK_FALSE(samples == draw_samples(space, 100, 6));
}

TEST_CASE("subset closure follows the origin") {
  std::vector<double> values{1, 3, 0, 2};
  std::vector<Coalition> origin{0, 1, 2, 3};
  close_over_subsets(values, 1, &origin);
  CHECK(values == std::vector<double>{1, 3, 1, 3});
  CHECK(origin == std::vector<Coalition>{0, 1, 0, 1});
  close_over_subsets(values, -1);
  CHECK(values == std::vector<double>{1, 1, 1, 1});
}

TEST_CASE("aggregates") {
  GameTable a;
  a.players = {"x"};
  a.values = {1, 4};
  GameTable b = a;
  b.values = {2, 8};
  GameTable c = a;
  c.values = {6, 0};
  const std::vector<GameTable> tables{a, b, c};
  CHECK(aggregate_games(tables, GameAggregate::mean).values == std::vector<double>{3, 4});
  CHECK(aggregate_games(tables, GameAggregate::min).values == std::vector<double>{1, 0});
  CHECK(aggregate_games(tables, GameAggregate::max).values == std::vector<double>{6, 8});
  CHECK(aggregate_games(tables, GameAggregate::quantile, 0.25).values == std::vector<double>{1.5, 2});
  CHECK(aggregate_games(tables, GameAggregate::variance).values[0] == doctest::Approx(14.0 / 3));
  const std::vector<GameTable> others{b, c};
  CHECK(optimizer_bias(a, others).values == std::vector<double>{-5, -4});
  CHECK(never_tuning(a, 1).values == std::vector<double>{1, 1});
  CHECK_THROWS_AS((void)aggregate_games({}, GameAggregate::mean), InvalidInput);
  CHECK_THROWS_AS((void)aggregate_games(tables, GameAggregate::quantile, 1.5), InvalidInput);
  CHECK_THROWS_AS((void)optimizer_bias(a, {}), InvalidInput);
  b.players = {"y"};
  CHECK_THROWS_AS((void)optimizer_bias(a, std::vector{b}), InvalidInput);
}
