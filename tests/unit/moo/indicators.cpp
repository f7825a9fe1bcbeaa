#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/indicators.hpp>
#include <hyperego/moo/front/simplex_lattice.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

namespace hyperego {
namespace {

Eigen::MatrixXd two_points() { return (Eigen::MatrixXd(2, 2) << 0, 4, 3, 0).finished(); }

TEST_CASE("distances by hand") {
  const Eigen::MatrixXd origin = Eigen::MatrixXd::Zero(1, 2);
  CHECK(igd(two_points(), origin) == 3);
  CHECK(igd_plus(two_points(), origin) == 3);
  CHECK(additive_epsilon(two_points(), origin) == 3);
  // From (3, 4): IGD sees 3 and 4, IGD+ and epsilon see that both points are at least as good.
  const Eigen::MatrixXd corner = (Eigen::MatrixXd(1, 2) << 3, 4).finished();
  CHECK(igd(two_points(), corner) == 3);
  CHECK(igd_plus(two_points(), corner) == 0);
  CHECK(additive_epsilon(two_points(), corner) == 0);
  CHECK(additive_epsilon(origin, corner) == -3);
  const Eigen::MatrixXd both = (Eigen::MatrixXd(2, 2) << 0, 0, 3, 4).finished();
  CHECK(igd(two_points(), both) == 3);
  CHECK(igd_plus(two_points(), both) == 1.5);
  CHECK(igd(two_points(), two_points()) == 0);
}

TEST_CASE("R2 by hand") {
  // One point (1, 1): ∫ max(w, 1 − w) dw = 3/4. A dominated point changes nothing; the ideal point itself gives 0.
  Eigen::MatrixXd points = Eigen::MatrixXd::Ones(1, 2);
  CHECK(r2_exact(points, Eigen::Vector2d(0, 0)) == doctest::Approx(0.75).epsilon(1e-15));
  points.conservativeResize(2, 2);
  points.row(1) << 2, 1;
  CHECK(r2_exact(points, Eigen::Vector2d(0, 0)) == doctest::Approx(0.75).epsilon(1e-15));
  CHECK(r2_exact(points, Eigen::Vector2d(1, 1)) == 0);
  // (0, 1) and (1, 0): ∫ min(1 − w, w) dw = 1/4.
  const Eigen::MatrixXd axes = Eigen::MatrixXd::Identity(2, 2);
  CHECK(r2_exact(axes, Eigen::Vector2d(0, 0)) == doctest::Approx(0.25).epsilon(1e-15));
  CHECK_THROWS_AS(static_cast<void>(r2_exact(axes, Eigen::Vector2d(0.5, 0))), InvalidInput);
  CHECK_THROWS_AS(static_cast<void>(r2_exact(Eigen::MatrixXd::Ones(1, 3), Eigen::Vector3d(0, 0, 0))), InvalidInput);
}

TEST_CASE("R2 over a lattice tends to the exact one") {
  const Eigen::MatrixXd points = (Eigen::MatrixXd(4, 2) << 0.1, 0.9, 0.3, 0.5, 0.6, 0.35, 1.0, 0.05).finished();
  const Eigen::Vector2d ideal(-0.1, 0);
  CHECK(r2(points, ideal, simplex_lattice(2, 20000)) == doctest::Approx(r2_exact(points, ideal)).epsilon(1e-4));
  // Three objectives, by hand: weights e1, e2, e3 give the least value of each objective.
  const Eigen::MatrixXd three = (Eigen::MatrixXd(2, 3) << 1, 5, 3, 4, 2, 6).finished();
  CHECK(r2(three, Eigen::Vector3d(0, 0, 0), simplex_lattice(3, 1)) ==
        doctest::Approx((1 + 2 + 3) / 3.0).epsilon(1e-15));
}

TEST_CASE("misuse of an indicator names the argument") {
  CHECK_THROWS_WITH_AS(static_cast<void>(igd(two_points(), Eigen::MatrixXd::Zero(1, 3))),
                       "reference_set: has 3 objectives where 2 are expected; use the same objectives in both sets",
                       InvalidInput);
  CHECK_THROWS_AS(static_cast<void>(igd_plus(Eigen::MatrixXd(0, 2), two_points())), InvalidInput);
  Eigen::MatrixXd broken = two_points();
  broken(0, 0) = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(static_cast<void>(additive_epsilon(broken, two_points())), InvalidInput);
}

TEST_CASE("indicators of huge and of tiny values are no NaN") {
  const double most = std::numeric_limits<double>::max();
  Eigen::MatrixXd points(2, 2);
  points << most, -most, -most, most;
  const Eigen::MatrixXd others = -points;
  const Eigen::Vector2d ideal(-most, -most);
  for (const double value : {igd(points, others), igd_plus(points, others), additive_epsilon(points, others),
                             r2_exact(points, ideal), r2(points, ideal, Eigen::MatrixXd::Constant(1, 2, 0.5))}) {
    CHECK_FALSE(std::isnan(value));
  }
  Eigen::MatrixXd far(1, 2);
  far << 3e200, 4e200;
  CHECK(igd(far, Eigen::MatrixXd::Zero(1, 2)) == doctest::Approx(5e200).epsilon(1e-14));
  CHECK(igd(far * 1e-300 * 1e-100, Eigen::MatrixXd::Zero(1, 2)) == doctest::Approx(5e-200).epsilon(1e-14));
}

}  // namespace
}  // namespace hyperego
