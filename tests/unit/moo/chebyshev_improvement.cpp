#include <hyperego/core/rng.hpp>
#include <hyperego/moo/model/chebyshev_improvement.hpp>
#include <hyperego/moo/model/expected_improvement.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <vector>

using namespace hyperego;

namespace {

std::vector<WeightedObjective> plain(std::size_t m) { return std::vector<WeightedObjective>(m); }

/// Three objectives of which two are bent, one each way.
std::vector<WeightedObjective> bent() {
  std::vector<WeightedObjective> objectives(3);
  const Eigen::VectorXd grid = Eigen::VectorXd::LinSpaced(50, -2, 2);
  objectives[0] = {TargetTransform::fit(TargetTransform::Kind::yeo_johnson, (2 * grid.array()).exp()), 0.3, 0.1};
  objectives[1] = {TargetTransform::fit(TargetTransform::Kind::yeo_johnson, -(grid.array().exp())), 0.5, -0.2};
  objectives[2] = {TargetTransform::fit(TargetTransform::Kind::none, grid), 0.4, -0.1};
  return objectives;
}

}  // namespace

TEST_CASE("log Φ in both tails") {
  CHECK(log_normal_cdf(0) == doctest::Approx(std::log(0.5)));
  CHECK(log_normal_cdf(-10) == doctest::Approx(-53.23128515051247).epsilon(1e-13));
  CHECK(log_normal_cdf(8) == doctest::Approx(-6.220960574271786e-16).epsilon(1e-9));
  CHECK(log_normal_cdf(std::nextafter(-1.0, 0)) == doctest::Approx(log_normal_cdf(-1)).epsilon(1e-14));
}

TEST_CASE("one objective is the plain expected improvement") {
  for (const double best : {-40.0, -6.0, -1.0, 0.0, 0.7, 3.0, 8.0}) {
    const Eigen::VectorXd a = Eigen::VectorXd::Constant(1, 0.3);
    const Eigen::VectorXd b = Eigen::VectorXd::Constant(1, 0.5);
    const auto direct = log_expected_improvement(0.3, 0.5, best);
    const auto chebyshev = log_chebyshev_improvement(plain(1), a, b, best, 0);
    CHECK(chebyshev.value == doctest::Approx(direct.value).epsilon(1e-5));
    CHECK(chebyshev.d_mean[0] == doctest::Approx(direct.d_mean).epsilon(1e-4));
    CHECK(chebyshev.d_deviation[0] == doctest::Approx(direct.d_deviation).epsilon(1e-3));
  }
}

TEST_CASE("the mean over draws, on the objectives' scale and on others") {
  constexpr int draws = 400000;
  for (const std::vector<WeightedObjective>& objectives : {plain(3), bent()}) {
    const Eigen::Vector3d a(0.2, 0.5, 0.4);
    const Eigen::Vector3d b(0.3, 0.1, 0.25);
    double augmentation = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      augmentation += 0.05 * objectives[j].from_model(a[static_cast<Eigen::Index>(j)]);
    }
    for (const double best : {0.35, 0.6, 1.2}) {
      Rng rng(1, "chebyshev");
      double sum = 0;
      double squares = 0;
      for (int k = 0; k < draws; ++k) {
        double worst = -INFINITY;
        for (Eigen::Index j = 0; j < 3; ++j) {
          worst = std::max(worst, objectives[static_cast<std::size_t>(j)].from_model(a[j] + b[j] * rng.normal()));
        }
        const double gain = std::max(0.0, best - worst - augmentation);
        sum += gain;
        squares += gain * gain;
      }
      const double mean = sum / draws;
      const double error = std::sqrt((squares / draws - mean * mean) / draws);
      const double value = std::exp(log_chebyshev_improvement(objectives, a, b, best, 0.05).value);
      CHECK(std::abs(value - mean) < 4.5 * error);
    }
  }
}

TEST_CASE("gradients agree with finite differences") {
  const Eigen::Vector3d a(0.2, 0.5, 0.4);
  const Eigen::Vector3d b(0.3, 0.1, 0.25);
  for (const std::vector<WeightedObjective>& objectives : {plain(3), bent()}) {
    for (const double best : {-3.0, 0.1, 0.35, 0.6, 1.2}) {
      const auto at = log_chebyshev_improvement(objectives, a, b, best, 0.05);
      REQUIRE(std::isfinite(at.value));
      for (int j = 0; j < 3; ++j) {
        const double step = 1e-5;
        const Eigen::Vector3d e = step * Eigen::Vector3d::Unit(j);
        const auto value = [&](const Eigen::Vector3d& means, const Eigen::Vector3d& deviations) {
          return log_chebyshev_improvement(objectives, means, deviations, best, 0.05, false).value;
        };
        // 1e-3: the rule's own error moves with its end points, which the analytic derivative leaves out.
        CHECK(at.d_mean[j] == doctest::Approx((value(a + e, b) - value(a - e, b)) / (2 * step)).epsilon(1e-3));
        CHECK(at.d_deviation[j] == doctest::Approx((value(a, b + e) - value(a, b - e)) / (2 * step)).epsilon(2e-3));
      }
    }
  }
}

TEST_CASE("far below everything it stays finite and ordered") {
  const Eigen::Vector2d a(1, 2);
  const Eigen::Vector2d b(1e-3, 1e-2);
  double last = -INFINITY;
  for (const double best : {-100.0, -1.0, 0.5, 1.5, 2.5}) {
    const double value = log_chebyshev_improvement(plain(2), a, b, best, 0.05).value;
    CHECK(std::isfinite(value));
    CHECK(value > last);
    last = value;
  }
}
