#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/pareto.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace hyperego {
namespace {

using Rows = std::vector<Eigen::Index>;

Eigen::MatrixXd seven_points() {
  return (Eigen::MatrixXd(7, 2) << 2, 2, 1, 3, 3, 3, 2, 2, 3, 1, 1, 4, 4, 4).finished();
}

TEST_CASE("dominance") {
  const Eigen::Vector3d a(1, 2, 3);
  CHECK(weakly_dominates(a, a));
  CHECK_FALSE(dominates(a, a));
  CHECK(dominates(a, Eigen::Vector3d(1, 2, 4)));
  CHECK_FALSE(dominates(a, Eigen::Vector3d(0, 9, 9)));
}

TEST_CASE("non-dominated rows stay in order, equal ones together or the first alone") {
  CHECK(non_dominated(seven_points()) == Rows{0, 1, 3, 4});
  CHECK(non_dominated(seven_points(), EqualPoints::keep_first) == Rows{0, 1, 4});
  Eigen::MatrixXd three(7, 3);
  three << seven_points(), Eigen::VectorXd::Zero(7);
  CHECK(non_dominated(three) == Rows{0, 1, 3, 4});
  CHECK(non_dominated(three, EqualPoints::keep_first) == Rows{0, 1, 4});
  CHECK(non_dominated(Eigen::MatrixXd(0, 2)).empty());
}

TEST_CASE("non-dominated sorting") {
  CHECK(non_dominated_sort(seven_points()) == std::vector<Rows>{{0, 1, 3, 4}, {2, 5}, {6}});
  CHECK(non_dominated_sort(Eigen::MatrixXd(0, 2)).empty());
}

TEST_CASE("crowding distance by hand") {
  const double infinity = std::numeric_limits<double>::infinity();
  const Eigen::MatrixXd points = (Eigen::MatrixXd(4, 2) << 0, 10, 10, 0, 2, 5, 5, 4).finished();
  const Eigen::VectorXd distance = crowding_distance(points);
  CHECK(distance(0) == infinity);
  CHECK(distance(1) == infinity);
  CHECK(distance(2) == doctest::Approx((5 - 0) / 10.0 + (10 - 4) / 10.0));
  CHECK(distance(3) == doctest::Approx((10 - 2) / 10.0 + (5 - 0) / 10.0));
  // An objective without range says nothing.
  Eigen::MatrixXd flat = points;
  flat.col(1).setZero();
  CHECK(crowding_distance(flat)(2) == doctest::Approx(0.5));
  CHECK(crowding_distance(Eigen::MatrixXd::Ones(1, 2))(0) == 0);
}

TEST_CASE("ideal and nadir") {
  CHECK(ideal_point(seven_points()) == Eigen::Vector2d(1, 1));
  CHECK(nadir_point(seven_points()) == Eigen::Vector2d(3, 3));
  CHECK_THROWS_AS(static_cast<void>(ideal_point(Eigen::MatrixXd(0, 2))), InvalidInput);
}

TEST_CASE("crowding distances of the largest numbers are numbers") {
  const double most = std::numeric_limits<double>::max();
  Eigen::MatrixXd points(4, 2);
  points << -most, most, -most / 2, 1, 0, 0, most, -most;
  const Eigen::VectorXd distance = crowding_distance(points);
  CHECK(std::isinf(distance[0]));
  CHECK(distance[1] == doctest::Approx(0.5 + 0.5).epsilon(1e-14));
  CHECK(distance[2] == doctest::Approx(0.75 + 0.5).epsilon(1e-14));
}

TEST_CASE("NaN is refused") {
  Eigen::MatrixXd points = seven_points();
  points(1, 1) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(static_cast<void>(non_dominated(points)), InvalidInput);
  CHECK_THROWS_AS(static_cast<void>(non_dominated_sort(points)), InvalidInput);
  CHECK_THROWS_AS(static_cast<void>(crowding_distance(points)), InvalidInput);
}

}  // namespace
}  // namespace hyperego
