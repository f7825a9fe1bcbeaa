#include <hyperego/core/error.hpp>
#include <hyperego/core/rank_correlation.hpp>

#include <doctest/doctest.h>

#include <vector>

using namespace hyperego;

TEST_CASE("equal values share their mean rank") {
  CHECK(mean_ranks(std::vector<double>{3, 1, 3, 2, 3}) == std::vector<double>{3, 0, 3, 1, 3});
  CHECK(mean_ranks(std::vector<double>{}).empty());
}

TEST_CASE("rank correlation sees order alone") {
  const std::vector<double> a{1, 2, 3, 4, 5};
  CHECK(rank_correlation(a, std::vector<double>{1, 10, 11, 1e6, 1e7}) == doctest::Approx(1));
  CHECK(rank_correlation(a, std::vector<double>{5, 4, 3, 2, 1}) == doctest::Approx(-1));
  // 1 − 6 Σd² / (n (n² − 1)) with d = (−1, 1, 0, −1, 1)
  CHECK(rank_correlation(a, std::vector<double>{2, 1, 3, 5, 4}) == doctest::Approx(1 - 6.0 * 4 / 120));
  CHECK(rank_correlation(a, std::vector<double>(5, 7.0)) == 0);
  CHECK_THROWS_AS((void)rank_correlation(a, std::vector<double>{1}), InvalidInput);
}
