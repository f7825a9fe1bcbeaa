#include <hyperego/benchmark/paired_bootstrap.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace hyperego;

TEST_CASE("the interval is that of the mean of means") {
  Rng rng(1, "test");
  std::vector<double> one;
  for (int i = 0; i < 400; ++i) one.push_back(3 + 2 * rng.normal());
  const BootstrapInterval interval = stratified_bootstrap({one});
  // Half a width of 1.96 · 2 / √400.
  CHECK(std::abs(interval.upper - interval.lower - 2 * 1.96 * 0.1) < 0.03);
  CHECK(interval.lower < interval.mean);
  CHECK(interval.mean < interval.upper);
  CHECK(std::abs(interval.mean - 3) < 0.3);
  // A wider level is a wider interval, and the same call the same numbers.
  CHECK(stratified_bootstrap({one}, 0.99).upper > interval.upper);
  CHECK(stratified_bootstrap({one}).lower == interval.lower);
}

TEST_CASE("strata count alike, whatever their number of seeds") {
  const BootstrapInterval interval = stratified_bootstrap({{1, 1, 1, 1}, {3}});
  CHECK(interval.mean == 2);
  CHECK(interval.lower == 2);  // no spread within either
  CHECK(interval.upper == 2);
}

TEST_CASE("misuse of the bootstrap") {
  CHECK_THROWS_AS((void)stratified_bootstrap({}), InvalidInput);
  CHECK_THROWS_AS((void)stratified_bootstrap({{1}, {}}), InvalidInput);
  CHECK_THROWS_AS((void)stratified_bootstrap({{1}}, 1.0), InvalidInput);
  CHECK_THROWS_AS((void)stratified_bootstrap({{1}}, 0.95, 0), InvalidInput);
}
