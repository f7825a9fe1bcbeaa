#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/simplex_lattice.hpp>

#include <doctest/doctest.h>

namespace hyperego {
namespace {

TEST_CASE("simplex lattice by hand") {
  const Eigen::MatrixXd expected =
      (Eigen::MatrixXd(6, 3) << 0, 0, 1, 0, 0.5, 0.5, 0, 1, 0, 0.5, 0, 0.5, 0.5, 0.5, 0, 1, 0, 0).finished();
  CHECK(simplex_lattice(3, 2) == expected);
  CHECK(simplex_lattice(1, 4) == Eigen::MatrixXd::Ones(1, 1));
  CHECK(simplex_lattice(2, 4).col(0) == Eigen::VectorXd::LinSpaced(5, 0.0, 1.0));
  CHECK(simplex_lattice(5, 5).rows() == 126);
}

TEST_CASE("the finest lattice within a number of points") {
  CHECK(simplex_lattice_within(2, 100).rows() == 100);
  CHECK(simplex_lattice_within(3, 136).rows() == 136);
  CHECK(simplex_lattice_within(3, 135).rows() == 120);
  CHECK(simplex_lattice_within(5, 2).rows() == 5);
  CHECK(simplex_lattice_within(1, 10).rows() == 1);
  CHECK_THROWS_AS(static_cast<void>(simplex_lattice(0, 1)), InvalidInput);
  CHECK_THROWS_AS(static_cast<void>(simplex_lattice(2, 0)), InvalidInput);
  CHECK_THROWS_AS(static_cast<void>(simplex_lattice(30, 1000)), InvalidInput);
}

}  // namespace
}  // namespace hyperego
