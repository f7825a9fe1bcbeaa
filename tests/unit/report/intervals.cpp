#include <hyperego/report/explanation/detail/intervals.hpp>

#include <doctest/doctest.h>

using namespace hyperego::detail;

TEST_CASE("quantile intervals are central") {
  CHECK(quantile_interval({3, 1, 2, 0, 4}, 0.5) == Interval(1, 3));
  CHECK(quantile_interval({0, 1}, 0.9).first == doctest::Approx(0.05));
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
