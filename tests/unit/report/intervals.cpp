#include <hyperego/core/rng.hpp>
#include <hyperego/report/explanation/detail/intervals.hpp>

#include <doctest/doctest.h>

using namespace hyperego::detail;

TEST_CASE("quantile intervals are central") {
  CHECK(quantile_interval({3, 1, 2, 0, 4}, 0.5) == Interval(0.5, 3.5));  // places 1.5 and 4.5 of 5
  CHECK(quantile_interval({0, 1}, 0.9) == Interval(0, 1));
  CHECK(quantile_interval({7}, 0.9) == Interval(7, 7));
}

TEST_CASE("Student intervals of known tables") {
  // Values -1, 0, 1: deviation 1, two degrees of freedom, t(0.975) = 4.302653.
  const std::vector<double> replicates{-1, 1};
  const Interval interval = student_interval(0, replicates, 0.95);
  CHECK(interval.first == doctest::Approx(-4.302653).epsilon(1e-6));
  CHECK(interval.second == doctest::Approx(4.302653).epsilon(1e-6));
  const std::vector<double> equal{2, 2, 2};
  CHECK(student_interval(2, equal, 0.9) == Interval(2, 2));
}

TEST_CASE("one more value lies in a quantile interval as often as it says") {
  for (const int m : {19, 32, 64}) {
    hyperego::Rng rng(static_cast<std::uint64_t>(m), "exchangeable");
    int inside = 0;
    constexpr int sets = 20000;
    for (int set = 0; set < sets; ++set) {
      std::vector<double> values(static_cast<std::size_t>(m));
      for (double& value : values) value = rng.normal();
      const Interval interval = quantile_interval(values, 0.9);
      const double next = rng.normal();
      inside += next >= interval.first && next <= interval.second ? 1 : 0;
    }
    CHECK(static_cast<double>(inside) / sets == doctest::Approx(0.9).epsilon(0.01));  // 4 standard errors
  }
  CHECK(quantile_interval({3, 1, 2}, 0.9) == Interval(1, 3));
}

TEST_CASE("the median and whatever an interval is asked to hold lie in it") {
  CHECK(median({4, 1, 3}) == 3);
  CHECK(median({4, 1}) == 2.5);
  CHECK(holding({1, 2}, 1.5) == Interval(1, 2));
  CHECK(holding({1, 2}, 0.5) == Interval(0.5, 2));
  CHECK(holding({1, 2}, 3) == Interval(1, 3));
}
