#include <hyperego/core/error.hpp>
#include <hyperego/core/fidelity.hpp>

#include <doctest/doctest.h>

using namespace hyperego;

TEST_CASE("distances from full fidelity go from 0 to 1 and lead back to legal values") {
  const Fidelity linear{.name = "share", .least = 0.25, .full = 1};
  CHECK(linear.distance(1) == 0);
  CHECK(linear.distance(0.25) == 1);
  CHECK(linear.distance(0.625) == doctest::Approx(0.5).epsilon(1e-12));
  CHECK(linear.value_at(0.5) == doctest::Approx(0.625).epsilon(1e-12));
  CHECK(linear.distance(2) == 0);  // beyond the range: its ends
  const Fidelity epochs{.name = "epochs", .least = 1, .full = 64, .integer = true, .log = true};
  CHECK(epochs.distance(8) == doctest::Approx(0.5).epsilon(1e-12));
  for (double value = 1; value <= 64; ++value) CHECK(epochs.value_at(epochs.distance(value)) == value);
  CHECK(epochs.value_at(0.51) == 8);
  CHECK(epochs.value_at(0) == 64);
  CHECK(epochs.is_legal(3));
  CHECK_FALSE(epochs.is_legal(3.5));
  CHECK_FALSE(epochs.is_legal(65));
  CHECK_FALSE(epochs.below_full(64).has_value());
  CHECK(epochs.below_full(63) == 63);
}

TEST_CASE("a declared cost is 1 at full fidelity, and the setup is paid whatever the fidelity") {
  const Fidelity proportional{.name = "epochs", .least = 1, .full = 50};
  CHECK(proportional.declared_cost(50) == 1);
  CHECK(proportional.declared_cost(5) == doctest::Approx(0.1).epsilon(1e-12));
  const Fidelity dear{.name = "epochs", .least = 1, .full = 10, .cost_power = 2, .cost_setup = 0.25};
  CHECK(dear.declared_cost(10) == 1);
  CHECK(dear.declared_cost(5) == doctest::Approx((0.25 + 0.25) / 1.25).epsilon(1e-12));
  CHECK(dear.declared_cost(0) == doctest::Approx(0.2).epsilon(1e-12));
}

TEST_CASE("one value is no choice, and what is no range is refused with its place") {
  const Fidelity one{.name = "epochs", .least = 52, .full = 52, .integer = true};
  CHECK_NOTHROW(one.validate("study/fidelity"));
  CHECK_FALSE(one.has_choice());
  CHECK(one.distance(52) == 0);
  CHECK(one.value_at(1) == 52);
  const auto refused = [](const Fidelity& fidelity, const char* message) {
    CHECK_THROWS_WITH_AS(fidelity.validate("study/fidelity"), doctest::Contains(message), InvalidInput);
  };
  refused({.name = "", .least = 1, .full = 2}, "study/fidelity/name");
  refused({.name = "e", .least = 52, .full = 1}, "study/fidelity/range: [52, 1] is reversed");
  refused({.name = "e", .least = 0, .full = 1, .log = true}, "study/fidelity/range");
  refused({.name = "e", .least = -1, .full = 1}, "study/fidelity/range");
  refused({.name = "e", .least = 1, .full = 2.5, .integer = true}, "whole numbers");
  refused({.name = "e", .least = 1, .full = 2, .cost_power = 0}, "study/fidelity/cost/power");
  refused({.name = "e", .least = 1, .full = 2, .cost_setup = -1}, "study/fidelity/cost/setup");
}
