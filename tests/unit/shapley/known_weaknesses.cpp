// Faults that the Python packages HyperSHAP and shapiq were seen to have, one test each. Elsewhere: several studies
// share one model (unit/report/explain.cpp), categoricals as ordered integers (unit/surrogate/random_forest*.cpp).
#include <hyperego/core/error.hpp>
#include <hyperego/shapley/coalitions/value_table.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/shapley/game/game_aggregate.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "property/shapley/random_spaces.hpp"
#include <algorithm>
#include <chrono>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

using namespace hyperego;
using namespace hyperego::test;

namespace {

/// x alone decides, but x = "b" is forbidden with y = "b"; no conditions anywhere.
std::shared_ptr<const SearchSpace> forbidding_space() {
  const std::vector<Value> choices{std::string("a"), std::string("b")};
  return std::make_shared<const SearchSpace>(
      std::vector{make_categorical("x", choices), make_categorical("y", choices)},
      std::vector<SearchSpace::ChildCondition>{},
      std::vector<ForbiddenClause>{{.terms = {{.hyperparameter = 0, .codes = {1}}, {.hyperparameter = 1, .codes = {1}}},
                                    .written_as_and = true}});
}

Configuration configuration_of(std::vector<double> codes) {
  Configuration configuration(codes.size());
  for (std::size_t i = 0; i < codes.size(); ++i) configuration.set(i, codes[i]);
  return configuration;
}

/// Notes which threads ask.
class WatchedPredictor final : public BlendPredictor {
 public:
  Eigen::VectorXd predict(std::span<const Configuration> configurations) const override {
    {
      const std::lock_guard lock(mutex_);
      threads_.insert(std::this_thread::get_id());
    }
    // Long enough for the other thread to take the next tile.
    std::this_thread::sleep_for(std::chrono::microseconds(200));
    return Eigen::VectorXd::Zero(static_cast<Eigen::Index>(configurations.size()));
  }
  [[nodiscard]] std::size_t threads() const { return threads_.size(); }

 private:
  mutable std::mutex mutex_;
  mutable std::set<std::thread::id> threads_;
};

}  // namespace

TEST_CASE("a limit for exact computation is kept") {
  std::vector<Hyperparameter> many;
  for (int i = 0; i < 30; ++i) many.push_back(make_float("x" + std::to_string(i), 0, 1));
  const auto space = std::make_shared<const SearchSpace>(many);
  int asked = 0;
  const FunctionPredictor predictor(space, [&](const Configuration&) { return static_cast<double>(++asked); });
  const Blends blends(space, space->default_configuration(), draw_samples(space, 2, 1));
  for (const GameKind kind : {GameKind::tunability, GameKind::sensitivity}) {
    try {
      (void)play_game(predictor, blends, {.kind = kind, .maximum = MaximumKind::sampled});
      FAIL("2^30 coalitions were played");
    } catch (const InvalidInput& error) {
      CHECK(std::string(error.what()).find("GiB") != std::string::npos);
      CHECK(std::string(error.what()).find("estimator") != std::string::npos);
    }
  }
  CHECK(asked == 0);
}

TEST_CASE("forbidden clauses count where there are no conditions") {
  const auto space = forbidding_space();
  const FunctionPredictor predictor(space, [](const Configuration& c) { return c[0] + c[1]; });
  const Blends blends(space, configuration_of({0, 1}), {configuration_of({1, 0})});
  for (const BlendTreatment treatment : {BlendTreatment::drop, BlendTreatment::repair}) {
    const Blends treated(space, configuration_of({0, 1}), {configuration_of({1, 0})}, treatment);
    const GameTable table = play_game(predictor, treated, {.maximum = MaximumKind::sampled});
    CHECK(table.values[0b01] == 1);  // x = b with the baseline's y = b would be worth 2
    CHECK(table.legal[0b01] == 0);
    CHECK(table.values[0b11] == 1);
  }
  const GameTable searched = play_game(predictor, blends, {});
  CHECK(searched.values[0b01] == 1);
}

TEST_CASE("ablation does not score illegal conditional blends") {
  // gamma is active only for a kernel other than linear; alone it has nothing to act on.
  const auto space = mixed_space(true, false);
  const FunctionPredictor predictor(space, [&](const Configuration& c) {
    REQUIRE(space->check(c));
    return c.is_set(4) ? c[4] : -1;
  });
  Configuration of = space->default_configuration();
  of.set(1, 1);
  of.set(4, 0.25);
  REQUIRE(space->check(of));
  const Blends blends(space, space->default_configuration(), {of});
  const GameTable table = play_game(predictor, blends, {.kind = GameKind::ablation});
  const auto bit = [&](const char* name) {
    return Coalition{1} << (std::find(table.players.begin(), table.players.end(), name) - table.players.begin());
  };
  CHECK(table.values[bit("gamma")] == -1);
  CHECK(table.values[bit("kernel") | bit("gamma")] == 0.25);
}

TEST_CASE("no legal sample, one sample, and orders above the number of players end in words") {
  const auto space = forbidding_space();
  const FunctionPredictor predictor(space, [](const Configuration& c) { return c[0]; });
  const Blends one(space, configuration_of({0, 1}), {configuration_of({1, 0})}, BlendTreatment::drop);
  for (const GameKind kind :
       {GameKind::tunability, GameKind::mistunability, GameKind::sensitivity, GameKind::ablation}) {
    const GameTable table = play_game(predictor, one, {.kind = kind, .maximum = MaximumKind::sampled});
    CHECK_FALSE(table.statuses.empty());
    CHECK(std::all_of(table.values.begin(), table.values.end(), [](double v) { return std::isfinite(v); }));
    CHECK_THROWS_AS((void)interaction_values(table.values, InteractionIndex::fsii, 3), InvalidInput);
  }
}

TEST_CASE("tunability is never negative: the baseline is a candidate") {
  const auto space = mixed_space(false, false);
  const FunctionPredictor predictor(space, RandomFunction(space, 3));
  // The best of many configurations as baseline and a few poor samples.
  const std::vector<Configuration> many = draw_samples(space, 2000, 5);
  const Eigen::VectorXd values = predictor.predict(many);
  Eigen::Index best = 0;
  values.maxCoeff(&best);
  const Blends blends(space, many[static_cast<std::size_t>(best)], draw_samples(space, 3, 6));
  for (const MaximumKind maximum : {MaximumKind::sampled, MaximumKind::optimized}) {
    const GameTable table = play_game(predictor, blends, {.maximum = maximum});
    for (const double v : table.values) CHECK(v >= table.empty());
    for (const double phi : shapley_values(table.values)) CHECK(phi >= -1e-12);
  }
}

TEST_CASE("constants are no players") {
  const auto space = mixed_space(false, false);
  const FunctionPredictor predictor(space, RandomFunction(space, 3));
  const Blends blends(space, space->default_configuration(), draw_samples(space, 10, 6));
  const GameTable table = play_game(predictor, blends, {.maximum = MaximumKind::sampled});
  CHECK(std::find(table.players.begin(), table.players.end(), "version") == table.players.end());
  CHECK(table.values.size() == 128);
}

TEST_CASE("losses are as good as gains") {
  const auto space = mixed_space(true, true);
  const RandomFunction function(space, 3);
  const FunctionPredictor gain(space, function);
  const FunctionPredictor loss(space, [&](const Configuration& c) { return -function(c); });
  const Blends blends(space, space->default_configuration(), draw_samples(space, 60, 6));
  for (const GameKind kind : {GameKind::tunability, GameKind::mistunability, GameKind::sensitivity}) {
    const GameTable one = play_game(gain, blends, {.kind = kind, .maximum = MaximumKind::sampled});
    const GameTable other = play_game(loss, blends, {.kind = kind, .maximum = MaximumKind::sampled, .sign = -1});
    CHECK(one.values == other.values);
  }
}

TEST_CASE("a second thread takes part where there are conditions") {
  const auto space = mixed_space(true, true);
  const WatchedPredictor predictor;
  const Blends blends(space, space->default_configuration(), draw_samples(space, 1000, 6));
  (void)play_game(predictor, blends, {.maximum = MaximumKind::sampled, .threads = 2});
  CHECK(predictor.threads() == 2);
}

TEST_CASE("a value table is saved and read back to the bit") {
  const auto space = mixed_space(true, true);
  const FunctionPredictor predictor(space, RandomFunction(space, 3));
  const Blends blends(space, space->default_configuration(), draw_samples(space, 60, 6));
  const GameTable table = play_game(predictor, blends, {.maximum = MaximumKind::sampled});
  std::istringstream text(table.to_json().dump());
  const ValueTable read = read_value_table(text, "saved");
  CHECK(read.players == table.number_of_players());
  CHECK(read.values == table.values);
}
