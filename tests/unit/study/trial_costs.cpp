#include <hyperego/study/trial_costs.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace hyperego;

TEST_CASE("a continuation pays the difference, whatever the power and the setup") {
  const TrialCosts proportional(Fidelity{.name = "epochs", .least = 1, .full = 10});
  CHECK(proportional.expected(std::nullopt, 10) == 1);
  CHECK(proportional.expected(4, 10) == doctest::Approx(0.6).epsilon(1e-12));
  CHECK(proportional.paid(4, 10, 1e9) == doctest::Approx(0.6).epsilon(1e-12));  // declared: seconds do not matter
  const TrialCosts dear(Fidelity{.name = "epochs", .least = 1, .full = 10, .cost_power = 2, .cost_setup = 0.5});
  const double there = dear.expected(std::nullopt, 4);
  CHECK(there + dear.expected(4, 10) == doctest::Approx(1).epsilon(1e-12));
  CHECK(TrialCosts(std::nullopt).expected(std::nullopt, 3) == 1);
}

TEST_CASE("a power law is learned from seconds, continuations included") {
  TrialCosts costs(Fidelity{.name = "share", .least = 0.1, .full = 1, .cost_is_measured = true});
  CHECK(costs.expected(std::nullopt, 0.5) == doctest::Approx(0.5));  // nothing learned: proportional
  costs.learn(std::nullopt, 0.5, 30);
  CHECK(costs.power_law()->power == doctest::Approx(1).epsilon(1e-3));
  CHECK(costs.paid(std::nullopt, 0.5, 30) == doctest::Approx(0.5).epsilon(1e-3));
  // s(v) = 100 v^2: many trials outweigh the imagined one that says 1.
  TrialCosts square(Fidelity{.name = "share", .least = 0.1, .full = 1, .cost_is_measured = true});
  for (int repeat = 0; repeat < 50; ++repeat) {
    for (const double v : {0.1, 0.3, 0.6, 1.0}) square.learn(std::nullopt, v, 100 * v * v);
    square.learn(0.3, 0.6, 100 * (0.36 - 0.09));
  }
  CHECK(square.power_law()->power == doctest::Approx(2).epsilon(0.01));
  CHECK(square.power_law()->full_seconds == doctest::Approx(100).epsilon(0.02));
  CHECK(square.expected(0.3, 0.6) == doctest::Approx(0.27).epsilon(0.02));
  CHECK(square.paid(std::nullopt, 1, 50) == doctest::Approx(0.5).epsilon(0.02));
}
