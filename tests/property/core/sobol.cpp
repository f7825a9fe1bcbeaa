#include <hyperego/core/error.hpp>
#include <hyperego/core/sobol.hpp>

#include <doctest/doctest.h>

#include <set>
#include <utility>
#include <vector>

using namespace hyperego;

TEST_CASE("every elementary interval gets its share of the first 2^k points") {
  for (const std::uint64_t seed : {0U, 1U, 17U}) {
    for (int k = 0; k <= 10; ++k) {
      constexpr Eigen::Index dimension = 12;
      SobolSequence sobol(dimension, seed);
      const int n = 1 << k;
      std::vector<Eigen::VectorXd> points;
      for (int i = 0; i < n; ++i) {
        points.push_back(sobol.next());
        REQUIRE(points.back().minCoeff() >= 0);
        REQUIRE(points.back().maxCoeff() < 1);
      }
      // One dimension at a time: one point in each of the 2^k intervals.
      for (Eigen::Index d = 0; d < dimension; ++d) {
        std::set<int> cells;
        for (const auto& point : points) cells.insert(static_cast<int>(point(d) * n));
        REQUIRE(static_cast<int>(cells.size()) == n);
      }
      // The first two dimensions form a (0, k, 2)-net: one point in each box of 2^-a times 2^-(k-a).
      for (int a = 0; a <= k; ++a) {
        std::set<std::pair<int, int>> cells;
        for (const auto& point : points) {
          cells.emplace(static_cast<int>(point(0) * (1 << a)), static_cast<int>(point(1) * (1 << (k - a))));
        }
        REQUIRE(static_cast<int>(cells.size()) == n);
      }
    }
  }
}

TEST_CASE("discarding is the same as drawing") {
  for (const std::uint64_t skipped : {0U, 1U, 2U, 7U, 100U}) {
    SobolSequence drawn(3, 5);
    SobolSequence jumped(3, 5);
    (void)drawn.next();
    (void)jumped.next();
    for (std::uint64_t i = 0; i < skipped; ++i) (void)drawn.next();
    jumped.discard(skipped);
    for (int i = 0; i < 4; ++i) REQUIRE(drawn.next() == jumped.next());
    jumped = SobolSequence(3, 5);
    jumped.discard(skipped + 5);
    REQUIRE(drawn.next() == jumped.next());
  }
}

TEST_CASE("the seed shifts the points") {
  CHECK(SobolSequence(4, 1).next() == SobolSequence(4, 1).next());
  CHECK(SobolSequence(4, 1).next() != SobolSequence(4, 2).next());
  CHECK_NOTHROW((void)SobolSequence(3667, 1).next());
  CHECK_THROWS_WITH_AS(SobolSequence(0, 1), "dimension: 0 is not between 1 and 3667", InvalidInput);
  CHECK_THROWS_AS(SobolSequence(3668, 1), InvalidInput);
}
