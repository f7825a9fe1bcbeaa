#include <hyperego/core/error.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/shapley/game/lazy_tunability.hpp>
#include <hyperego/shapley/game/selection.hpp>

#include <doctest/doctest.h>

#include "kernel_mixture.hpp"
#include "property/shapley/random_spaces.hpp"
#include <algorithm>
#include <vector>

using namespace hyperego;
using namespace hyperego::test;

namespace {

/// A monotone game of 3 players: 0 and 1 need each other, 2 adds a little.
const std::vector<double> pair_game{0, 0.1, 0.2, 0.9, 0.05, 0.15, 0.25, 1};

struct SmoothGame {
  explicit SmoothGame(int players, std::uint64_t seed) {
    std::vector<Hyperparameter> hyperparameters;
    for (int i = 0; i < players; ++i) hyperparameters.push_back(make_float("x" + std::to_string(i), 0, 1));
    space = std::make_shared<const SearchSpace>(hyperparameters);
    const std::vector<Configuration> data = draw_samples(space, 30, seed);
    const RandomFunction function(space, seed);
    Eigen::VectorXd targets(30);
    for (std::size_t i = 0; i < 30; ++i) targets(static_cast<Eigen::Index>(i)) = function(data[i]);
    predictor = std::make_unique<KernelMixture>(space, data, targets, 0.8, 1e-2);
    blends = std::make_unique<Blends>(space, data.front(), draw_samples(space, 100, 9));
  }
  std::shared_ptr<const SearchSpace> space;
  std::unique_ptr<KernelMixture> predictor;
  std::unique_ptr<Blends> blends;
};

std::shared_ptr<const SearchSpace> plain_space(int players) { return SmoothGame(players, 1).space; }

}  // namespace

TEST_CASE("the smallest coalition that reaches the share is chosen") {
  CHECK(select_coalition(pair_game, 0.8) == 0b011);
  CHECK(select_coalition(pair_game, 0.15) == 0b010);
  CHECK(select_coalition(pair_game, 0.05) == 0b010);  // both singles suffice: the larger value
  CHECK(select_coalition(pair_game, 0.95) == 0b111);
  CHECK(select_coalition(pair_game, 1) == 0b111);
  CHECK(select_coalition(pair_game, 0) == 0);
}

TEST_CASE("the cumulative rule adds Shapley values until the share is reached") {
  const std::vector<double> phi{0.5, 0.3, 0.15, 0.04, 0.01};
  CHECK(select_cumulative(phi, 0.5) == 0b00001);
  CHECK(select_cumulative(phi, 0.8) == 0b00011);
  CHECK(select_cumulative(phi, 0.94) == 0b00111);
  CHECK(select_cumulative(phi, 0.99) == 0b01111);  // min(0.05, 0.01): 0.04 counts, 0.01 does not
  CHECK(select_cumulative(phi, 0.951) == 0b00111);
  CHECK(select_cumulative(std::vector<double>{-1, 2, 0}, 0.9) == 0b010);
  CHECK(select_cumulative(std::vector<double>{0, 0}, 0.9) == 0);
}

TEST_CASE("the quantile rule keeps what exceeds the quantile") {
  const std::vector<double> phi{1, 2, 3, 4, 5};
  CHECK(select_quantile(phi, 0.5) == 0b11000);
  CHECK(select_quantile(phi, 0.6) == 0b11000);
  CHECK(select_quantile(phi, 1) == 0);
}

TEST_CASE("random selections have their size and every player its turn") {
  Rng rng(3);
  Coalition seen = 0;
  for (int draw = 0; draw < 100; ++draw) {
    const Coalition selected = select_random(6, 2, rng);
    CHECK(size_of(selected) == 2);
    seen |= selected;
  }
  CHECK(seen == 0b111111);
  CHECK(select_random(3, 9, rng) == 0b111);
}

TEST_CASE("a kept child keeps its parents, and theirs") {
  const auto space = mixed_space(true, false);
  // Players: rate, kernel, layers, gamma (child of kernel), fine (child of gamma), bins, flag; the constant is none.
  CHECK(close_over_parents(0b0010000, *space) == 0b0011010);
  CHECK(close_over_parents(0b0001000, *space) == 0b0001010);
  CHECK(close_over_parents(0b0000001, *space) == 0b0000001);
}

TEST_CASE("the free set is never empty and says why") {
  const auto space = plain_space(3);
  const std::vector<double> phi{0.3, 0.6, 0.1};
  const std::vector<double> flat(8, 2.0);
  CHECK(select_free(SelectionRule::coalition, pair_game, {}, 0.8, *space).free == 0b011);
  CHECK(select_free(SelectionRule::none, {}, {}, 0.8, *space).free == 0b111);
  CHECK(select_free(SelectionRule::coalition, pair_game, {}, 0, *space).free == 0b111);
  const Selection nothing = select_free(SelectionRule::coalition, flat, {}, 0.8, *space);
  CHECK(nothing.free == 0b111);
  CHECK(nothing.reason.find("no gain") != std::string::npos);
  const Selection one = select_free(SelectionRule::quantile, {}, phi, 1, *space);
  CHECK(one.free == 0b010);
  CHECK(one.reason.find("keeps nobody") != std::string::npos);
  const Selection random = select_free(SelectionRule::random, pair_game, {}, 0.8, *space, 5);
  CHECK(size_of(random.free) == 2);
  CHECK(random.free == select_free(SelectionRule::random, pair_game, {}, 0.8, *space, 5).free);

  CHECK_THROWS_AS((void)select_free(SelectionRule::coalition, pair_game, {}, 1.5, *space), InvalidInput);
  CHECK_THROWS_AS((void)select_free(SelectionRule::coalition, {}, phi, 0.5, *space), InvalidInput);
  CHECK_THROWS_AS((void)select_free(SelectionRule::cumulative, pair_game, {}, 0.5, *space), InvalidInput);
}

TEST_CASE("a lazily played game is monotone and near the one played whole") {
  const SmoothGame smooth(6, 2);
  const GameTable whole = play_game(*smooth.predictor, *smooth.blends);
  LazyTunability lazy(*smooth.predictor, *smooth.blends);
  CHECK(lazy.played() == std::vector<Coalition>{0, 63});
  for (Coalition s = 63; s > 0; s = (s * 37 + 11) % 64) {  // an order that jumps about
    (void)lazy.value(s);
    if (lazy.played().size() == 40) break;
  }
  const double range = whole.full() - whole.empty();
  for (const Coalition s : lazy.played()) {
    CHECK(std::abs(lazy.value(s) - whole.values[s]) <= 0.05 * range);
    for (const Coalition t : lazy.played()) {
      if ((s & ~t) == 0) CHECK(lazy.value(s) <= lazy.value(t));
    }
  }
  const std::uint64_t before = lazy.predictions();
  (void)lazy.value(lazy.played().back());
  CHECK(lazy.predictions() == before);
}

TEST_CASE("coalition search finds what the whole table would choose") {
  for (const std::uint64_t seed : {3U, 4U, 5U}) {
    const SmoothGame smooth(7, seed);
    const GameTable whole = play_game(*smooth.predictor, *smooth.blends);
    for (const double threshold : {0.3, 0.6, 0.9}) {
      LazyTunability lazy(*smooth.predictor, *smooth.blends);
      const CoalitionSearchResult found =
          coalition_search(lazy, threshold, *smooth.space, {.coalitions = 128, .beam = 100});
      CHECK(found.exhaustive);
      CHECK(found.gain >= threshold);
      CHECK(std::abs(size_of(found.selection.chosen) - size_of(select_coalition(whole.values, threshold))) <= 1);
    }
  }
}

TEST_CASE("coalition search keeps to its budget where the whole table is out of reach") {
  const SmoothGame smooth(20, 6);
  LazyTunability lazy(*smooth.predictor, *smooth.blends);
  const CoalitionSearchResult found = coalition_search(lazy, 0.8, *smooth.space, {.coalitions = 60, .beam = 3});
  CHECK(found.gain >= 0.8);
  CHECK(found.played <= 60 + 2 + 20);
  CHECK(size_of(found.selection.free) < 20);
  CHECK_THROWS_AS((void)coalition_search(lazy, 0.8, *smooth.space, {.coalitions = 0}), InvalidInput);
  CHECK_THROWS_AS((void)coalition_search(lazy, 2, *smooth.space), InvalidInput);
}
