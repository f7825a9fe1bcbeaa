// Draws of a process's parameters against moments of their posterior by brute force.
#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/gaussian_process/detail/parameter_draws.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <doctest/doctest.h>

#include "surrogate_spaces.hpp"
#include <cmath>

using namespace hyperego;

namespace {

/// A smooth function of one feature with some noise: 12 points.
GaussianProcess small_process() {
  Eigen::MatrixXd features(1, 12);
  Eigen::VectorXd targets(12);
  Rng rng(3, "parameter-draws-test");
  for (Eigen::Index k = 0; k < 12; ++k) {
    features(0, k) = static_cast<double>(k) / 11;
    targets[k] = std::sin(5 * features(0, k)) + 0.1 * rng.normal();
  }
  return GaussianProcess::fit({FeatureKind::numeric}, features, targets);
}

}  // namespace

TEST_CASE("draws have the mean and the deviation of the posterior") {
  const GaussianProcess process = small_process();
  // The three log-parameters on a grid, weighed by their posterior density.
  Eigen::Vector3d mean = Eigen::Vector3d::Zero();
  Eigen::Vector3d square = Eigen::Vector3d::Zero();
  double total = 0;
  const double best = process.log_posterior(process.parameters());
  for (double signal = -4; signal <= 4; signal += 0.4) {
    for (double length = -3; length <= 5; length += 0.25) {
      for (double noise = -14; noise <= 0; noise += 0.5) {
        const Eigen::Vector3d point(signal, length, noise);
        const double weight = std::exp(process.log_posterior(GaussianProcessParameters::from_vector(point)) - best);
        total += weight;
        mean += weight * point;
        square += weight * point.cwiseAbs2();
      }
    }
  }
  mean /= total;
  const Eigen::Vector3d deviation = (square / total - mean.cwiseAbs2()).cwiseSqrt();
  constexpr std::size_t count = 2000;
  const auto draws = detail::draw_parameters(process, count, Rng(1, "draws"));
  REQUIRE(draws.size() == count);
  Eigen::Vector3d drawn_mean = Eigen::Vector3d::Zero();
  Eigen::Vector3d drawn_square = Eigen::Vector3d::Zero();
  for (const auto& draw : draws) {
    drawn_mean += draw.as_vector() / static_cast<double>(count);
    drawn_square += draw.as_vector().cwiseAbs2() / static_cast<double>(count);
  }
  const Eigen::Vector3d drawn_deviation = (drawn_square - drawn_mean.cwiseAbs2()).cwiseSqrt();
  // Some 400 independent draws: four standard errors of a mean are .2 deviations, of a deviation .15 of it.
  for (Eigen::Index i = 0; i < 3; ++i) {
    CAPTURE(i);
    CHECK(std::abs(drawn_mean[i] - mean[i]) < 0.2 * deviation[i]);
    CHECK(drawn_deviation[i] == doctest::Approx(deviation[i]).epsilon(0.2));
  }
}

TEST_CASE("the first draws do not depend on how many there are") {
  const GaussianProcess process = small_process();
  const auto few = detail::draw_parameters(process, 3, Rng(5, "draws"));
  const auto many = detail::draw_parameters(process, 9, Rng(5, "draws"));
  for (std::size_t k = 0; k < 3; ++k) CHECK(few[k].as_vector() == many[k].as_vector());
  CHECK(many[0].as_vector() != many[8].as_vector());
}

TEST_CASE("plausible functions disagree on length scales too") {
  const auto space = test::flat_space(3);
  const auto configurations = test::sample_space(space, 12, 4);
  Eigen::VectorXd targets(12);
  Rng rng(9, "noise");
  for (double& target : targets) target = rng.normal();
  const auto surrogate = GaussianProcessSurrogate::fit(space, configurations, targets);
  const auto draws = detail::draw_parameters(surrogate.process(), 16, Rng(2, "draws"));
  double least = 1e300;
  double most = -1e300;
  for (const auto& draw : draws) {
    least = std::min(least, draw.log_length_scales[0]);
    most = std::max(most, draw.log_length_scales[0]);
  }
  CHECK(most - least > 1);  // a factor of e at the least, where the trials say nothing
}
