#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/moo/acquisition/expected_hypervolume_improvement.hpp>
#include <hyperego/moo/front/hypervolume.hpp>
#include <hyperego/moo/model/expected_improvement.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <span>
#include <vector>

using namespace hyperego;

namespace {

/// Points in [0, 1.2]^m, some dominated, some beyond the reference 1.1, one of them twice.
Eigen::MatrixXd scattered(int m, int n, std::uint64_t seed) {
  Rng rng(seed, "scattered");
  Eigen::MatrixXd points(n, m);
  for (double& value : points.reshaped<Eigen::RowMajor>()) value = 1.2 * rng.uniform();
  points.row(n - 1) = points.row(0);
  return points;
}

double improvement(const Eigen::MatrixXd& front, const Eigen::VectorXd& point, const Eigen::VectorXd& reference) {
  return hypervolume_improvement(point, front, reference);
}

struct Average {
  double mean = 0, error = 0;
};

/// Of the improvement by 60,000 points; draw(j, normal) is coordinate j of one.
template <typename Draw>
Average average_improvement(const Eigen::MatrixXd& front, const Eigen::VectorXd& reference, const Draw& draw) {
  constexpr int draws = 60000;
  double sum = 0;
  double squares = 0;
  Rng rng(3, "draws");
  for (int k = 0; k < draws; ++k) {
    Eigen::VectorXd y(reference.size());
    for (Eigen::Index j = 0; j < y.size(); ++j) y[j] = draw(j, rng.normal());
    const double gain = improvement(front, y, reference);
    sum += gain;
    squares += gain * gain;
  }
  const double mean = sum / draws;
  return {mean, std::sqrt((squares / draws - mean * mean) / draws)};
}

}  // namespace

TEST_CASE("without uncertainty it is the hypervolume improvement itself") {
  for (const int m : {2, 3}) {
    const Eigen::VectorXd reference = Eigen::VectorXd::Constant(m, 1.1);
    int improving = 0;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      const Eigen::MatrixXd front = scattered(m, 1 + static_cast<int>(seed % 12), seed);
      const ExpectedHypervolumeImprovement expected(front, reference);
      Rng rng(seed, "point");
      Eigen::VectorXd mean(m);
      for (double& value : mean) value = 1.2 * rng.uniform();
      const double exact = improvement(front, mean, reference);
      const double value = expected.log_value(mean, Eigen::VectorXd::Constant(m, 1e-9), false).value;
      REQUIRE(std::isfinite(value));
      // A border that lies within the deviation of 1e-9 is worth that much.
      CHECK(std::exp(value) == doctest::Approx(exact).epsilon(1e-6).scale(1e-2));
      if (exact > 0) ++improving;
    }
    CHECK(improving > 50);
  }
}

TEST_CASE("the mean over draws is within its error") {
  for (const int m : {2, 3}) {
    const Eigen::VectorXd reference = Eigen::VectorXd::Constant(m, 1.1);
    const Eigen::MatrixXd front = scattered(m, 9, 5);
    const ExpectedHypervolumeImprovement expected(front, reference);
    for (const double center : {0.1, 0.3, 0.5}) {
      Eigen::VectorXd mean = Eigen::VectorXd::Constant(m, center);
      Eigen::VectorXd deviation = Eigen::VectorXd::Constant(m, 0.2);
      mean[0] -= 0.1;
      deviation[m - 1] = 0.05;
      const auto [average, error] = average_improvement(
          front, reference, [&](Eigen::Index j, double normal) { return mean[j] + deviation[j] * normal; });
      REQUIRE(average > 10 * error);
      CHECK(std::abs(std::exp(expected.log_value(mean, deviation, false).value) - average) < 4.5 * error);
    }
  }
}

TEST_CASE("objectives that are normal on another scale") {
  // Skewed to either side; the third, if any, on its own scale.
  const Eigen::VectorXd grid = Eigen::VectorXd::LinSpaced(60, -2, 2);
  const std::vector<TargetTransform> all{
      TargetTransform::fit(TargetTransform::Kind::yeo_johnson, 0.2 * (1.5 * grid.array()).exp()),
      TargetTransform::fit(TargetTransform::Kind::yeo_johnson, 1.2 - 0.2 * grid.array().exp()), TargetTransform()};
  CHECK(all[0].lambda() < 0.5);
  CHECK(all[1].lambda() > 1.5);
  for (const int m : {2, 3}) {
    const Eigen::VectorXd reference = Eigen::VectorXd::Constant(m, 1.1);
    const Eigen::MatrixXd front = scattered(m, 9, 5);
    const auto transforms = std::span(all).first(static_cast<std::size_t>(m));
    const ExpectedHypervolumeImprovement expected(front, reference, transforms);
    for (const double center : {0.1, 0.3, 0.6}) {
      Eigen::VectorXd mean(m);
      Eigen::VectorXd deviation = Eigen::VectorXd::Constant(m, 0.3);
      for (Eigen::Index j = 0; j < m; ++j) mean[j] = all[static_cast<std::size_t>(j)].to_model(center).on_model_scale();
      const auto [average, error] = average_improvement(front, reference, [&](Eigen::Index j, double normal) {
        return all[static_cast<std::size_t>(j)].from_model(ModelScale(mean[j] + deviation[j] * normal));
      });
      REQUIRE(average > 10 * error);
      const auto at = expected.log_value(mean, deviation, true);
      // 1 %: what pieces of straight lines leave.
      CHECK(std::abs(std::exp(at.value) - average) < 4.5 * error + 0.01 * average);
      for (Eigen::Index j = 0; j < m; ++j) {
        const double step = 1e-6;
        const Eigen::VectorXd shift = step * Eigen::VectorXd::Unit(m, j);
        const auto value = [&](const Eigen::VectorXd& means, const Eigen::VectorXd& deviations) {
          return expected.log_value(means, deviations, false).value;
        };
        CHECK(at.d_mean[j] ==
              doctest::Approx((value(mean + shift, deviation) - value(mean - shift, deviation)) / (2 * step))
                  .epsilon(1e-5));
        CHECK(at.d_deviation[j] ==
              doctest::Approx((value(mean, deviation + shift) - value(mean, deviation - shift)) / (2 * step))
                  .epsilon(1e-5));
      }
    }
    CHECK_THROWS_AS(ExpectedHypervolumeImprovement(front, reference, std::span(all).first(1)), InvalidInput);
  }
}

TEST_CASE("of an empty front it is the product of the expected improvements on the reference point") {
  const Eigen::Vector3d reference(1, 2, 3);
  const ExpectedHypervolumeImprovement expected(Eigen::MatrixXd(0, 3), reference);
  CHECK(expected.number_of_boxes() == 1);
  const Eigen::Vector3d mean(0.5, 2.5, -1);
  const Eigen::Vector3d deviation(0.1, 0.7, 2);
  double product = 0;
  for (int j = 0; j < 3; ++j) product += log_expected_improvement(mean[j], deviation[j], reference[j]).value;
  CHECK(expected.log_value(mean, deviation, false).value == doctest::Approx(product).epsilon(1e-14));
}

TEST_CASE("gradients agree with finite differences, also where the improvement underflows") {
  for (const int m : {2, 3}) {
    const ExpectedHypervolumeImprovement expected(scattered(m, 12, 8), Eigen::VectorXd::Constant(m, 1.1));
    for (const double center : {0.1, 0.5, 0.9, 40.0}) {
      const Eigen::VectorXd mean = Eigen::VectorXd::LinSpaced(m, center, center + 0.2);
      const Eigen::VectorXd deviation = Eigen::VectorXd::LinSpaced(m, 0.08, 0.3);
      const auto at = expected.log_value(mean, deviation, true);
      REQUIRE(std::isfinite(at.value));
      for (Eigen::Index j = 0; j < m; ++j) {
        const double step = 1e-6;
        const Eigen::VectorXd shift = step * Eigen::VectorXd::Unit(m, j);
        const double d_mean = (expected.log_value(mean + shift, deviation, false).value -
                               expected.log_value(mean - shift, deviation, false).value) /
                              (2 * step);
        const double d_deviation = (expected.log_value(mean, deviation + shift, false).value -
                                    expected.log_value(mean, deviation - shift, false).value) /
                                   (2 * step);
        CHECK(at.d_mean[j] == doctest::Approx(d_mean).epsilon(1e-5));
        CHECK(at.d_deviation[j] == doctest::Approx(d_deviation).epsilon(1e-5));
      }
    }
  }
}

TEST_CASE("misuse is refused") {
  CHECK_THROWS_AS(ExpectedHypervolumeImprovement(Eigen::MatrixXd::Zero(2, 4), Eigen::VectorXd::Ones(4)), InvalidInput);
  CHECK_THROWS_AS(ExpectedHypervolumeImprovement(Eigen::MatrixXd::Zero(2, 3), Eigen::VectorXd::Ones(2)), InvalidInput);
  CHECK_THROWS_AS(ExpectedHypervolumeImprovement(Eigen::MatrixXd::Constant(1, 2, NAN), Eigen::VectorXd::Ones(2)),
                  InvalidInput);
}
