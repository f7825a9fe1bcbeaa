#include <hyperego/moo/scalarization/scalarization.hpp>
#include <hyperego/moo/scalarization/weights.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

using namespace hyperego;

TEST_CASE("weights are on the simplex and depend on seed and index only") {
  for (const int m : {1, 2, 3, 5}) {
    for (std::uint64_t k = 0; k < 50; ++k) {
      const Eigen::VectorXd w = stratified_weights(m, k, 3);
      CHECK(w.minCoeff() >= 0);
      CHECK(w.sum() == doctest::Approx(1).epsilon(1e-14));
      CHECK((w - stratified_weights(m, k, 3)).norm() == 0);
    }
  }
  CHECK((stratified_weights(2, 0, 3) - stratified_weights(2, 0, 4)).norm() > 0);
}

TEST_CASE("two-objective directions leave no large gap") {
  constexpr int n = 64;
  std::vector<double> angles{0, std::numbers::pi / 2};
  for (int k = 0; k < n; ++k) {
    const Eigen::VectorXd w = stratified_weights(2, static_cast<std::uint64_t>(k), 1);
    angles.push_back(std::atan2(w[1], w[0]));
  }
  std::sort(angles.begin(), angles.end());
  double gap = 0;
  for (std::size_t i = 1; i < angles.size(); ++i) gap = std::max(gap, angles[i] - angles[i - 1]);
  // Independent draws would leave a gap of about log(n)/n = 4.2 times the mean; the golden-ratio sequence at most 2.
  CHECK(gap < 2.5 * std::numbers::pi / 2 / n);
}

TEST_CASE("normalisation by the front") {
  Eigen::MatrixXd f(4, 2);
  f << 0, 4,  //
      1, 2,   //
      2, 1,   //
      9, 9;
  const Normalization bounds = normalize_by_front(f, f.rows());
  CHECK(bounds.ideal == Eigen::Vector2d(0, 1));
  CHECK(bounds.nadir == Eigen::Vector2d(2, 4));
  CHECK(bounds.notes.empty());
  CHECK(bounds.apply(f).row(1).isApprox(Eigen::RowVector2d(0.5, 1.0 / 3)));
}

TEST_CASE("a front of one point takes a share of the median's distance, a constant objective 1") {
  Eigen::MatrixXd f(5, 2);
  f << 0, 5,  //
      1, 5,   //
      2, 5,   //
      30, 5,  //
      40, 5;
  const Normalization bounds = normalize_by_front(f, f.rows());
  CHECK(bounds.nadir.isApprox(Eigen::Vector2d(0.4, 6)));
  REQUIRE(bounds.notes.size() == 2);
  CHECK(bounds.notes[0].find("objective 1 hardly varies") == 0);
  const std::vector<Objective> named{{.name = "loss"}, {.name = "seconds"}};
  const Normalization of_names = normalize_by_front(f, f.rows(), named);
  CHECK(of_names.notes[0].find("\"loss\" hardly varies") == 0);
  CHECK(of_names.notes[1].find("\"seconds\" has one value") == 0);
}

TEST_CASE("an objective with one value in most trials takes the range of all") {
  Eigen::MatrixXd f(5, 2);
  f << 0, 5,  //
      1, 5,   //
      2, 5,   //
      3, 5,   //
      4, 8;
  CHECK(normalize_by_front(f, f.rows()).nadir.isApprox(Eigen::Vector2d(0.4, 8)));
}

TEST_CASE("augmented Chebyshev by hand") {
  Eigen::MatrixXd f(2, 2);
  f << 0.5, 0.2,  //
      1, 0;
  const Eigen::VectorXd g = augmented_chebyshev(f, Eigen::Vector2d(0.25, 0.75), 0.05);
  CHECK(g[0] == doctest::Approx(0.15 + 0.05 * (0.125 + 0.15)));
  CHECK(g[1] == doctest::Approx(0.25 + 0.05 * 0.25));
}
