// How far predictions may go: nothing within the targets' range changes, nothing leaves the reach or the bounds.
#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/target_reach.hpp>
#include <hyperego/surrogate/target_transform.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace hyperego;

namespace {

/// Sixteen targets from 1 to 16: the ⌈√16⌉-th best after the best is 5, so the distance is 4.
const Eigen::VectorXd targets = Eigen::VectorXd::LinSpaced(16, 1, 16);

}  // namespace

TEST_CASE("predictions within the range stay, those beyond come ever closer to the reach") {
  const TargetReach reach(targets, {.factor = 0.5});
  CHECK(reach.lowest() == -1);
  CHECK(reach.highest() == 18);
  for (const double inside : {1.0, 1.5, 9.0, 16.0}) CHECK(reach.apply(inside) == inside);
  double last = 1;
  for (const double beyond : {0.5, 0.0, -2.0, -8.0}) {
    const double applied = reach.apply(beyond);
    CHECK(applied > reach.lowest());
    CHECK(applied < last);  // the order is kept
    CHECK(applied > beyond);
    last = applied;
  }
  CHECK(reach.apply(-1e300) == reach.lowest());
  CHECK(reach.apply(1e300) == reach.highest());
}

TEST_CASE("the slope is the derivative") {
  const TargetReach reach(targets, {.factor = 0.5});
  constexpr double step = 1e-6;
  for (const double at : {-3.0, 0.2, 0.999, 7.0, 16.5, 25.0}) {
    const double numeric = (reach.apply(at + step) - reach.apply(at - step)) / (2 * step);
    CHECK(reach.slope(at) == doctest::Approx(numeric).epsilon(1e-6));
  }
}

TEST_CASE("no prediction leaves the bounds, whatever the factor") {
  for (const double factor : {0.0, 0.5, 100.0, std::numeric_limits<double>::infinity()}) {
    const TargetReach reach(targets, {.factor = factor, .lower = 0.75, .upper = 16});
    for (const double prediction : {-1e9, -1.0, 0.8, 5.0, 16.0, 17.0, 1e9}) {
      CHECK(reach.apply(prediction) >= 0.75);
      CHECK(reach.apply(prediction) <= 16);
    }
  }
  const TargetReach free(targets, {.factor = std::numeric_limits<double>::infinity()});
  CHECK_FALSE(free.is_limited());
  CHECK(free.apply(-1e9) == -1e9);
  CHECK_THROWS_AS(TargetReach(targets, {.lower = 2, .upper = 1}), InvalidInput);
  CHECK_THROWS_AS(TargetReach(targets, {.factor = -1}), InvalidInput);
  CHECK_THROWS_AS(TargetReach(Eigen::VectorXd(), {}), InvalidInput);
}

TEST_CASE("a transform within a reach leads back no farther, with the right slope") {
  for (const auto kind :
       {TargetTransform::Kind::none, TargetTransform::Kind::log, TargetTransform::Kind::yeo_johnson}) {
    const TargetTransform free = TargetTransform::fit(kind, targets);
    const TargetTransform within = free.within(TargetReach(targets, {.factor = 0.5, .lower = 0.5}));
    CHECK(within.lowest() >= 0.5);
    for (const double z : {-40.0, -3.0, -1.0, 0.3, 1.0, 2.5, 40.0}) {
      const ModelScale<double> value = free.rescale(z);
      CHECK(within.from_model(value) >= 0.5);
      CHECK(within.from_model(value) <= 18);
      constexpr double step = 1e-5;
      const auto at = [&](double by) { return within.from_model(ModelScale(value.on_model_scale() + by)); };
      CHECK(within.inverse_derivative(value) == doctest::Approx((at(step) - at(-step)) / (2 * step)).epsilon(1e-4));
    }
    for (const double target : {1.0, 4.0, 16.0}) {
      CHECK(within.from_model(within.to_model(target)) == doctest::Approx(target).epsilon(1e-9));
    }
  }
}
