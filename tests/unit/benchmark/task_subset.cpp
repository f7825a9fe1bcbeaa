#include <hyperego/benchmark/star_discrepancy.hpp>
#include <hyperego/benchmark/task_subset.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>

using namespace hyperego;

namespace {

Eigen::MatrixXd drawn_points(Eigen::Index n, Eigen::Index features, std::uint64_t seed) {
  Rng rng(seed, "points");
  Eigen::MatrixXd points(n, features);
  for (double& value : points.reshaped()) value = rng.uniform();
  return points;
}

}  // namespace

TEST_CASE("star discrepancy by hand") {
  // {(2 i − 1) / 2n} is the best set in one dimension: 1 / 2n.
  const Eigen::MatrixXd centred = Eigen::VectorXd::LinSpaced(5, 0.1, 0.9);
  CHECK(star_discrepancy(centred) == doctest::Approx(0.1));
  CHECK(star_discrepancy(Eigen::MatrixXd::Zero(3, 1)) == doctest::Approx(1));  // the empty box holds all
  CHECK(star_discrepancy(Eigen::MatrixXd::Ones(3, 1)) == doctest::Approx(1));  // the open unit interval holds none
  CHECK(star_discrepancy(Eigen::MatrixXd::Constant(1, 2, 0.5)) == doctest::Approx(0.75));  // [0, ½]² of volume ¼
  CHECK_THROWS_AS((void)star_discrepancy(Eigen::MatrixXd::Constant(1, 1, 1.5)), InvalidInput);
  CHECK_THROWS_AS((void)star_discrepancy(Eigen::MatrixXd(0, 1)), InvalidInput);
  CHECK_THROWS_AS((void)star_discrepancy(Eigen::MatrixXd::Zero(65, 1)), InvalidInput);
}

TEST_CASE("no box is worse than the star discrepancy says, and one is as bad") {
  const Eigen::MatrixXd points = drawn_points(12, 2, 3);
  const double discrepancy = star_discrepancy(points);
  double worst = 0;
  for (int a = 0; a <= 400; ++a) {
    for (int b = 0; b <= 400; ++b) {
      const Eigen::Array2d end(a / 400.0, b / 400.0);
      int inside = 0;
      for (Eigen::Index i = 0; i < 12; ++i) inside += (points.row(i).transpose().array() <= end).all() ? 1 : 0;
      worst = std::max(worst, std::abs(inside / 12.0 - end.prod()));
    }
  }
  CHECK(worst <= discrepancy + 1e-12);
  CHECK(worst > discrepancy - 0.01);  // the grid's step in both directions is 0.005
}

TEST_CASE("a chosen subset is as good as the best of all subsets, of few points") {
  const Eigen::MatrixXd points = drawn_points(10, 2, 5);
  double best = 1;
  std::vector<int> mask{1, 1, 1, 0, 0, 0, 0, 0, 0, 0};
  do {
    Eigen::MatrixXd three(3, 2);
    for (Eigen::Index i = 0, k = 0; i < 10; ++i) {
      if (mask[static_cast<std::size_t>(i)] == 1) three.row(k++) = points.row(i);
    }
    best = std::min(best, star_discrepancy(three));
  } while (std::prev_permutation(mask.begin(), mask.end()));
  const std::vector<std::size_t> chosen = low_discrepancy_subset(points, 3);
  REQUIRE(chosen.size() == 3);
  CHECK(std::is_sorted(chosen.begin(), chosen.end()));
  Eigen::MatrixXd three(3, 2);
  for (Eigen::Index i = 0; i < 3; ++i)
    three.row(i) = points.row(static_cast<Eigen::Index>(chosen[static_cast<std::size_t>(i)]));
  CHECK(star_discrepancy(three) == doctest::Approx(best));
  CHECK(low_discrepancy_subset(points, 3) == chosen);
  CHECK(low_discrepancy_subset(points, 10).size() == 10);
  CHECK_THROWS_AS((void)low_discrepancy_subset(points, 11), InvalidInput);
  CHECK_THROWS_AS((void)low_discrepancy_subset(points, 0), InvalidInput);
}

TEST_CASE("features of tasks, and the subset that stands for them") {
  const auto json = nlohmann::ordered_json::parse(R"({"hyperego_benchmark": 1, "seeds": [1], "trials": 40,
    "optimizers": ["random"], "tasks": [{"problem": "kursawe"}, {"problem": "zdt1", "variables": 30},
    {"problem": "zdt5", "variables": 35}, {"problem": "dtlz2"}, {"problem": "zdt4"}]})");
  const auto tasks = prepare_tasks(suite_from_json(json, "s.json", "."));
  const TaskFeatures features = description_features(tasks);
  CHECK(features.names ==
        std::vector<std::string>{"log hyperparameters", "share that are no floats", "log objectives"});
  CHECK(features.values.col(0)[0] == 0);  // 3 variables
  CHECK(features.values.col(0)[2] == 1);  // 35
  CHECK(features.values.col(1) == Eigen::VectorXd{{0, 0, 1, 0, 0}});
  CHECK(features.values.col(2) == Eigen::VectorXd{{0, 0, 0, 1, 0}});
  const TaskSubset subset = representative_subset(features, {"a", "b", "c", "d", "e"}, 2);
  CHECK(subset.tasks.size() == 2);
  CHECK(subset.discrepancy <= subset.typical_discrepancy);
  CHECK_THROWS_AS((void)description_features({tasks[0], tasks[0]}), InvalidInput);  // alike in everything
  CHECK_THROWS_AS((void)description_features({tasks[0]}), InvalidInput);
}
