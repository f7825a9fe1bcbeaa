#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/hypervolume.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>
#include <limits>

namespace hyperego {
namespace {

Eigen::MatrixXd rows(Eigen::Index objectives, std::initializer_list<double> values) {
  return Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
      values.begin(), static_cast<Eigen::Index>(values.size()) / objectives, objectives);
}

TEST_CASE("hypervolume of staircases drawn by hand") {
  // Columns of width 1 above 3, 2 and 1: 1·1 + 1·2 + 1·3.
  CHECK(hypervolume(rows(2, {1, 3, 2, 2, 3, 1}), Eigen::Vector2d(4, 4)) == 6);
  // Two boxes of 2 overlapping in 1.
  CHECK(hypervolume(rows(3, {0, 1, 1, 1, 0, 1}), Eigen::Vector3d(2, 2, 2)) == 3);
  // Four objectives, two boxes of 2 that overlap in 1.
  CHECK(hypervolume(rows(4, {0, 1, 1, 1, 1, 0, 1, 1}), Eigen::Vector4d(2, 2, 2, 2)) == 3);
  // A point on every axis of the unit cube at a half: 1 − the corner (1/2)^5.
  Eigen::MatrixXd points = Eigen::MatrixXd::Zero(5, 5);
  points.diagonal().setConstant(0.5);
  CHECK(hypervolume(points, Eigen::VectorXd::Ones(5)) == doctest::Approx(1 - 1.0 / 32).epsilon(1e-14));
  CHECK(hypervolume(rows(1, {3, 2, 5}), Eigen::VectorXd::Constant(1, 4.0)) == 2);
}

TEST_CASE("points at or beyond the reference add nothing") {
  for (Eigen::Index m = 1; m <= 7; ++m) {
    CAPTURE(m);
    const Eigen::VectorXd reference = Eigen::VectorXd::Ones(m);
    Eigen::MatrixXd points = Eigen::MatrixXd::Constant(4, m, 0.5);
    points(1, 0) = 1;
    points(2, m - 1) = 7;
    points(3, 0) = std::numeric_limits<double>::infinity();
    CHECK(hypervolume(points, reference) == doctest::Approx(std::pow(0.5, m)).epsilon(1e-15));
    CHECK(hypervolume(points.bottomRows(3), reference) == 0);
    CHECK(hypervolume(Eigen::MatrixXd(0, m), reference) == 0);
    CHECK(hypervolume_contributions(points.bottomRows(3), reference).isZero(0));
  }
}

TEST_CASE("contributions by hand") {
  // (1,3) covers 1 alone, (3,1) too; (2,2) and its copy share theirs; (3,3) is dominated.
  const Eigen::MatrixXd points = rows(2, {1, 3, 2, 2, 3, 1, 2, 2, 3, 3});
  CHECK(hypervolume_contributions(points, Eigen::Vector2d(4, 4)) == (Eigen::VectorXd(5) << 1, 0, 1, 0, 0).finished());
  CHECK(hypervolume_contributions(points.topRows(3), Eigen::Vector2d(4, 4)) == Eigen::Vector3d(1, 1, 1));
  // Without its dominated neighbour (1.5, 3) the first point would lose nothing of what that one covers as well.
  CHECK(hypervolume_contributions(rows(2, {1, 3, 1.5, 3}), Eigen::Vector2d(4, 4)) == Eigen::Vector2d(0.5, 0));
  CHECK(hypervolume_contributions(rows(3, {0, 1, 1, 1, 0, 1}), Eigen::Vector3d(2, 2, 2)) == Eigen::Vector2d(1, 1));
}

TEST_CASE("improvement by hand") {
  const Eigen::MatrixXd front = rows(2, {1, 3, 3, 1});
  const Eigen::Vector2d reference(4, 4);
  CHECK(hypervolume_improvement(Eigen::Vector2d(2, 2), front, reference) == 1);
  CHECK(hypervolume_improvement(Eigen::Vector2d(0, 0), front, reference) == 11);
  CHECK(hypervolume_improvement(Eigen::Vector2d(1, 3), front, reference) == 0);
  CHECK(hypervolume_improvement(Eigen::Vector2d(3, 3), front, reference) == 0);
  CHECK(hypervolume_improvement(Eigen::Vector2d(0, 4), front, reference) == 0);
  CHECK(hypervolume_improvement(Eigen::Vector2d(2, 2), Eigen::MatrixXd(0, 2), reference) == 4);
  CHECK(hypervolume_improvement(Eigen::Vector3d(1, 1, 0), rows(3, {0, 1, 1, 1, 0, 1}), Eigen::Vector3d(2, 2, 2)) == 1);
}

TEST_CASE("misuse of the hypervolume names the argument") {
  const Eigen::MatrixXd points = Eigen::MatrixXd::Zero(2, 3);
  CHECK_THROWS_WITH_AS(static_cast<void>(hypervolume(points, Eigen::Vector2d(1, 1))),
                       "points: has 3 objectives, the reference has 2; give one reference value per objective",
                       InvalidInput);
  CHECK_THROWS_AS(static_cast<void>(hypervolume(points, Eigen::VectorXd())), InvalidInput);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(static_cast<void>(hypervolume(points, Eigen::Vector3d(1, nan, 1))), InvalidInput);
  CHECK_THROWS_AS(static_cast<void>(hypervolume(rows(2, {1, nan}), Eigen::Vector2d(1, 1))), InvalidInput);
  CHECK_THROWS_AS(
      static_cast<void>(hypervolume(rows(2, {1, -std::numeric_limits<double>::infinity()}), Eigen::Vector2d(1, 1))),
      InvalidInput);
  CHECK_THROWS_AS(static_cast<void>(hypervolume_improvement(Eigen::Vector2d(0, 0), points, Eigen::Vector3d(1, 1, 1))),
                  InvalidInput);
}

TEST_CASE("volumes of huge points are numbers, and in proportion") {
  const double most = std::numeric_limits<double>::max();
  const Eigen::MatrixXd extremes = rows(2, {-most, most / 2, 0, 0, most / 2, -most});
  CHECK(hypervolume(extremes, Eigen::Vector2d(most, most)) == most);
  CHECK(hypervolume_contributions(extremes, Eigen::Vector2d(most, most)).allFinite());
  CHECK(hypervolume_improvement(Eigen::Vector2d(0, 0), rows(2, {-most, most / 2}), Eigen::Vector2d(most, most)) ==
        most);
  CHECK(hypervolume(rows(2, {0, 0, -most, 3}), Eigen::Vector2d(1, 1)) == 1);  // the second lies outside
  // Powers of two are taken out without rounding.
  const double side = 3 * std::ldexp(1.0, 500);
  CHECK(hypervolume(rows(2, {0, -1}), Eigen::Vector2d(side, 1)) == 2 * side);
  CHECK(hypervolume(rows(3, {0, -1, 0}), Eigen::Vector3d(side, 1, 0.5)) == side);
}

}  // namespace
}  // namespace hyperego
