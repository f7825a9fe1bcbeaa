#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/index/moebius.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace hyperego;

namespace {

std::vector<double> random_table(int players) {
  Rng rng(7, "table", static_cast<std::uint64_t>(players));
  std::vector<double> table(std::size_t{1} << players);
  for (double& value : table) value = rng.normal();
  return table;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

}  // namespace

TEST_CASE("Möbius transform by its definition") {
  for (int n = 0; n <= 7; ++n) {
    const std::vector<double> table = random_table(n);
    std::vector<double> expected(table.size(), 0.0);
    for (Coalition s = 0; s < table.size(); ++s) {
      for_each_subset(s, [&](Coalition t) { expected[s] += ((size_of(s) - size_of(t)) % 2 == 0 ? 1 : -1) * table[t]; });
    }
    std::vector<double> transformed = table;
    moebius_transform(transformed);
    CHECK_LE(largest_difference(transformed, expected), 1e-13);
  }
}

// 11 players fit the cache; 12, 13 and 15 take one, two and three further levels at once, 17 recurses twice.
TEST_CASE("the inverse undoes the transform on either side of the cache size") {
  for (const int n : {3, 11, 12, 13, 15, 17}) {
    const std::vector<double> table = random_table(n);
    std::vector<double> round_trip = table;
    inverse_moebius_transform(round_trip);
    moebius_transform(round_trip);
    // Sums of 2^n normal values; each comes back by n differences.
    CHECK_LE(largest_difference(round_trip, table), 1e-12 * std::sqrt(static_cast<double>(table.size())));
  }
}

TEST_CASE("superset sums are subset sums of the reversed table") {
  const std::vector<double> table = random_table(13);
  std::vector<double> above = table;
  superset_sum_transform(above);
  std::vector<double> below(table.rbegin(), table.rend());
  inverse_moebius_transform(below);
  CHECK_LE(largest_difference(above, {below.rbegin(), below.rend()}), 1e-11);
}

TEST_CASE("a length that is no power of two is refused") {
  std::vector<double> table(6);
  CHECK_THROWS_AS(moebius_transform(table), InvalidInput);
  CHECK_THROWS_WITH(moebius_transform(table),
                    "value table: has 6 values, but a game of n players has 2^n; give one value for every coalition");
}
