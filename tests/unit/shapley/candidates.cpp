#include <hyperego/core/blend.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/shapley/game/candidates.hpp>
#include <hyperego/shapley/game/game.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace hyperego;

namespace {

/// Highest at (0.7, 0.2), which no sample meets.
FunctionPredictor peak(const std::shared_ptr<const SearchSpace>& space) {
  return {space, [](const Configuration& c) { return -std::abs(c[0] - 0.7) - std::abs(c[1] - 0.2); }};
}

Configuration at(double a, double b) { return Configuration(std::vector<double>{a, b}); }

}  // namespace

TEST_CASE("every coalition may choose one more configuration, and v stays monotone") {
  const auto space =
      std::make_shared<const SearchSpace>(std::vector<Hyperparameter>{make_float("a", 0, 1), make_float("b", 0, 1)});
  const Blends blends(space, at(0.5, 0.5), {at(0.9, 0.9)});
  const std::vector<Configuration> candidates{at(0.5, 0.5), at(0.7, 0.5), at(0.5, 0.4), at(0.1, 0.9)};
  for (const GameKind kind : {GameKind::tunability, GameKind::mistunability}) {
    const double sign = kind == GameKind::tunability ? 1 : -1;
    GameTable table = play_game(peak(space), blends,
                                {.kind = kind, .maximum = MaximumKind::sampled, .sign = sign, .keep_maximisers = true});
    if (kind == GameKind::mistunability) {
      // Least of −v: what was worst stays the least.
      for (const double value : table.values) CHECK(value >= 0.5 - 1e-12);
    } else {
      CHECK(table.values.back() == doctest::Approx(-0.5));  // nothing but the baseline is as good
    }
    add_candidates(table, peak(space), candidates);
    if (kind == GameKind::mistunability) {
      CHECK(table.values[0] == doctest::Approx(0.5));
      CHECK(table.values[1] == doctest::Approx(0.3));  // a = 0.7, which is least of the negative
      CHECK(table.values[2] == doctest::Approx(0.4));
      CHECK(table.values[3] == doctest::Approx(0.3));  // of {a}
    } else {
      CHECK(table.values[1] == doctest::Approx(-0.3));
      CHECK(table.values[2] == doctest::Approx(-0.4));
      CHECK(table.values[3] == doctest::Approx(-0.3));  // of {a}: its own candidate is worse
      CHECK(table.maximisers[3] == candidates[1]);
    }
  }
  GameTable ablation = play_game(peak(space), blends, {.kind = GameKind::ablation});
  const std::vector<double> before = ablation.values;
  add_candidates(ablation, peak(space), candidates);
  CHECK(ablation.values == before);
  GameTable table = play_game(peak(space), blends, {.maximum = MaximumKind::sampled});
  CHECK_THROWS_AS(add_candidates(table, peak(space), std::span(candidates).first(2)), InvalidInput);
}
