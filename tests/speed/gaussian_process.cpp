// Speed of the Gaussian process on plain matrices: likelihood with gradient, fit, prediction.
#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process.hpp>

#include <benchmark/benchmark.h>

#include <cmath>
#include <vector>

namespace {

using namespace hyperego;

Eigen::MatrixXd uniform_points(Eigen::Index p, Eigen::Index n, std::uint64_t seed) {
  Rng rng(seed, "bench");
  Eigen::MatrixXd X(p, n);
  for (double& x : X.reshaped()) x = rng.uniform();
  return X;
}

Eigen::VectorXd wavy_targets(const Eigen::MatrixXd& X) {
  Eigen::VectorXd y(X.cols());
  for (Eigen::Index i = 0; i < X.cols(); ++i) {
    double sum = 0;
    for (Eigen::Index l = 0; l < X.rows(); ++l) {
      sum += std::sin(3.0 * X(l, i) + static_cast<double>(l)) / static_cast<double>(l + 1);
    }
    y[i] = sum + X(0, i) * X(X.rows() - 1, i);
  }
  y.array() -= y.mean();
  return y / std::sqrt(y.squaredNorm() / static_cast<double>(y.size()));
}

GaussianProcessParameters parameters_for(Eigen::Index p) {
  return {
      .log_signal_variance = 0.0, .log_length_scales = Eigen::VectorXd::Constant(p, 0.5), .log_noise_variance = -8.0};
}

GaussianProcess process_for(const benchmark::State& state) {
  const Eigen::Index n = state.range(0);
  const Eigen::Index p = state.range(1);
  const auto form = state.range(2) == 0 ? KernelForm::product : KernelForm::joint;
  const Eigen::MatrixXd X = uniform_points(p, n, 1);
  return GaussianProcess(std::vector<FeatureKind>(static_cast<std::size_t>(p), FeatureKind::numeric), X,
                         wavy_targets(X), parameters_for(p), {.kernel = form});
}

void likelihood_with_gradient(benchmark::State& state) {
  const GaussianProcess process = process_for(state);
  Eigen::VectorXd gradient;
  for (auto _ : state) benchmark::DoNotOptimize(process.log_marginal_likelihood(process.parameters(), &gradient));
}

void fit(benchmark::State& state) {
  const GaussianProcess process = process_for(state);
  const std::vector<FeatureKind> kinds(static_cast<std::size_t>(process.number_of_features()), FeatureKind::numeric);
  int evaluations = 0;
  for (auto _ : state) {
    const auto fitted = GaussianProcess::fit(kinds, process.features(), process.targets(), process.options());
    evaluations = fitted.report().evaluations;
  }
  state.counters["evaluations"] = evaluations;
}

void posterior(benchmark::State& state) {
  const GaussianProcess process = process_for(state);
  const Eigen::MatrixXd Z = uniform_points(process.number_of_features(), 2000, 2);
  for (auto _ : state) benchmark::DoNotOptimize(process.posterior(Z).variance.data());
  state.SetItemsProcessed(state.iterations() * Z.cols());
}

void posterior_with_gradient(benchmark::State& state) {
  const GaussianProcess process = process_for(state);
  const Eigen::VectorXd z = Eigen::VectorXd::Constant(process.number_of_features(), 0.4);
  for (auto _ : state) benchmark::DoNotOptimize(process.posterior_with_gradient(z).variance);
}

void with_observations(benchmark::State& state) {
  const GaussianProcess process = process_for(state);
  const Eigen::MatrixXd more = uniform_points(process.number_of_features(), 4, 3);
  for (auto _ : state)
    benchmark::DoNotOptimize(process.with_observations(more, Eigen::VectorXd::Zero(4)).weights().data());
}

BENCHMARK(likelihood_with_gradient)
    ->Args({120, 7, 0})
    ->Args({120, 7, 1})
    ->Args({1000, 20, 0})
    ->Unit(benchmark::kMicrosecond);
BENCHMARK(fit)
    ->Args({30, 7, 0})
    ->Args({120, 7, 0})
    ->Args({120, 7, 1})
    ->Args({400, 10, 0})
    ->Args({1000, 20, 0})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(posterior)->Args({120, 7, 0})->Args({1000, 20, 0})->Unit(benchmark::kMillisecond);
BENCHMARK(posterior_with_gradient)->Args({120, 7, 0})->Args({1000, 20, 0})->Unit(benchmark::kMicrosecond);
BENCHMARK(with_observations)->Args({120, 7, 0})->Args({1000, 20, 0})->Unit(benchmark::kMicrosecond);

}  // namespace

BENCHMARK_MAIN();
