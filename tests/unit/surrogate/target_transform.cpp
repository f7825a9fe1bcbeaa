#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/target_transform.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace hyperego;
using Kind = TargetTransform::Kind;

namespace {

Eigen::VectorXd skewed_targets() {
  Rng rng(3, "targets");
  Eigen::VectorXd y(200);
  for (double& value : y) value = 5.0 + std::exp(0.8 * rng.normal());
  return y;
}

double skewness(const Eigen::VectorXd& x) {
  const Eigen::ArrayXd centred = x.array() - x.mean();
  return centred.cube().mean() / std::pow(centred.square().mean(), 1.5);
}

}  // namespace

TEST_CASE("transforms standardise and invert") {
  const Eigen::VectorXd y = skewed_targets();
  for (const Kind kind : {Kind::none, Kind::log, Kind::yeo_johnson}) {
    CAPTURE(to_string(kind));
    const TargetTransform transform = TargetTransform::fit(kind, y);
    const Eigen::VectorXd z = transform.standardise(y);
    CHECK(z.mean() == doctest::Approx(0.0).epsilon(1e-10));
    CHECK(z.squaredNorm() / 200.0 == doctest::Approx(1.0));
    for (Eigen::Index i = 0; i < 200; ++i) {
      const ModelScale<double> value = transform.rescale(z[i]);
      CHECK(transform.from_model(value) == doctest::Approx(y[i]).epsilon(1e-9));
      const double h = 1e-6;
      const auto moved = [&](double by) { return transform.from_model(ModelScale(value.on_model_scale() + by)); };
      CHECK(transform.inverse_derivative(value) == doctest::Approx((moved(h) - moved(-h)) / (2 * h)).epsilon(1e-4));
    }
    CHECK(target_transform_from(to_string(kind), "transform") == kind);
  }
}

TEST_CASE("the power transform straightens skewed targets and leaves normal ones alone") {
  const Eigen::VectorXd y = skewed_targets();
  const TargetTransform transform = TargetTransform::fit(Kind::yeo_johnson, y);
  CHECK(std::abs(skewness(transform.standardise(y))) < 0.2 * std::abs(skewness(y)));
  Rng rng(1, "normal");
  Eigen::VectorXd normal(2000);
  for (double& value : normal) value = 1e4 + 30.0 * rng.normal();
  CHECK(TargetTransform::fit(Kind::yeo_johnson, normal).lambda() == doctest::Approx(1.0).epsilon(0.1));
}

TEST_CASE("no target is divided by zero or rounding") {
  for (const Kind kind : {Kind::none, Kind::yeo_johnson}) {
    const TargetTransform transform = TargetTransform::fit(kind, Eigen::VectorXd::Constant(7, 0.1));
    CHECK(std::abs(transform.standardise(0.1)) < 1e-9);
    CHECK(transform.standardise(1.1) < 2.0);
  }
  // Far beyond what the bounded branch of a negative power can reach.
  Eigen::VectorXd y = skewed_targets();
  const TargetTransform transform = TargetTransform::fit(Kind::yeo_johnson, y);
  const double range = y.maxCoeff() - y.minCoeff();
  CHECK(transform.from_model(ModelScale(1e6)) == doctest::Approx(y.maxCoeff() + range));
  CHECK(transform.from_model(ModelScale(-1e6)) == doctest::Approx(y.minCoeff() - range));
  CHECK(transform.from_model(ModelScale(-1e6)) == transform.lowest());
  CHECK(transform.inverse_derivative(ModelScale(1e6)) == 0);
}

TEST_CASE("a log transform names the target that has no logarithm") {
  CHECK_THROWS_WITH_AS((void)TargetTransform::fit(Kind::log, Eigen::Vector3d(1.0, 0.0, 2.0)),
                       doctest::Contains("targets/1"), InvalidInput);
  CHECK_THROWS_AS((void)target_transform_from("sqrt", "transform"), InvalidInput);
}

TEST_CASE("any finite targets are standardised") {
  const double most = std::numeric_limits<double>::max();
  for (const Kind kind : {Kind::none, Kind::yeo_johnson}) {
    for (const Eigen::Vector4d& y :
         {Eigen::Vector4d(most, -most, most / 2, 1), Eigen::Vector4d(most, most, most, most),
          Eigen::Vector4d(1e-200, 2e-200, 4e-200, 3e-200), Eigen::Vector4d(0, 5e-324, 0, 0)}) {
      CAPTURE(y.transpose());
      const TargetTransform transform = TargetTransform::fit(kind, y);
      CHECK(std::isfinite(transform.scale() * transform.scale()));
      CHECK(transform.standardise(y).allFinite());
    }
  }
  const Eigen::Vector4d tiny(1e-200, 2e-200, 4e-200, 3e-200);
  CHECK(TargetTransform::fit(Kind::none, tiny).standardise(tiny).squaredNorm() == doctest::Approx(4).epsilon(1e-12));
}
