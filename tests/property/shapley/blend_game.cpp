// Games played on request are the games played in full.
#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/estimate.hpp>
#include <hyperego/shapley/game/blend_game.hpp>

#include <doctest/doctest.h>

#include "../../kernel_mixture.hpp"
#include "random_spaces.hpp"
#include <cmath>
#include <numeric>

using namespace hyperego;

namespace {

// All coalitions in a shuffled order, in batches of random lengths.
std::vector<double> in_shuffled_batches(BlendGame& game, std::uint64_t seed) {
  Rng rng(seed, "batches");
  std::vector<Coalition> order(std::size_t{1} << game.number_of_players());
  std::iota(order.begin(), order.end(), Coalition{0});
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  std::vector<double> values(order.size());
  for (std::size_t first = 0; first < order.size();) {
    const std::size_t length = std::min<std::size_t>(1 + rng.below(40), order.size() - first);
    const std::vector<double> batch = game.play(std::span(order).subspan(first, length));
    for (std::size_t i = 0; i < length; ++i) values[order[first + i]] = batch[i];
    first += length;
  }
  return values;
}

}  // namespace

TEST_CASE("games played on request are those of the table") {
  for (const bool conditions : {false, true}) {
    for (const BlendTreatment treatment : {BlendTreatment::drop, BlendTreatment::repair}) {
      const auto space = test::mixed_space(conditions, conditions);
      const test::RandomFunction function(space, 3);
      const FunctionPredictor predictor(space, function);
      for (const GameKind kind :
           {GameKind::ablation, GameKind::sensitivity, GameKind::tunability, GameKind::mistunability}) {
        CAPTURE(to_string(kind));
        CAPTURE(conditions);
        const std::size_t samples = kind == GameKind::ablation ? 1 : 70;
        const Configuration baseline = draw_samples(space, 3, 11).back();
        const Blends blends(space, baseline, draw_samples(space, samples, 5), treatment);
        for (const bool closed : {false, true}) {
          const GameOptions options{
              .kind = kind, .maximum = MaximumKind::sampled, .sign = -1, .closed = closed, .held = 0b100};
          const GameTable table = play_game(predictor, blends, options);
          BlendGame game(predictor, blends, options);
          std::vector<double> values = in_shuffled_batches(game, 1);
          CHECK_EQ(game.empty(), table.empty());
          const int direction = monotone_direction(kind);
          if (closed && direction != 0) {
            for (const double value : values) CHECK_GE(direction * value, direction * table.empty());
            close_over_subsets(values, direction);
          }
          CHECK_EQ(values, table.values);
          CHECK_EQ(game.lowest_legal_share(), table.lowest_legal_share());
          CHECK_EQ(!game.statuses().empty() && game.statuses()[0].find("not closed") != std::string::npos,
                   closed && direction != 0);
        }
      }
    }
  }
}

TEST_CASE("importance of 30 hyperparameters from a budget of coalitions") {
  constexpr int players = 30;
  std::vector<Hyperparameter> hyperparameters;
  for (int i = 0; i < players; ++i) hyperparameters.push_back(make_float("h" + std::to_string(i), 0, 1));
  const auto space = std::make_shared<const SearchSpace>(hyperparameters);
  // Var of a sum of independent terms: an additive game of known weights, but for what the samples correlate by chance.
  const FunctionPredictor predictor(space, [&](const Configuration& c) {
    double sum = 0;
    for (std::size_t i = 0; i < players; ++i) sum += c[i] / static_cast<double>(i + 1);
    return sum;
  });
  const Blends blends(space, space->default_configuration(), draw_samples(space, 64, 1));
  BlendGame game(predictor, blends, {.kind = GameKind::sensitivity});
  const EstimatorOptions options{.budget = 700, .sparse_search_share = 0};
  const Estimate estimate =
      estimate_interactions(players, game.function(), InteractionIndex::sv, 1, Estimator::regression, options);
  CHECK_EQ(estimate.coalitions + 1, game.played());  // and ∅ when it was made
  // Covariances with the sample's own deviations: φ_i = Cov(x_i / (i + 1), f).
  std::vector<double> f;
  for (std::size_t s = 0; s < 64; ++s) f.push_back(predictor.predict(std::span(&blends.sample(s), 1))[0]);
  const double mean = std::accumulate(f.begin(), f.end(), 0.0) / 64;
  for (std::size_t i = 0; i < players; ++i) {
    double covariance = 0;
    for (std::size_t s = 0; s < 64; ++s) {
      covariance += blends.sample(s)[i] / static_cast<double>(i + 1) * (f[s] - mean) / 64;
    }
    CHECK_LE(std::abs(estimate.values.values[i] - covariance), 1e-9);  // paired coalitions cancel what is even
  }
}

TEST_CASE("a game on request refuses what it cannot play") {
  const auto space = test::mixed_space(false, false);
  const FunctionPredictor predictor(space, [](const Configuration&) { return 1.0; });
  const Blends blends(space, space->default_configuration(), draw_samples(space, 4, 1));
  CHECK_THROWS_WITH_AS(BlendGame(predictor, blends, {}), doctest::Contains("use \"sampled\""), InvalidInput);
  CHECK_THROWS_WITH_AS(BlendGame(predictor, blends, {.kind = GameKind::ablation}), doctest::Contains("exactly one"),
                       InvalidInput);
  BlendGame game(predictor, blends, {.maximum = MaximumKind::sampled});
  const Coalition stranger = Coalition{1} << 40;
  CHECK_THROWS_AS(static_cast<void>(game.play(std::span(&stranger, 1))), InvalidInput);
  CHECK(game.play({}).empty());
  const FunctionPredictor broken(space, [](const Configuration&) { return std::nan(""); });
  CHECK_THROWS_WITH_AS(BlendGame(broken, blends, {.maximum = MaximumKind::sampled}), doctest::Contains("not finite"),
                       InvalidInput);
}
