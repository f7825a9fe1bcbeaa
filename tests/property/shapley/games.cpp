// What every game must satisfy, on random functions over spaces with conditions and forbidden clauses.
#include <hyperego/core/blend.hpp>
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/shapley/game/game.hpp>

#include <doctest/doctest.h>

#include "kernel_mixture.hpp"
#include "random_spaces.hpp"
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

using namespace hyperego;
using namespace hyperego::test;

namespace {

struct Setting {
  bool conditions;
  bool forbidden;
  BlendTreatment treatment;
};
constexpr Setting settings[] = {{false, false, BlendTreatment::repair}, {true, false, BlendTreatment::repair},
                                {true, true, BlendTreatment::repair},   {true, true, BlendTreatment::drop},
                                {false, true, BlendTreatment::drop},    {false, true, BlendTreatment::repair}};

Configuration some_baseline(const std::shared_ptr<const SearchSpace>& space, std::uint64_t seed) {
  return draw_samples(space, 1, 100 + seed).front();
}

KernelMixture mixture(const std::shared_ptr<const SearchSpace>& space, const RandomFunction& function) {
  const std::vector<Configuration> data = draw_samples(space, 20, 5);
  Eigen::VectorXd targets(20);
  for (std::size_t i = 0; i < 20; ++i) targets(static_cast<Eigen::Index>(i)) = function(data[i]);
  return KernelMixture(space, data, targets, 0.5, 1e-3);
}

/// The largest fall of v along any edge S -> S ∪ {i} in the given direction; ≤ 0 for a monotone game.
double worst_edge(const GameTable& table, double direction) {
  double worst = -std::numeric_limits<double>::infinity();
  for (std::size_t s = 0; s < table.values.size(); ++s) {
    for (std::size_t bit = 1; bit < table.values.size(); bit <<= 1U) {
      if ((s & bit) == 0) worst = std::max(worst, direction * (table.values[s] - table.values[s | bit]));
    }
  }
  return worst;
}

}  // namespace

TEST_CASE("tunability and mistunability are monotone on every edge, whatever the space") {
  for (const Setting& setting : settings) {
    const auto space = mixed_space(setting.conditions, setting.forbidden);
    for (std::uint64_t seed = 0; seed < 2; ++seed) {
      const RandomFunction function(space, seed);
      const FunctionPredictor plain(space, function);
      const KernelMixture smooth = mixture(space, function);
      const Blends blends(space, some_baseline(space, seed), draw_samples(space, 30, seed), setting.treatment);
      for (const MaximumKind maximum : {MaximumKind::sampled, MaximumKind::optimized}) {
        for (const BlendPredictor* predictor :
             {static_cast<const BlendPredictor*>(&plain), static_cast<const BlendPredictor*>(&smooth)}) {
          for (const double sign : {1.0, -1.0}) {
            const GameTable up =
                play_game(*predictor, blends, {.kind = GameKind::tunability, .maximum = maximum, .sign = sign});
            const GameTable down =
                play_game(*predictor, blends, {.kind = GameKind::mistunability, .maximum = maximum, .sign = sign});
            CHECK(worst_edge(up, 1) <= 0);
            CHECK(worst_edge(down, -1) <= 0);
            CHECK(up.empty() == doctest::Approx(sign * predictor->predict(std::vector{blends.baseline()})(0)));
            CHECK(up.empty() == doctest::Approx(down.empty()));
            for (const double phi : shapley_by_definition(up.values)) CHECK(phi >= -1e-12);
            for (const double phi : shapley_by_definition(down.values)) CHECK(phi <= 1e-12);
          }
        }
      }
    }
  }
}

TEST_CASE("mistunability is the tunability of the negated performance, negated") {
  const auto space = mixed_space(true, true);
  const FunctionPredictor predictor(space, RandomFunction(space, 4));
  const Blends blends(space, some_baseline(space, 1), draw_samples(space, 50, 2));
  for (const MaximumKind maximum : {MaximumKind::sampled, MaximumKind::optimized}) {
    const GameTable worst = play_game(predictor, blends, {.kind = GameKind::mistunability, .maximum = maximum});
    const GameTable best = play_game(predictor, blends, {.kind = GameKind::tunability, .maximum = maximum, .sign = -1});
    for (std::size_t s = 0; s < best.values.size(); ++s) CHECK(worst.values[s] == -best.values[s]);
  }
}

TEST_CASE("sampled games equal brute force over legal blends") {
  for (const Setting& setting : settings) {
    const auto space = mixed_space(setting.conditions, setting.forbidden);
    const RandomFunction function(space, 11);
    const FunctionPredictor predictor(space, function);
    // More than one tile of samples, the last one partial.
    const Blends blends(space, some_baseline(space, 2), draw_samples(space, 150, 3), setting.treatment);
    const GameTable best = play_game(predictor, blends, {.maximum = MaximumKind::sampled, .closed = false});
    const GameTable worst = play_game(
        predictor, blends, {.kind = GameKind::mistunability, .maximum = MaximumKind::sampled, .closed = false});
    const GameTable spread = play_game(predictor, blends, {.kind = GameKind::sensitivity});
    for (std::size_t s = 0; s < best.values.size(); ++s) {
      std::vector<double> values;
      for (std::size_t i = 0; i < blends.number_of_samples(); ++i) {
        const Configuration blend = blends.blend(i, s);
        const bool legal = static_cast<bool>(space->check(blend));
        CHECK(legal == blends.counts(i, s));
        if (legal) values.push_back(function(blend));
      }
      REQUIRE(!values.empty());
      CHECK(best.legal[s] == values.size());
      CHECK(best.values[s] == *std::max_element(values.begin(), values.end()));
      CHECK(worst.values[s] == *std::min_element(values.begin(), values.end()));
      double mean = 0;
      for (const double v : values) mean += v / static_cast<double>(values.size());
      double variance = 0;
      for (const double v : values) variance += (v - mean) * (v - mean) / static_cast<double>(values.size());
      CHECK(spread.values[s] == doctest::Approx(variance).epsilon(1e-10));
    }
    CHECK(spread.values[0] == 0);
  }
}

TEST_CASE("a hyperparameter that does nothing is worth exactly nothing") {
  const auto space = mixed_space(false, false);
  for (const std::size_t ignored : {std::size_t{0}, std::size_t{2}, std::size_t{7}}) {
    const RandomFunction function(space, 21, ignored);
    const FunctionPredictor predictor(space, function);
    const Blends blends(space, some_baseline(space, 3), draw_samples(space, 100, 3));
    const auto player = static_cast<std::size_t>(
        std::find(space->searched().begin(), space->searched().end(), ignored) - space->searched().begin());
    for (const GameKind kind : {GameKind::tunability, GameKind::mistunability, GameKind::sensitivity}) {
      const GameTable table = play_game(predictor, blends, {.kind = kind, .maximum = MaximumKind::sampled});
      CHECK(shapley_by_definition(table.values)[player] == 0);
    }
    const Blends one(space, some_baseline(space, 3), draw_samples(space, 1, 4));
    CHECK(shapley_by_definition(play_game(predictor, one, {.kind = GameKind::ablation}).values)[player] == 0);
  }
}

TEST_CASE("held players are worth exactly nothing in every game, and the table says why") {
  const auto space = mixed_space(true, true);
  const FunctionPredictor predictor(space, RandomFunction(space, 8));
  const Coalition held = 0b0100010;
  const Blends blends(space, some_baseline(space, 4), draw_samples(space, 40, 3));
  for (const MaximumKind maximum : {MaximumKind::sampled, MaximumKind::optimized}) {
    for (const GameKind kind : {GameKind::tunability, GameKind::mistunability, GameKind::sensitivity}) {
      const GameTable table = play_game(predictor, blends, {.kind = kind, .maximum = maximum, .held = held});
      const GameTable whole = play_game(predictor, blends, {.kind = kind, .maximum = maximum});
      REQUIRE(table.values.size() == 128);
      for (std::size_t s = 0; s < 128; ++s) {
        CHECK(table.values[s] == table.values[s & ~held]);
        if (maximum == MaximumKind::sampled || kind == GameKind::sensitivity)
          CHECK(table.values[s] == whole.values[s & ~held]);
      }
      CHECK(shapley_by_definition(table.values)[1] == 0);
      CHECK(shapley_by_definition(table.values)[5] == 0);
      CHECK(table.statuses.size() == 2);
    }
  }
}

TEST_CASE("maximisers are legal, lie in their coalition's sub-space and attain the value") {
  for (const Setting& setting : settings) {
    const auto space = mixed_space(setting.conditions, setting.forbidden);
    const RandomFunction function(space, 31);
    const FunctionPredictor plain(space, function);
    const KernelMixture smooth = mixture(space, function);
    const Blends blends(space, some_baseline(space, 5), draw_samples(space, 40, 3), setting.treatment);
    for (const BlendPredictor* predictor :
         {static_cast<const BlendPredictor*>(&plain), static_cast<const BlendPredictor*>(&smooth)}) {
      for (const MaximumKind maximum : {MaximumKind::sampled, MaximumKind::optimized}) {
        const GameTable table = play_game(*predictor, blends, {.maximum = maximum, .keep_maximisers = true});
        REQUIRE(table.maximisers.size() == table.values.size());
        for (std::size_t s = 0; s < table.values.size(); ++s) {
          const Configuration& best = table.maximisers[s];
          CHECK(static_cast<bool>(space->check(best)));
          CHECK(predictor->predict(std::span(&best, 1))(0) == doctest::Approx(table.values[s]).epsilon(1e-9));
          for (int p = 0; p < table.number_of_players(); ++p) {
            const std::size_t i = space->searched()[static_cast<std::size_t>(p)];
            if (contains(s, p)) continue;
            if (setting.treatment == BlendTreatment::drop) CHECK(best.is_set(i) == blends.baseline().is_set(i));
            if (best.is_set(i))
              CHECK(best[i] == (blends.baseline().is_set(i) ? blends.baseline()[i] : blends.completion()[i]));
          }
        }
      }
    }
  }
}

TEST_CASE("the optimized maximum is seldom below a sampled one of many more predictions") {
  std::size_t coalitions = 0;
  std::size_t as_good = 0;
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const auto space = mixed_space(seed % 2 == 1, false);
    const KernelMixture smooth = mixture(space, RandomFunction(space, seed));
    const Configuration baseline = some_baseline(space, seed);
    const GameTable sampled =
        play_game(smooth, Blends(space, baseline, draw_samples(space, 2000, 77)), {.maximum = MaximumKind::sampled});
    const GameTable optimized = play_game(smooth, Blends(space, baseline, draw_samples(space, 200, 7)));
    CHECK(optimized.predictions < sampled.predictions / 2);
    for (std::size_t s = 0; s < sampled.values.size(); ++s) {
      ++coalitions;
      if (optimized.values[s] >= sampled.values[s] - 1e-9 * (sampled.full() - sampled.empty())) ++as_good;
    }
  }
  CHECK(static_cast<double>(as_good) >= 0.99 * static_cast<double>(coalitions));
}

TEST_CASE("bytes do not depend on the number of threads") {
  const auto space = mixed_space(true, true);
  const KernelMixture smooth = mixture(space, RandomFunction(space, 3));
  const Blends blends(space, some_baseline(space, 6), draw_samples(space, 150, 3));
  for (const MaximumKind maximum : {MaximumKind::sampled, MaximumKind::optimized}) {
    for (const GameKind kind : {GameKind::tunability, GameKind::mistunability, GameKind::sensitivity}) {
      const GameTable one = play_game(smooth, blends, {.kind = kind, .maximum = maximum, .seed = 1, .threads = 1});
      for (const int threads : {2, 3, 7}) {
        const GameTable many =
            play_game(smooth, blends, {.kind = kind, .maximum = maximum, .seed = 1, .threads = threads});
        CHECK(many.values == one.values);
        CHECK(many.legal == one.legal);
        CHECK(many.predictions == one.predictions);
      }
    }
  }
}
