#include <hyperego/moo/scalarization/penalties.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace hyperego;

TEST_CASE("the size of a penalty changes nothing") {
  Eigen::VectorXd expected(6);
  expected << 0.1, 0.3, 0.6, 1.1, 0.2, 1.1;  // y(k) = 0.6, range 0.5
  for (const double size : {1e4, 1e10, 1e30, 1e300}) {
    Eigen::VectorXd values(6);
    values << 0.1, 0.3, 0.6, size, 0.2, size;
    CHECK(draw_in_penalties(values).penalties == 2);
    CHECK(values.isApprox(expected, 1e-15));
  }
}

TEST_CASE("a continuous spread over five decades stays as it is, to the bit") {
  Eigen::VectorXd values(21);
  for (int i = 0; i < 21; ++i) values[i] = std::pow(10.0, -1 + 0.25 * i);
  const Eigen::VectorXd before = values;
  const DrawnIn drawn_in = draw_in_penalties(values);
  CHECK(drawn_in.penalties + drawn_in.huge == 0);
  CHECK(values == before);
}

TEST_CASE("the largest numbers of either sign keep their order and have finite squares") {
  constexpr double most = std::numeric_limits<double>::max();
  Eigen::VectorXd values(5);
  values << -most, 5e-324, most / 2, most, 0;
  CHECK(draw_in_penalties(values).huge == 3);
  CHECK(std::isfinite(values.squaredNorm()));
  CHECK(values[0] < values[4]);
  CHECK(values[1] < values[2]);
  CHECK(values[2] < values[3]);
}
