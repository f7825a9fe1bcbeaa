#include <hyperego/core/error.hpp>
#include <hyperego/core/hyperparameter.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

using namespace hyperego;

TEST_CASE("integers have equal bins, log integers log-equal ones") {
  const Hyperparameter layers = make_integer("layers", 1, 4);
  CHECK(layers.to_unit(1) == doctest::Approx(0.125));
  CHECK(layers.to_unit(4) == doctest::Approx(0.875));
  CHECK(layers.from_unit(0.2499) == 1);
  CHECK(layers.from_unit(0.25) == 2);
  CHECK(layers.from_unit(1) == 4);

  const Hyperparameter units = make_integer("units", 1, 8, true);
  const double range = std::log(8.5) - std::log(0.5);
  CHECK(units.to_unit(1) == doctest::Approx(0.5 * (std::log(1.5) - std::log(0.5)) / range));
  CHECK(units.from_unit((std::log(1.5) - std::log(0.5)) / range - 1e-9) == 1);
  CHECK(units.from_unit((std::log(1.5) - std::log(0.5)) / range + 1e-9) == 2);
  CHECK(units.from_unit(0) == 1);
  CHECK(units.from_unit(1) == 8);
}

TEST_CASE("discrete codes survive the unit interval exactly") {
  std::vector<Hyperparameter> hyperparameters{
      make_integer("a", -7, 12),
      make_integer("b", 1, 5000, true),
      make_integer("c", 3, 7, true),
      make_ordinal("d", {Value(std::int64_t{16}), Value(std::int64_t{32}), Value(std::int64_t{64})}),
      make_categorical("e", {Value(true), Value(false)}, std::nullopt, {9, 1}),
      make_constant("f", Value(1.5))};
  for (const Hyperparameter& h : hyperparameters) {
    const auto first = std::holds_alternative<IntegerDomain>(h.domain)
                           ? static_cast<double>(std::get<IntegerDomain>(h.domain).lower)
                           : 0.0;
    for (std::size_t k = 0; k < h.cardinality(); ++k) {
      const double code = first + static_cast<double>(k);
      REQUIRE(h.is_legal_code(code));
      REQUIRE(h.from_unit(h.to_unit(code)) == code);
      REQUIRE(h.code_of(h.value_of(code)) == code);
    }
  }
  const Hyperparameter wide = make_integer("wide", 1, std::int64_t{1} << 40, true);
  for (double code = 1; code <= 0x1.0p40; code = std::floor(code * 1.7) + 1)
    REQUIRE(wide.from_unit(wide.to_unit(code)) == code);
  CHECK(wide.from_unit(wide.to_unit(0x1.0p40)) == 0x1.0p40);
  const Hyperparameter widest = make_integer("widest", -(std::int64_t{1} << 52), std::int64_t{1} << 52);
  CHECK(widest.from_unit(1) == 0x1.0p52);
  CHECK(widest.from_unit(0) == -0x1.0p52);
}

TEST_CASE("floats reach their bounds exactly and never leave them") {
  // Bounds as they stand in published spaces, with rounding noise.
  const Hyperparameter s = make_float("s", 0.00010000000000000009, 999.9999999999998, true);
  CHECK(s.from_unit(0) == 0.00010000000000000009);
  CHECK(s.from_unit(1) == 999.9999999999998);
  CHECK(s.from_unit(-1) == 0.00010000000000000009);
  CHECK(s.from_unit(2) == 999.9999999999998);
  CHECK(s.from_unit(std::numeric_limits<double>::quiet_NaN()) == 0.00010000000000000009);
  for (int i = 0; i <= 1000; ++i) {
    const double code = s.from_unit(i / 1000.0);
    REQUIRE(s.is_legal_code(code));
    REQUIRE(s.to_unit(code) == doctest::Approx(i / 1000.0).epsilon(1e-12));
  }
  const Hyperparameter t = make_float("t", -0.3, 0.7);
  CHECK(t.from_unit(1) == 0.7);
  CHECK(t.from_unit(std::nextafter(1.0, 0.0)) <= 0.7);
  CHECK(t.default_code == doctest::Approx(0.2));
}

TEST_CASE("values outside the domain have no code") {
  const Hyperparameter layers = make_integer("layers", 1, 4);
  CHECK(layers.code_of(Value(2.0)) == 2.0);
  CHECK_FALSE(layers.code_of(Value(2.5)));
  CHECK_FALSE(layers.code_of(Value(true)));
  CHECK_FALSE(layers.code_of(Value(std::int64_t{5})));
  const Hyperparameter rate = make_float("rate", 0, 1);
  CHECK(rate.code_of(Value(std::int64_t{1})) == 1.0);
  CHECK_FALSE(rate.code_of(Value(std::numeric_limits<double>::quiet_NaN())));
  CHECK_FALSE(rate.is_legal_code(std::numeric_limits<double>::quiet_NaN()));
  CHECK_FALSE(make_categorical("c", {Value(true), Value(false)}).code_of(Value(std::int64_t{1})));
}

TEST_CASE("makers name the hyperparameter, the member and the remedy") {
  CHECK_THROWS_WITH_AS(
      (void)make_float("rate", 1, 1),
      "hyperparameter \"rate\"/lower: 1 is not below the upper bound 1; swap the bounds, or use a constant for a "
      "single value",
      InvalidInput);
  CHECK_THROWS_WITH_AS(
      (void)make_float("rate", 0, 1, true),
      "hyperparameter \"rate\"/lower: 0 is not positive, which a log scale needs; raise it or set \"log\" to false",
      InvalidInput);
  CHECK_THROWS_WITH_AS(
      (void)make_integer("units", 0, 8, true),
      "hyperparameter \"units\"/lower: 0 is below 1, which a log scale needs; raise it or set \"log\" to false",
      InvalidInput);
  CHECK_THROWS_WITH_AS((void)make_integer("units", 1, 8, false, 9),
                       "hyperparameter \"units\"/default_value: 9 is outside the domain; give an integer in [1, 8]",
                       InvalidInput);
  CHECK_THROWS_WITH_AS((void)make_categorical("c", {Value(std::int64_t{2}), Value(2.0)}),
                       "hyperparameter \"c\"/choices/1: repeats 2; leave one of them out", InvalidInput);
  CHECK_THROWS_WITH_AS(
      (void)make_categorical("c", {Value(true), Value(false)}, std::nullopt, {1}),
      "hyperparameter \"c\"/weights: has 1 entries for 2 choices; give one weight per choice or none at all",
      InvalidInput);
  CHECK_THROWS_AS((void)make_ordinal("o", {}), InvalidInput);
  CHECK_THROWS_AS((void)make_integer("i", 0, std::int64_t{1} << 60), InvalidInput);
  CHECK_THROWS_AS((void)make_integer("i", std::numeric_limits<std::int64_t>::min(), 0), InvalidInput);
  CHECK_THROWS_AS((void)make_float("f", 0, std::numeric_limits<double>::infinity()), InvalidInput);
  CHECK_THROWS_AS((void)make_float("f", -1.7e308, 1.7e308), InvalidInput);
}
