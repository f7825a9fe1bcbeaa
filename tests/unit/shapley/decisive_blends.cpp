// The blends that Shapley values hang on, against games played on a function that is changed a little.
#include <hyperego/core/error.hpp>
#include <hyperego/shapley/game/decisive_blends.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <vector>

using namespace hyperego;

namespace {

std::shared_ptr<const SearchSpace> decisive_space(int players) {
  std::vector<Hyperparameter> parameters;
  for (int i = 0; i < players; ++i) parameters.push_back(make_float("x" + std::to_string(i), 0, 1));
  return std::make_shared<const SearchSpace>(parameters);
}

double bowl(const Configuration& c) {
  double sum = 0;
  for (std::size_t i = 0; i < c.size(); ++i) {
    sum += static_cast<double>(i + 1) * std::pow(c[i] - 0.8, 2) + (i > 0 ? c[i] * c[i - 1] : 0);
  }
  return sum;
}

/// A smooth change.
double bump(const Configuration& c) { return std::sin(5 * c[0]) + c[1] * c[2]; }

}  // namespace

TEST_CASE("Shapley values move as the weights of decisive blends say") {
  constexpr double step = 1e-6;
  const auto space = decisive_space(4);
  for (const GameKind kind :
       {GameKind::tunability, GameKind::mistunability, GameKind::ablation, GameKind::sensitivity}) {
    CAPTURE(to_string(kind));
    const auto samples = draw_samples(space, kind == GameKind::ablation ? 1 : 40, 3);
    const Blends blends(space, space->default_configuration(), samples);
    const auto values = [&](double size) {
      const FunctionPredictor function(space, [&](const Configuration& c) { return bowl(c) + size * bump(c); });
      return shapley_values(
          play_game(function, blends, {.kind = kind, .maximum = MaximumKind::sampled, .sign = -1, .closed = false})
              .values);
    };
    const std::vector<double> before = values(0);
    const std::vector<double> after = values(step);
    const FunctionPredictor function(space, bowl);
    const DecisiveBlends decisive = decisive_blends(function, blends, kind, 1);
    Eigen::VectorXd change(static_cast<Eigen::Index>(decisive.places.size()));
    for (std::size_t k = 0; k < decisive.places.size(); ++k) {
      change[static_cast<Eigen::Index>(k)] = bump(decisive.places[k]);
    }
    const Eigen::VectorXd moved = decisive.weights * change;
    for (std::size_t i = 0; i < 4; ++i) {
      // Predictions are minimised: the game's values are their negatives, its variances are not.
      const double sign = kind == GameKind::sensitivity ? 1 : -1;
      CHECK((after[i] - before[i]) / step == doctest::Approx(sign * moved[static_cast<Eigen::Index>(i)]).epsilon(1e-3));
    }
  }
}

TEST_CASE("orders of many players share out what all of them do") {
  const auto space = decisive_space(12);
  const Blends blends(space, space->default_configuration(), draw_samples(space, 1, 3));
  const DecisiveBlends decisive = decisive_blends(FunctionPredictor(space, bowl), blends, GameKind::ablation, 1);
  double whole = 0;
  for (std::size_t k = 0; k < decisive.places.size(); ++k) {
    whole += decisive.weights.col(static_cast<Eigen::Index>(k)).sum() * bowl(decisive.places[k]);
  }
  CHECK(whole == doctest::Approx(bowl(blends.sample(0)) - bowl(blends.baseline())));
  CHECK_THROWS_AS((void)decisive_blends(FunctionPredictor(space, bowl), blends, GameKind::optimizer_bias, 1),
                  InvalidInput);
}
