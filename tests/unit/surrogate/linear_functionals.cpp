// Linear functions of a Gaussian process: their variance and what an observation takes of it, against joint posteriors.
#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/surrogate/gaussian_process/linear_functionals.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <vector>

using namespace hyperego;

namespace {

std::shared_ptr<const SearchSpace> functionals_space() {
  return std::make_shared<const SearchSpace>(
      std::vector<Hyperparameter>{make_float("a", 0, 1), make_float("b", 0, 1),
                                  make_categorical("c", {std::string("x"), std::string("y"), std::string("z")})});
}

std::vector<Configuration> drawn(const std::shared_ptr<const SearchSpace>& space, std::size_t count,
                                 std::uint64_t seed) {
  std::vector<Configuration> result;
  for (std::size_t k = 0; k < count; ++k) {
    Rng rng(seed, "functionals-test", k);
    result.push_back(Slice(space).sample(rng).value());
  }
  return result;
}

}  // namespace

TEST_CASE("variances of linear functions are those of the joint posterior, before and after an observation") {
  const auto space = functionals_space();
  const std::vector<Configuration> trials = drawn(space, 15, 1);
  Eigen::VectorXd targets(15);
  for (int k = 0; k < 15; ++k) {
    const Configuration& at = trials[static_cast<std::size_t>(k)];
    targets[k] = at[0] * at[0] + 0.3 * at[2] * at[1];
  }
  const auto model =
      std::make_shared<const GaussianProcessSurrogate>(GaussianProcessSurrogate::fit(space, trials, targets));
  const std::vector<Configuration> places = drawn(space, 6, 2);
  Eigen::MatrixXd weights(2, 6);
  weights << 1, -1, 0.5, 0, 2, -0.3, 0.1, 0.2, 0.3, -0.4, 0, 1;
  const LinearFunctionals functionals(model, places, weights);
  const auto trace = [&](const GaussianProcess& process) {
    const Eigen::MatrixXd joint = process.joint_posterior(model->encoding().encode(places)).covariance;
    return (weights * joint * weights.transpose()).trace();
  };
  CHECK(functionals.variance() == doctest::Approx(trace(model->process())).epsilon(1e-8));

  const std::vector<Configuration> next = drawn(space, 3, 3);
  const Eigen::VectorXd reductions = functionals.reductions(next);
  for (std::size_t k = 0; k < next.size(); ++k) {
    const Eigen::MatrixXd features = model->encoding().encode(std::span(&next[k], 1));
    const GaussianProcess after =
        model->process().with_observations(features, Eigen::VectorXd::Constant(1, 17.0));  // whatever is observed
    CHECK(reductions[static_cast<Eigen::Index>(k)] > 0);
    CHECK(functionals.variance() - reductions[static_cast<Eigen::Index>(k)] ==
          doctest::Approx(trace(after)).epsilon(1e-6));
    const LinearFunctionals known = functionals.with_observation(next[k]);
    CHECK(known.variance() == doctest::Approx(trace(after)).epsilon(1e-6));
    // What is known once is worth next to nothing again.
    CHECK(known.reductions(next)[static_cast<Eigen::Index>(k)] < 0.5 * reductions[static_cast<Eigen::Index>(k)]);
  }
  CHECK_THROWS_AS(LinearFunctionals(model, places, Eigen::MatrixXd::Zero(2, 5)), InvalidInput);
}
