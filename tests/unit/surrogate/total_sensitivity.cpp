// Total sensitivities of a kernel in closed form, against Monte Carlo on the kernel itself.
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/surrogate/gaussian_process/total_sensitivity.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <memory>
#include <vector>

using namespace hyperego;

namespace {

/// A process on two trials whose parameters are given: what it is conditioned on has no part in its sensitivity.
GaussianProcessSurrogate process_with(const std::shared_ptr<const SearchSpace>& space,
                                      const std::vector<double>& length_scales, KernelForm kernel) {
  GaussianProcessParameters parameters;
  parameters.log_signal_variance = std::log(2.0);
  parameters.log_noise_variance = std::log(1e-3);
  parameters.log_length_scales.resize(static_cast<Eigen::Index>(length_scales.size()));
  for (std::size_t l = 0; l < length_scales.size(); ++l) {
    parameters.log_length_scales[static_cast<Eigen::Index>(l)] = std::log(length_scales[l]);
  }
  std::vector<Configuration> trials;
  for (std::size_t k = 0; k < 2; ++k) {
    Rng rng(9, "total-trials", k);
    trials.push_back(Slice(space).sample(rng).value());
  }
  GaussianProcessSurrogateOptions options;
  options.process.kernel = kernel;
  return GaussianProcessSurrogate::condition(space, trials, Eigen::Vector2d(0, 1), parameters, options);
}

/// σ² − E k(λ, λ'), with its standard error.
std::pair<double, double> by_draws(const GaussianProcessSurrogate& model, std::size_t hyperparameter) {
  const Slice whole(model.encoding().shared_space());
  constexpr int draws = 20000;
  double sum = 0;
  double squares = 0;
  for (int k = 0; k < draws; ++k) {
    Rng rng(4, "total-truth", static_cast<std::uint64_t>(k));
    const Configuration one = whole.sample(rng).value();
    Configuration other = one;
    if (one.is_set(hyperparameter)) {
      other = whole.with(one, hyperparameter, whole.space()[hyperparameter].from_unit(rng.uniform()));
    }
    const Kernel& kernel = model.process().kernel();
    const auto point = [&](const Configuration& c) { return kernel.points(model.encoding().encode(std::span(&c, 1))); };
    const double gap = kernel.signal_variance() - kernel.covariance(point(one), point(other))(0, 0);
    sum += gap;
    squares += gap * gap;
  }
  const double mean = sum / draws;
  return {mean, std::sqrt((squares / draws - mean * mean) / draws)};
}

}  // namespace

TEST_CASE("total sensitivity is what draws say, for every kind of hyperparameter and kernel") {
  const auto space = std::make_shared<const SearchSpace>(std::vector<Hyperparameter>{
      make_float("short", 0, 1), make_float("long", 1e-4, 1, true), make_integer("few", 1, 3),
      make_integer("many", 1, 500), make_categorical("kind", {std::string("x"), std::string("y"), std::string("z")}),
      make_float("flat", 0, 1)});
  for (const KernelForm kernel : {KernelForm::product, KernelForm::joint}) {
    const GaussianProcessSurrogate model = process_with(space, {0.05, 3, 0.4, 0.7, 0.8, 500}, kernel);
    const Eigen::VectorXd closed = total_sensitivity(model);
    for (std::size_t i = 0; i < space->size(); ++i) {
      const auto [mean, error] = by_draws(model, i);
      const double gap = std::abs(closed[static_cast<Eigen::Index>(i)] - mean);
      CHECK(gap < 4 * error + 1e-9);
    }
    CHECK(closed[5] > 0);
    CHECK(closed[5] < 1e-5);
  }
}

TEST_CASE("the closed form is the integral it stands for, at every length scale") {
  const auto space = std::make_shared<const SearchSpace>(std::vector<Hyperparameter>{make_float("x", 0, 1)});
  for (const double scale : {0.003, 0.01, 0.05, 0.1, 0.3, 0.6, 1.0, 1.6, 2.2, 2.3, 4.0, 20.0, 500.0}) {
    // σ² (1 − ∫∫ m(|u − v|/ℓ) du dv) = σ² ∫ 2 (1 − t) (1 − m(t/ℓ)) dt by Simpson's rule; σ² = 2.
    const auto gap = [&](double t) {
      const double s = std::sqrt(5.0) * t / scale;
      return 2 * (1 - t) * (1 - (1 + s + s * s / 3) * std::exp(-s));
    };
    constexpr int intervals = 200000;
    double sum = gap(0) + gap(1);
    for (int k = 1; k < intervals; ++k) sum += (k % 2 == 1 ? 4 : 2) * gap(static_cast<double>(k) / intervals);
    const double expected = 2.0 * sum / (3.0 * intervals);
    CAPTURE(scale);
    CHECK(total_sensitivity(process_with(space, {scale}, KernelForm::product))[0] ==
          doctest::Approx(expected).epsilon(1e-9));
  }
}

TEST_CASE("closed form and series meet") {
  const auto space = std::make_shared<const SearchSpace>(std::vector<Hyperparameter>{make_float("x", 0, 1)});
  const double scale = std::sqrt(5.0);  // where the one takes over from the other
  const double below = total_sensitivity(process_with(space, {scale * (1 + 1e-9)}, KernelForm::product))[0];
  const double above = total_sensitivity(process_with(space, {scale * (1 - 1e-9)}, KernelForm::product))[0];
  CHECK(below == doctest::Approx(above).epsilon(1e-7));
}

TEST_CASE("what switches others on or off counts with its effect, what is inactive does not") {
  std::vector<Hyperparameter> parameters{make_categorical("kind", {std::string("x"), std::string("y")}),
                                         make_float("rate", 0, 1), make_float("other", 0, 1)};
  SearchSpace space(parameters, {{1, Comparison{Comparison::Relation::equals, 0, {1}}}});
  const auto shared = std::make_shared<const SearchSpace>(std::move(space));
  const GaussianProcessSurrogate model = process_with(shared, {2, 0.2, 0.5, 0.5}, KernelForm::product);
  const Eigen::VectorXd values = total_sensitivity(model);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [mean, error] = by_draws(model, i);
    // 256 draws stand against 20,000: four of their standard errors, each of at most σ²/2 of spread.
    CHECK(std::abs(values[static_cast<Eigen::Index>(i)] - mean) < 4 * error + 4 * 1.0 / 16);
  }
  CHECK(values[0] > values[1]);
}
