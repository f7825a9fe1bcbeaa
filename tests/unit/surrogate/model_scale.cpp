#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/forest/random_forest_surrogate.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <doctest/doctest.h>

#include "surrogate_spaces.hpp"
#include <cmath>
#include <concepts>
#include <type_traits>

using namespace hyperego;

namespace {

template <typename A, typename B>
concept mixes = requires(A a, B b) {
  a + b;
}
|| requires(A a, B b) { a - b; }
|| requires(A a, B b) { a < b; }
|| std::convertible_to<A, B> || std::convertible_to<B, A> || std::assignable_from<A&, B> || std::assignable_from<B&, A>;

// What is on the model scale is no number, vector or prediction on the target's own, and neither is the other way
// round: a figure once took its mean from one and its band from the other.
static_assert(!mixes<ModelScale<double>, double>);
static_assert(!mixes<ModelScale<Eigen::MatrixXd>, Eigen::MatrixXd>);
static_assert(!mixes<ModelScale<Prediction>, Prediction>);
static_assert(mixes<double, double>);
static_assert(
    std::same_as<decltype(std::declval<const Surrogate&>().draws({}, Eigen::MatrixXd())), ModelScale<Eigen::MatrixXd>>);
static_assert(std::same_as<decltype(std::declval<const Surrogate&>().posterior({})), ModelScale<Prediction>>);
static_assert(std::same_as<decltype(std::declval<const Surrogate&>().left_out()), ModelScale<Prediction>>);
static_assert(std::same_as<decltype(std::declval<const Surrogate&>().noise_variance()), ModelScale<double>>);
static_assert(!std::is_invocable_v<decltype([](const TargetTransform& t, auto value) -> decltype(t.from_model(value)) {
                                     return t.from_model(value);
                                   }),
                                   const TargetTransform&, double>);

}  // namespace

TEST_CASE("draws and posteriors come back to the target's own scale") {
  const auto space = test::flat_space(2);
  const auto data = test::sample_space(space, 7, 3);  // few, so that the posteriors are wide
  Eigen::VectorXd targets(7);
  for (Eigen::Index i = 0; i < 7; ++i) targets[i] = std::exp(3 * data[static_cast<std::size_t>(i)][0]);
  const auto places = test::sample_space(space, 5, 9);
  for (const auto kind :
       {TargetTransform::Kind::none, TargetTransform::Kind::log, TargetTransform::Kind::yeo_johnson}) {
    CAPTURE(to_string(kind));
    GaussianProcessSurrogateOptions options;
    options.transform = kind;
    const auto surrogate = GaussianProcessSurrogate::fit(space, data, targets, options);
    const int count = 4000;
    Rng rng(1, "draws");
    Eigen::MatrixXd normals(5, count);
    for (double& normal : normals.reshaped()) normal = rng.normal();
    const Eigen::MatrixXd drawn = surrogate.from_model(surrogate.draws(places, normals));
    const Eigen::VectorXd medians = surrogate.predict(places);
    const Prediction own = surrogate.from_model(surrogate.posterior(places));
    for (Eigen::Index i = 0; i < 5; ++i) {
      const Eigen::ArrayXd row = drawn.row(i).array();
      const double deviation = std::sqrt((row - row.mean()).square().mean());
      // Half of the draws to five standard errors, and their moments.
      CHECK((row < medians[i]).cast<double>().mean() == doctest::Approx(0.5).epsilon(0.08));
      CHECK(std::abs(row.mean() - own.mean[i]) < 5 * deviation / std::sqrt(double{count}));
      CHECK(std::sqrt(own.variance[i]) == doctest::Approx(deviation).epsilon(0.1));
      if (kind != TargetTransform::Kind::log) continue;
      // The moments of a lognormal number are known.
      const Prediction posterior = surrogate.posterior(places).on_model_scale();
      const double mean = std::exp(posterior.mean[i] + 0.5 * posterior.variance[i]);
      CHECK(own.mean[i] == doctest::Approx(mean).epsilon(1e-9));
      CHECK(own.variance[i] == doctest::Approx(mean * mean * std::expm1(posterior.variance[i])).epsilon(1e-6));
    }
  }
}
