#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "surrogate_spaces.hpp"
#include <cmath>
#include <limits>
#include <vector>

using namespace hyperego;

namespace {

GaussianProcessSurrogate some_surrogate(TargetTransform::Kind transform = TargetTransform::Kind::none) {
  const auto space = test::conditional_space();
  const auto configurations = test::sample_space(space, 40, 1);
  return GaussianProcessSurrogate::fit(space, configurations, 100.0 * test::some_targets(*space, configurations),
                                       {.transform = transform});
}

}  // namespace

TEST_CASE("a surrogate learns a conditional space and says how well") {
  const GaussianProcessSurrogate surrogate = some_surrogate();
  const SearchSpace& space = *surrogate.shared_space();
  const auto fresh = test::sample_space(surrogate.shared_space(), 60, 2);
  const Eigen::VectorXd truth = 100.0 * test::some_targets(space, fresh);
  const Eigen::VectorXd predicted = surrogate.predict(fresh);
  const double unexplained = (predicted - truth).squaredNorm() / (truth.array() - truth.mean()).square().sum();
  CHECK(unexplained < 0.3);
  const FitQuality quality = surrogate.fit_quality();
  CHECK(quality.leave_one_out_r2 > 0.5);
  CHECK(quality.leave_one_out_r2 <= 1.0);
  CHECK(quality.calibration > 0.05);
  CHECK(quality.calibration < 10.0);
  CHECK(surrogate.brief().find("leave-one-out R2") != std::string::npos);
  CHECK(surrogate.to_json().at("length_scales").contains("momentum (active)"));
}

TEST_CASE("fit quality is that of leaving one out, and 0 where nothing can be learnt") {
  const auto space = test::flat_space(2);
  const auto configurations = test::sample_space(space, 12, 4);
  const Eigen::VectorXd y = test::some_targets(*space, configurations);
  const auto surrogate = GaussianProcessSurrogate::fit(space, configurations, y);
  double squares = 0;
  double spread = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    auto others = configurations;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(i));
    Eigen::VectorXd rest(11);
    rest << y.head(static_cast<Eigen::Index>(i)), y.tail(static_cast<Eigen::Index>(11 - i));
    const GaussianProcess process(surrogate.encoding().kinds(), surrogate.encoding().encode(others),
                                  surrogate.transform().standardise(rest), surrogate.parameters());
    const double z = process.posterior_mean(surrogate.encoding().encode({&configurations[i], 1}))[0];
    const double left_out = y[static_cast<Eigen::Index>(i)];
    CHECK(surrogate.left_out().on_model_scale().mean[static_cast<Eigen::Index>(i)] ==
          doctest::Approx(surrogate.transform().rescale(z).on_model_scale()).epsilon(1e-6));
    squares += std::pow(left_out - surrogate.transform().rescale(z).on_model_scale(), 2);
    spread += std::pow(left_out - rest.mean(), 2);
  }
  CHECK(surrogate.fit_quality().leave_one_out_r2 == doctest::Approx(1.0 - squares / spread).epsilon(1e-6));
  const Prediction left_out = surrogate.left_out().on_model_scale();
  const Eigen::ArrayXd ratios = (y - left_out.mean).array().square() / left_out.variance.array();
  CHECK(surrogate.fit_quality().calibration == doctest::Approx(ratios.mean()));
  const auto flat = GaussianProcessSurrogate::fit(space, configurations, Eigen::VectorXd::Constant(12, 0.3));
  CHECK(flat.fit_quality().leave_one_out_r2 == 0.0);
  CHECK(flat.predict(configurations)[0] == doctest::Approx(0.3));
}

TEST_CASE("the evidence is a density of the targets on their own scale") {
  const auto space = test::flat_space(2);
  const auto configurations = test::sample_space(space, 20, 4);
  const Eigen::VectorXd logs = test::some_targets(*space, configurations);
  const Eigen::VectorXd targets = logs.array().exp();
  const GaussianProcessSurrogateOptions log_scale{.transform = TargetTransform::Kind::log};
  const auto of_logs = GaussianProcessSurrogate::fit(space, configurations, logs);
  const GaussianProcessParameters& parameters = of_logs.parameters();
  const auto bent = GaussianProcessSurrogate::condition(space, configurations, targets, parameters, log_scale);
  CHECK(bent.log_evidence() == doctest::Approx(of_logs.log_evidence() - logs.sum()).epsilon(1e-10));
  const auto wider = GaussianProcessSurrogate::condition(space, configurations, 10 * logs, parameters);
  CHECK(wider.log_evidence() == doctest::Approx(of_logs.log_evidence() - 20 * std::log(10.0)).epsilon(1e-10));
}

TEST_CASE("gradients in unit coordinates agree with finite differences on both scales") {
  for (const auto kind :
       {TargetTransform::Kind::none, TargetTransform::Kind::log, TargetTransform::Kind::yeo_johnson}) {
    CAPTURE(to_string(kind));
    const GaussianProcessSurrogate surrogate = some_surrogate(kind);
    const SearchSpace& space = *surrogate.shared_space();
    Configuration at = space.default_configuration();
    at.set(0, 0.003);
    at.set(2, 0.45);
    Eigen::VectorXd gradient(space.size());
    const double value = surrogate.value_and_gradient(at, gradient);
    CHECK(value == doctest::Approx(surrogate.predict({&at, 1})[0]).epsilon(1e-12));
    const auto both = surrogate.posterior_with_gradient(at).on_model_scale();
    CHECK(both.mean == doctest::Approx(surrogate.posterior({&at, 1}).on_model_scale().mean[0]).epsilon(1e-12));
    CHECK(both.variance == doctest::Approx(surrogate.posterior({&at, 1}).on_model_scale().variance[0]).epsilon(1e-9));
    for (const std::size_t i : {0U, 2U}) {
      const auto j = static_cast<Eigen::Index>(i);
      const double h = 1e-5;
      const double u = space[i].to_unit(at[i]);
      std::vector<Configuration> beside(2, at);
      beside[0].set(i, space[i].from_unit(u + h));
      beside[1].set(i, space[i].from_unit(u - h));
      const Eigen::VectorXd values = surrogate.predict(beside);
      const auto posterior = surrogate.posterior(beside).on_model_scale();
      CHECK(gradient[j] == doctest::Approx((values[0] - values[1]) / (2 * h)).epsilon(1e-5));
      CHECK(both.mean_gradient[j] == doctest::Approx((posterior.mean[0] - posterior.mean[1]) / (2 * h)).epsilon(1e-5));
      CHECK(both.variance_gradient[j] ==
            doctest::Approx((posterior.variance[0] - posterior.variance[1]) / (2 * h)).epsilon(1e-4));
    }
    CHECK(gradient[1] == 0.0);
    CHECK(gradient[4] == 0.0);  // beta is unset under sgd
    CHECK(gradient[7] == 0.0);
  }
}

TEST_CASE("state restores the same model without fitting") {
  const auto space = test::conditional_space();
  const auto configurations = test::sample_space(space, 30, 7);
  const Eigen::VectorXd y = test::some_targets(*space, configurations);
  const GaussianProcessSurrogateOptions options{.process = {.kernel = KernelForm::joint},
                                                .transform = TargetTransform::Kind::yeo_johnson};
  const auto fitted = GaussianProcessSurrogate::fit(space, configurations, y, options);
  const auto state = nlohmann::ordered_json::parse(fitted.state().dump());
  const auto restored = GaussianProcessSurrogate::restore(space, configurations, y, state);
  CHECK_FALSE(restored.process().report().fitted);
  const auto fresh = test::sample_space(space, 10, 8);
  CHECK(restored.predict(fresh) == fitted.predict(fresh));
  CHECK_THROWS_WITH_AS(
      (void)GaussianProcessSurrogate::restore(space, configurations, y, nlohmann::ordered_json{{"kind", "forest"}}),
      doctest::Contains("state/kind"), InvalidInput);
}

TEST_CASE("fantasies shrink the variance and keep the mean") {
  const GaussianProcessSurrogate surrogate = some_surrogate();
  const auto pending = test::sample_space(surrogate.shared_space(), 3, 11);
  const auto believed = surrogate.with_fantasies(pending);
  const auto before = surrogate.posterior(pending).on_model_scale();
  const auto after = believed->posterior(pending).on_model_scale();
  CHECK(believed->number_of_observations() == 43);
  for (Eigen::Index i = 0; i < 3; ++i) {
    CHECK(after.variance[i] < 0.5 * before.variance[i]);
    CHECK(after.mean[i] == doctest::Approx(before.mean[i]).epsilon(1e-6));
  }
  const auto fresh = test::sample_space(surrogate.shared_space(), 20, 12);
  CHECK((believed->posterior(fresh).on_model_scale().variance - surrogate.posterior(fresh).on_model_scale().variance)
            .maxCoeff() < 1e-6);
  CHECK(surrogate.with_fantasies({})->number_of_observations() == 40);
}

TEST_CASE("surrogate misuse is named") {
  const auto space = test::flat_space(2);
  const auto configurations = test::sample_space(space, 5, 1);
  CHECK_THROWS_AS((void)GaussianProcessSurrogate::fit(space, configurations, Eigen::VectorXd::Zero(4)), InvalidInput);
  CHECK_THROWS_AS((void)GaussianProcessSurrogate::fit(space, {}, Eigen::VectorXd()), InvalidInput);
  Eigen::VectorXd y = Eigen::VectorXd::Zero(5);
  y[1] = std::nan("");
  CHECK_THROWS_WITH_AS((void)GaussianProcessSurrogate::fit(space, configurations, y), doctest::Contains("targets"),
                       InvalidInput);
}

TEST_CASE("one or two trials give a finite model that knows nothing") {
  const auto space = test::conditional_space();
  for (const int n : {1, 2}) {
    CAPTURE(n);
    const auto configurations = test::sample_space(space, n, 1);
    const auto surrogate =
        GaussianProcessSurrogate::fit(space, configurations, test::some_targets(*space, configurations));
    const FitQuality quality = surrogate.fit_quality();
    CHECK(quality.leave_one_out_r2 == 0.0);
    CHECK(std::isfinite(quality.calibration));
    CHECK(std::isfinite(quality.log_density));
    const auto fresh = test::sample_space(space, 5, 2);
    CHECK(surrogate.predict(fresh).allFinite());
    CHECK(surrogate.posterior(fresh).on_model_scale().variance.allFinite());
    CHECK(surrogate.plausible_functions(1, 1)[0]->predict(fresh).allFinite());
  }
}

TEST_CASE("any finite targets make a finite process") {
  const auto space = test::flat_space(2);
  const auto data = test::sample_space(space, 12, 3);
  for (const double huge : {1e160, std::numeric_limits<double>::max()}) {
    Eigen::VectorXd y = Eigen::VectorXd::LinSpaced(12, 0, 1);
    y[3] = huge;
    y[7] = -huge;
    const auto surrogate = GaussianProcessSurrogate::fit(space, data, y);
    const Prediction posterior = surrogate.posterior(data).on_model_scale();
    CHECK(posterior.mean.allFinite());
    CHECK(posterior.variance.allFinite());
    CHECK(surrogate.predict(data).allFinite());
    CHECK(std::isfinite(surrogate.fit_quality().calibration));
    CHECK(surrogate.left_out().on_model_scale().variance.array().isInf().count() == 0);
    CHECK(surrogate.with_observations(std::vector{data[0]}, Eigen::VectorXd::Constant(1, huge))
              ->predict(data)
              .allFinite());
  }
}
