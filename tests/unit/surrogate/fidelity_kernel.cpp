// Gaussian processes on observations of several fidelities, against dense formulas.
#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_path.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>
#include <hyperego/surrogate/gaussian_process/linear_functionals.hpp>

#include <Eigen/Dense>
#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <memory>
#include <vector>

using namespace hyperego;

namespace {

const std::vector<FeatureKind> fidelity_kinds{FeatureKind::numeric, FeatureKind::numeric, FeatureKind::categorical};

struct FidelityData {
  Eigen::MatrixXd features;
  Eigen::VectorXd targets;
  Eigen::VectorXd distances;
};

FidelityData fidelity_data(Eigen::Index n, std::uint64_t seed) {
  Rng rng(seed, "fidelity-data");
  FidelityData data{Eigen::MatrixXd(3, n), Eigen::VectorXd(n), Eigen::VectorXd(n)};
  for (Eigen::Index i = 0; i < n; ++i) {
    data.features.col(i) << rng.uniform(), rng.uniform(), std::floor(3 * rng.uniform());
    data.distances[i] = i % 3 == 0 ? 0 : rng.uniform();
    data.targets[i] = std::sin(4 * data.features(0, i)) + data.distances[i] * data.features(1, i);
  }
  return data;
}

GaussianProcessParameters fidelity_parameters() {
  GaussianProcessParameters parameters{
      .log_signal_variance = 0.2, .log_length_scales = Eigen::Vector3d(-0.5, 0.3, 0.1), .log_noise_variance = -4};
  parameters.fidelity = FidelityParameters{-0.6, -0.9};
  return parameters;
}

/// k times c of two sets of points, by the formulas of the header.
Eigen::MatrixXd dense(const Kernel& kernel, const GaussianProcessParameters& parameters, const Eigen::MatrixXd& a,
                      const Eigen::VectorXd& fa, const Eigen::MatrixXd& b, const Eigen::VectorXd& fb) {
  Eigen::MatrixXd covariance = kernel.covariance(kernel.points(a), kernel.points(b));
  const double length = std::exp(parameters.fidelity->log_length_scale);
  for (Eigen::Index i = 0; i < fa.size(); ++i) {
    for (Eigen::Index j = 0; j < fb.size(); ++j) {
      const double apart = (fa[i] - fb[j]) / length;
      covariance(i, j) *= std::exp(-0.5 * apart * apart) + std::exp(parameters.fidelity->log_drift) * fa[i] * fb[j];
    }
  }
  return covariance;
}

std::shared_ptr<const SearchSpace> fidelity_space() {
  return std::make_shared<const SearchSpace>(
      std::vector<Hyperparameter>{make_float("a", 0, 1), make_float("b", 0, 1), make_float("c", 0, 1)});
}

std::vector<Configuration> fidelity_drawn(const std::shared_ptr<const SearchSpace>& space, std::size_t count,
                                          std::uint64_t seed) {
  std::vector<Configuration> result;
  for (std::size_t k = 0; k < count; ++k) {
    Rng rng(seed, "fidelity-test", k);
    result.push_back(Slice(space).sample(rng).value());
  }
  return result;
}

/// Twenty configurations at full fidelity and at distance 1, where the target is `sign` times as much.
GaussianProcessSurrogate related(double sign) {
  const auto space = fidelity_space();
  std::vector<Configuration> trials = fidelity_drawn(space, 20, 7);
  const std::vector<Configuration> once = trials;
  trials.insert(trials.end(), once.begin(), once.end());
  Eigen::VectorXd targets(40);
  Eigen::VectorXd distances(40);
  for (Eigen::Index k = 0; k < 40; ++k) {
    const Configuration& at = trials[static_cast<std::size_t>(k)];
    distances[k] = k < 20 ? 0 : 1;
    targets[k] = (k < 20 ? 1 : sign) * (std::sin(5 * at[0]) + at[1] * at[1] - at[2]);
  }
  return GaussianProcessSurrogate::fit(space, trials, targets, {}, std::nullopt, distances);
}

}  // namespace

TEST_CASE("the gradient of the likelihood by the fidelity's parameters is that of differences") {
  const FidelityData data = fidelity_data(30, 1);
  const GaussianProcess process(fidelity_kinds, data.features, data.targets, fidelity_parameters(), {}, data.distances);
  const Eigen::VectorXd at = fidelity_parameters().as_vector();
  Eigen::VectorXd gradient;
  const double value = process.log_posterior(fidelity_parameters(), &gradient);
  CHECK(value ==
        doctest::Approx(process.log_marginal_likelihood() + GaussianProcessPriors{}.log_density(process.parameters())));
  REQUIRE(gradient.size() == 7);
  constexpr double step = 1e-5;
  for (Eigen::Index i = 0; i < at.size(); ++i) {
    Eigen::VectorXd up = at;
    Eigen::VectorXd down = at;
    up[i] += step;
    down[i] -= step;
    const double difference = process.log_posterior(GaussianProcessParameters::from_vector(up, true)) -
                              process.log_posterior(GaussianProcessParameters::from_vector(down, true));
    CHECK(gradient[i] == doctest::Approx(difference / (2 * step)).epsilon(1e-5));
  }
}

TEST_CASE("posteriors at full fidelity and across fidelities are those of the dense formulas") {
  const FidelityData data = fidelity_data(25, 2);
  const FidelityData places = fidelity_data(5, 3);
  const GaussianProcessParameters parameters = fidelity_parameters();
  const GaussianProcess process(fidelity_kinds, data.features, data.targets, parameters, {}, data.distances);
  Eigen::MatrixXd K = dense(process.kernel(), parameters, data.features, data.distances, data.features, data.distances);
  K.diagonal().array() += process.diagonal_variance();
  const Eigen::MatrixXd inverse = K.inverse();
  const Eigen::VectorXd full = Eigen::VectorXd::Zero(5);
  const auto against = [&](const Eigen::VectorXd& distances) {
    return dense(process.kernel(), parameters, data.features, data.distances, places.features, distances);
  };
  const Eigen::VectorXd mean = against(full).transpose() * inverse * data.targets;
  const Eigen::MatrixXd covariance =
      process.kernel().covariance(process.kernel().points(places.features), process.kernel().points(places.features)) -
      against(full).transpose() * inverse * against(full);
  const auto posterior = process.posterior(places.features);
  CHECK((posterior.mean - mean).cwiseAbs().maxCoeff() < 1e-9);
  CHECK((process.posterior_mean(places.features) - mean).cwiseAbs().maxCoeff() < 1e-9);
  CHECK((posterior.variance - covariance.diagonal()).cwiseAbs().maxCoeff() < 1e-9);
  CHECK((process.joint_posterior(places.features).covariance - covariance).cwiseAbs().maxCoeff() < 1e-9);
  for (Eigen::Index k = 0; k < 5; ++k) {
    const Eigen::VectorXd both = Eigen::Vector2d(0, 0.4);
    const Eigen::MatrixXd twice = places.features.col(k).replicate(1, 2);
    const Eigen::MatrixXd cross = dense(process.kernel(), parameters, data.features, data.distances, twice, both);
    const Eigen::MatrixXd joint =
        dense(process.kernel(), parameters, twice, both, twice, both) - cross.transpose() * inverse * cross;
    const Eigen::VectorXd means = cross.transpose() * inverse * data.targets;
    const auto at = process.across_fidelities(places.features.col(k), 0.4);
    CHECK(at.full_mean == doctest::Approx(means[0]));
    CHECK(at.mean == doctest::Approx(means[1]));
    CHECK(at.full_variance == doctest::Approx(joint(0, 0)));
    CHECK(at.variance == doctest::Approx(joint(1, 1)));
    CHECK(at.covariance == doctest::Approx(joint(0, 1)));
  }
}

TEST_CASE("slopes of the posterior at full fidelity are those of differences") {
  const FidelityData data = fidelity_data(25, 4);
  const GaussianProcess process(fidelity_kinds, data.features, data.targets, fidelity_parameters(), {}, data.distances);
  const Eigen::VectorXd z = Eigen::Vector3d(0.3, 0.6, 1);
  const auto at = process.posterior_with_gradient(z);
  constexpr double step = 1e-6;
  for (Eigen::Index l = 0; l < 2; ++l) {
    Eigen::MatrixXd around = z.replicate(1, 2);
    around(l, 0) += step;
    around(l, 1) -= step;
    const auto beside = process.posterior(around);
    CHECK(at.mean_gradient[l] == doctest::Approx((beside.mean[0] - beside.mean[1]) / (2 * step)).epsilon(1e-5));
    CHECK(at.variance_gradient[l] ==
          doctest::Approx((beside.variance[0] - beside.variance[1]) / (2 * step)).epsilon(1e-4));
  }
}

TEST_CASE("added observations of lower fidelities condition as given ones do, also where all were at full before") {
  const FidelityData data = fidelity_data(20, 5);
  const FidelityData more = fidelity_data(6, 6);
  Eigen::MatrixXd features(3, 26);
  Eigen::VectorXd targets(26);
  Eigen::VectorXd distances(26);
  features << data.features, more.features;
  targets << data.targets, more.targets;
  for (const bool all_full : {false, true}) {
    const Eigen::VectorXd before = all_full ? Eigen::VectorXd() : data.distances;
    GaussianProcessParameters parameters = fidelity_parameters();
    if (all_full) parameters.fidelity = FidelityParameters{};
    distances << (all_full ? Eigen::VectorXd::Zero(20) : data.distances), more.distances;
    const GaussianProcess grown = GaussianProcess(fidelity_kinds, data.features, data.targets, parameters, {}, before)
                                      .with_observations(more.features, more.targets, more.distances);
    const GaussianProcess whole(fidelity_kinds, features, targets, parameters, {}, distances);
    const Eigen::MatrixXd places = fidelity_data(4, 8).features;
    CHECK((grown.posterior(places).mean - whole.posterior(places).mean).cwiseAbs().maxCoeff() < 1e-9);
    CHECK((grown.posterior(places).variance - whole.posterior(places).variance).cwiseAbs().maxCoeff() < 1e-9);
    CHECK((grown.leave_one_out().mean - whole.leave_one_out().mean).cwiseAbs().maxCoeff() < 1e-9);
  }
}

TEST_CASE("a fit sees what a low fidelity tells: much where it agrees, nothing where it says the opposite") {
  const auto told = [](const GaussianProcessSurrogate& model) {
    const Configuration new_place = fidelity_drawn(model.shared_space(), 1, 99).front();
    const auto at = model.across_fidelities(new_place, 1).on_model_scale();
    return at.covariance / std::sqrt(at.variance * at.full_variance);
  };
  CHECK(told(related(1)) > 0.9);
  CHECK(told(related(-1)) < 0.3);
}

TEST_CASE("blends, paths and linear functions are those of the full fidelity") {
  const auto model = std::make_shared<const GaussianProcessSurrogate>(related(0.8));
  const auto space = model->shared_space();
  const std::vector<Configuration> places = fidelity_drawn(space, 4, 11);
  const Blends blends(space, places[0], {places[1], places[2], places[3]});
  const std::vector<Coalition> coalitions{0, 7};
  Eigen::MatrixXd predictions(2, 3);
  model->predict_blends(blends, 0, coalitions, predictions);
  const Eigen::VectorXd predicted = model->predict(places);
  for (Eigen::Index k = 0; k < 3; ++k) {
    CHECK(predictions(0, k) == doctest::Approx(predicted[0]));
    CHECK(predictions(1, k) == doctest::Approx(predicted[k + 1]));
  }
  // Means and variances of 600 paths: four standard errors.
  constexpr Eigen::Index paths = 600;
  Eigen::MatrixXd values(4, paths);
  for (Eigen::Index i = 0; i < paths; ++i) {
    values.col(i) = GaussianProcessPath(model, 3, static_cast<std::uint64_t>(i)).predict(places);
  }
  const Prediction posterior = model->posterior(places).on_model_scale();
  for (Eigen::Index k = 0; k < 4; ++k) {
    const double deviation = std::sqrt(posterior.variance[k]);
    CHECK(std::abs(values.row(k).mean() - posterior.mean[k]) < 4 * deviation / std::sqrt(paths));
    const double variance = (values.row(k).array() - values.row(k).mean()).square().mean();
    CHECK(variance == doctest::Approx(posterior.variance[k]).epsilon(4 * std::sqrt(2.0 / paths)));
  }
  const LinearFunctionals functionals(model, places, Eigen::MatrixXd::Identity(4, 4));
  const double square = model->transform().scale() * model->transform().scale();
  CHECK(functionals.variance() * square == doctest::Approx(posterior.variance.sum()));
}

TEST_CASE("a state restores a model of several fidelities, and distances that make no sense are refused") {
  const FidelityData data = fidelity_data(10, 12);
  const GaussianProcess process(fidelity_kinds, data.features, data.targets, fidelity_parameters(), {}, data.distances);
  const auto read = GaussianProcessParameters::from_json(process.parameters().to_json(), "parameters");
  REQUIRE(read.fidelity.has_value());
  CHECK(read.as_vector() == process.parameters().as_vector());
  CHECK_THROWS_AS(GaussianProcess(fidelity_kinds, data.features, data.targets, fidelity_parameters(), {},
                                  Eigen::VectorXd::Constant(10, 1.5)),
                  InvalidInput);
  CHECK_THROWS_AS(
      GaussianProcess(fidelity_kinds, data.features, data.targets, fidelity_parameters(), {}, Eigen::VectorXd::Zero(3)),
      InvalidInput);
}
