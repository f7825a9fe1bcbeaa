#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <vector>

using namespace hyperego;

namespace {

const std::vector<FeatureKind> mixed_kinds{FeatureKind::numeric, FeatureKind::categorical, FeatureKind::numeric,
                                           FeatureKind::categorical};

Eigen::MatrixXd mixed_features(Eigen::Index n, std::uint64_t seed) {
  Rng rng(seed, "features");
  Eigen::MatrixXd X(4, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    X.col(i) << rng.uniform(), static_cast<double>(rng.below(3)), rng.uniform(), static_cast<double>(rng.below(2));
  }
  return X;
}

Eigen::VectorXd mixed_targets(const Eigen::MatrixXd& X) {
  Eigen::VectorXd y(X.cols());
  for (Eigen::Index i = 0; i < X.cols(); ++i) {
    y[i] = std::sin(5.0 * X(0, i)) + 0.7 * (X(1, i) == 1.0 ? 1.0 : 0.0) * X(2, i) - 0.4 * X(3, i);
  }
  return y;
}

GaussianProcessParameters some_parameters() {
  GaussianProcessParameters parameters;
  parameters.log_signal_variance = 0.3;
  parameters.log_length_scales = Eigen::Vector4d(-0.4, 0.5, 0.2, 0.9);
  parameters.log_noise_variance = -5.0;
  return parameters;
}

GaussianProcess some_process(KernelForm form, Eigen::Index n = 20) {
  const Eigen::MatrixXd X = mixed_features(n, 1);
  return GaussianProcess(mixed_kinds, X, mixed_targets(X), some_parameters(), {.kernel = form});
}

}  // namespace

TEST_CASE(
    "gradients of likelihood and log posterior agree with finite differences, Hamming features and priors included") {
  for (const KernelForm form : {KernelForm::product, KernelForm::joint}) {
    const GaussianProcess process = some_process(form);
    const Eigen::VectorXd at = some_parameters().as_vector();
    Eigen::VectorXd likelihood_gradient;
    Eigen::VectorXd posterior_gradient;
    (void)process.log_marginal_likelihood(some_parameters(), &likelihood_gradient);
    (void)process.log_posterior(some_parameters(), &posterior_gradient);
    for (Eigen::Index k = 0; k < at.size(); ++k) {
      CAPTURE(k);
      const double h = 1e-5;
      Eigen::VectorXd up = at;
      Eigen::VectorXd down = at;
      up[k] += h;
      down[k] -= h;
      const auto above = GaussianProcessParameters::from_vector(up);
      const auto below = GaussianProcessParameters::from_vector(down);
      const double likelihood_slope =
          (process.log_marginal_likelihood(above) - process.log_marginal_likelihood(below)) / (2 * h);
      const double posterior_slope = (process.log_posterior(above) - process.log_posterior(below)) / (2 * h);
      CHECK(std::abs(likelihood_gradient[k] - likelihood_slope) < 1e-6 * likelihood_gradient.cwiseAbs().maxCoeff());
      CHECK(std::abs(posterior_gradient[k] - posterior_slope) < 1e-6 * posterior_gradient.cwiseAbs().maxCoeff());
    }
    CHECK((likelihood_gradient - posterior_gradient).cwiseAbs().minCoeff() > 1e-6);  // every prior has its say
  }
}

TEST_CASE("gradients of the posterior agree with finite differences") {
  for (const KernelForm form : {KernelForm::product, KernelForm::joint}) {
    const GaussianProcess process = some_process(form);
    const Eigen::Vector4d z(0.31, 1.0, 0.77, 0.0);
    const auto at = process.posterior_with_gradient(z);
    const auto batched = process.posterior(z);
    CHECK(at.mean == doctest::Approx(batched.mean[0]).epsilon(1e-12));
    CHECK(at.variance == doctest::Approx(batched.variance[0]).epsilon(1e-10));
    for (const Eigen::Index l : {0, 2}) {
      const double h = 1e-5;
      Eigen::MatrixXd moved = z.replicate(1, 2);
      moved(l, 0) += h;
      moved(l, 1) -= h;
      const auto beside = process.posterior(moved);
      CHECK(at.mean_gradient[l] == doctest::Approx((beside.mean[0] - beside.mean[1]) / (2 * h)).epsilon(1e-6));
      CHECK(at.variance_gradient[l] ==
            doctest::Approx((beside.variance[0] - beside.variance[1]) / (2 * h)).epsilon(1e-5));
    }
    CHECK(at.mean_gradient[1] == 0.0);
    CHECK(at.variance_gradient[3] == 0.0);
    // At a training point the kink of |x − x'| must not matter.
    CHECK(process.posterior_with_gradient(process.features().col(0)).mean_gradient.allFinite());
  }
}

TEST_CASE("bordering equals conditioning from scratch") {
  for (const KernelForm form : {KernelForm::product, KernelForm::joint}) {
    const Eigen::MatrixXd X = mixed_features(45, 2);
    const Eigen::VectorXd y = mixed_targets(X);
    const GaussianProcessOptions options{.kernel = form};
    const GaussianProcess whole(mixed_kinds, X, y, some_parameters(), options);
    const GaussianProcess start(mixed_kinds, X.leftCols(40), y.head(40), some_parameters(), options);
    const GaussianProcess bordered =
        start.with_observations(X.middleCols(40, 2), y.segment(40, 2)).with_observations(X.rightCols(3), y.tail(3));
    const Eigen::MatrixXd Z = mixed_features(30, 3);
    const auto expected = whole.posterior(Z);
    const auto found = bordered.posterior(Z);
    CHECK((found.mean - expected.mean).cwiseAbs().maxCoeff() < 1e-10);
    CHECK((found.variance - expected.variance).cwiseAbs().maxCoeff() < 1e-10);
    CHECK(bordered.log_marginal_likelihood() == doctest::Approx(whole.log_marginal_likelihood()).epsilon(1e-11));
    CHECK(bordered.report().log_posterior == doctest::Approx(whole.report().log_posterior).epsilon(1e-11));
    CHECK(bordered.leave_one_out().mean.isApprox(whole.leave_one_out().mean, 1e-9));
  }
}

TEST_CASE("leave-one-out equals leaving one out") {
  const GaussianProcess process = some_process(KernelForm::product, 15);
  const auto closed = process.leave_one_out();
  for (Eigen::Index i = 0; i < 15; ++i) {
    Eigen::MatrixXd X(4, 14);
    Eigen::VectorXd y(14);
    for (Eigen::Index k = 0, to = 0; k < 15; ++k) {
      if (k == i) continue;
      X.col(to) = process.features().col(k);
      y[to++] = process.targets()[k];
    }
    const GaussianProcess others(mixed_kinds, X, y, some_parameters());
    const auto predicted = others.posterior(process.features().col(i));
    CHECK(closed.mean[i] == doctest::Approx(predicted.mean[0]).epsilon(1e-9));
    CHECK(closed.variance[i] == doctest::Approx(predicted.variance[0] + std::exp(-5.0)).epsilon(1e-9));
  }
}

TEST_CASE("draws have the moments of the joint posterior") {
  const GaussianProcess process = some_process(KernelForm::product, 12);
  const Eigen::MatrixXd Z = mixed_features(5, 9);
  const Eigen::Index count = 20000;
  Rng rng(4, "draws");
  Eigen::MatrixXd normals(5, count);
  for (double& x : normals.reshaped()) x = rng.normal();
  const Eigen::MatrixXd draws = process.draws(Z, normals);
  const auto joint = process.joint_posterior(Z);
  CHECK(joint.mean.isApprox(process.posterior(Z).mean, 1e-12));
  CHECK(joint.covariance.diagonal().isApprox(process.posterior(Z).variance, 1e-9));
  const Eigen::VectorXd mean = draws.rowwise().mean();
  const Eigen::MatrixXd centred = draws.colwise() - mean;
  const Eigen::MatrixXd covariance = centred * centred.transpose() / static_cast<double>(count);
  const double deviation = std::sqrt(joint.covariance.diagonal().maxCoeff());
  CHECK((mean - joint.mean).cwiseAbs().maxCoeff() < 5.0 * deviation / std::sqrt(static_cast<double>(count)));
  CHECK((covariance - joint.covariance).cwiseAbs().maxCoeff() < 0.05 * deviation * deviation);
}

TEST_CASE("fitting climbs, reports and is reproducible") {
  const Eigen::MatrixXd X = mixed_features(40, 5);
  const Eigen::VectorXd y = mixed_targets(X);
  const GaussianProcess fitted = GaussianProcess::fit(mixed_kinds, X, y, {.tolerance = 1e-9});
  CHECK(fitted.report().fitted);
  CHECK_FALSE(fitted.report().fallback);
  CHECK(fitted.report().evaluations > 6);
  Eigen::VectorXd gradient;
  const double height = fitted.log_posterior(fitted.parameters(), &gradient);
  CHECK(height == doctest::Approx(fitted.report().log_posterior).epsilon(1e-9));
  CHECK(height > fitted.log_posterior(some_parameters()));
  CHECK(gradient.cwiseAbs().maxCoeff() < 0.05);
  const GaussianProcess again = GaussianProcess::fit(mixed_kinds, X, y, {.tolerance = 1e-9});
  CHECK(again.parameters().as_vector() == fitted.parameters().as_vector());
  // From the fitted parameters there is nothing left to climb.
  const GaussianProcess warm =
      GaussianProcess::fit(mixed_kinds, X, y, {.candidates = 1, .starts = 1}, fitted.parameters());
  CHECK(warm.report().log_posterior == doctest::Approx(height).epsilon(1e-6));
  CHECK(warm.report().evaluations < fitted.report().evaluations);
  // It has learnt the function.
  const Eigen::MatrixXd Z = mixed_features(50, 6);
  CHECK((fitted.posterior_mean(Z) - mixed_targets(Z)).norm() < 0.1 * mixed_targets(Z).norm());
}

TEST_CASE("degenerate data are conditioned with recorded jitter or plainly") {
  GaussianProcessParameters parameters;
  parameters.log_length_scales = Eigen::VectorXd::Zero(1);
  parameters.log_noise_variance = -80.0;
  const Eigen::MatrixXd repeated = Eigen::MatrixXd::Constant(1, 5, 0.5);
  const GaussianProcess process({FeatureKind::numeric}, repeated, Eigen::VectorXd::Ones(5), parameters);
  CHECK(process.report().jitter > 0.0);
  CHECK(process.posterior_mean(repeated)[0] == doctest::Approx(1.0).epsilon(1e-6));
  CHECK(process.brief().find("jitter") != std::string::npos);
  const GaussianProcess single =
      GaussianProcess::fit({FeatureKind::numeric}, Eigen::MatrixXd::Zero(1, 1), Eigen::VectorXd::Zero(1));
  CHECK(std::isfinite(single.posterior(Eigen::MatrixXd::Ones(1, 1)).variance[0]));
}

TEST_CASE("misuse is named") {
  const Eigen::MatrixXd X = mixed_features(6, 1);
  const Eigen::VectorXd y = mixed_targets(X);
  CHECK_THROWS_AS(GaussianProcess({FeatureKind::numeric}, X, y, some_parameters()), InvalidInput);
  CHECK_THROWS_AS(GaussianProcess(mixed_kinds, X, y.head(5), some_parameters()), InvalidInput);
  Eigen::VectorXd broken = y;
  broken[2] = std::nan("");
  CHECK_THROWS_AS(GaussianProcess(mixed_kinds, X, broken, some_parameters()), InvalidInput);
  CHECK_THROWS_AS((void)GaussianProcess::fit(mixed_kinds, X, y, {.starts = 0}), InvalidInput);
  CHECK_THROWS_AS((void)some_process(KernelForm::product).posterior(Eigen::MatrixXd::Zero(3, 2)), InvalidInput);
  GaussianProcessOptions options;
  options.bounds.noise_variance_lower = 2.0;
  CHECK_THROWS_WITH_AS(options.validate(), doctest::Contains("noise_variance"), InvalidInput);
}

TEST_CASE("parameters survive JSON to the last bit") {
  GaussianProcessParameters parameters = some_parameters();
  parameters.log_length_scales[1] = 1.0 / 3.0;
  const auto text = parameters.to_json().dump();
  const auto back = GaussianProcessParameters::from_json(nlohmann::ordered_json::parse(text), "parameters");
  CHECK(back.as_vector() == parameters.as_vector());
  CHECK_THROWS_WITH_AS((void)GaussianProcessParameters::from_json(nlohmann::ordered_json::parse("{}"), "parameters"),
                       doctest::Contains("parameters/log_signal_variance"), InvalidInput);
}
