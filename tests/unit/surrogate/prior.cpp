#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/gaussian_process/prior.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace hyperego;

TEST_CASE("the log-normal prior is a normal density of the logarithm") {
  const LogNormalPrior prior{.location = 0.5, .scale = 2.0};
  double mass = 0;
  for (int i = -4000; i < 4000; ++i) mass += 0.01 * std::exp(prior.log_density(0.01 * i));
  CHECK(mass == doctest::Approx(1.0).epsilon(1e-9));
  CHECK(prior.derivative(0.5) == 0.0);
  const double h = 1e-6;
  CHECK(prior.derivative(1.7) ==
        doctest::Approx((prior.log_density(1.7 + h) - prior.log_density(1.7 - h)) / (2 * h)).epsilon(1e-8));
}

TEST_CASE("the length-scale prior grows with the dimension") {
  const GaussianProcessPriors priors;
  CHECK(priors.length_scale_prior(1).location == doctest::Approx(std::sqrt(2.0)));
  CHECK(priors.length_scale_prior(16).location == doctest::Approx(std::sqrt(2.0) + std::log(4.0)));
  CHECK(priors.length_scale_prior(16).scale == doctest::Approx(std::sqrt(3.0)));
}

TEST_CASE("an improper prior is named") {
  GaussianProcessPriors priors;
  priors.noise_variance.scale = 0;
  CHECK_THROWS_WITH_AS(priors.validate(), doctest::Contains("noise_variance"), InvalidInput);
}
