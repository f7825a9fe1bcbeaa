// p-values by their distribution under noise, and that real effects are found.
#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/gaussian_process/relevance_test.hpp>

#include <doctest/doctest.h>

#include "surrogate_spaces.hpp"
#include <cmath>

using namespace hyperego;

namespace {

Eigen::VectorXd noise(std::size_t count, std::uint64_t seed) {
  Rng rng(seed, "relevance-test-noise");
  Eigen::VectorXd targets(static_cast<Eigen::Index>(count));
  for (double& target : targets) target = rng.normal();
  return targets;
}

}  // namespace

TEST_CASE("under noise p-values are as small as they say, or larger") {
  const auto space = test::conditional_space();
  const std::size_t players = space->searched().size();
  int small = 0;
  int joint = 0;
  constexpr int sets = 24;
  for (int set = 0; set < sets; ++set) {
    const auto trials = test::sample_space(space, 24, static_cast<std::uint64_t>(100 + set));
    const RelevanceTest test = test_relevance(space, trials, noise(24, static_cast<std::uint64_t>(set)),
                                              {.permutations = 19, .target_permutations = 99, .threads = 1});
    REQUIRE(test.p_values.size() == players);
    for (const double p : test.p_values) small += p <= 0.1 ? 1 : 0;
    joint += test.p_value <= 0.1 ? 1 : 0;
  }
  // Binomial with p = .1: the limits are passed by chance in less than one case of a thousand.
  const double tests = static_cast<double>(sets) * static_cast<double>(players);
  CHECK(small < 0.1 * tests + 3.1 * std::sqrt(0.09 * tests));
  CHECK(joint < 0.1 * sets + 3.1 * std::sqrt(0.09 * sets));
}

TEST_CASE("what matters has the smallest p there is, what does not has another") {
  const auto space = test::flat_space(4);
  const auto trials = test::sample_space(space, 60, 7);
  Eigen::VectorXd targets = 0.02 * noise(60, 3);
  for (std::size_t k = 0; k < trials.size(); ++k) {
    const double u = (*space)[0].to_unit(trials[k][0]);
    targets[static_cast<Eigen::Index>(k)] += (u - 0.3) * (u - 0.3);
  }
  const RelevanceTest test = test_relevance(space, trials, targets, {.permutations = 19});
  CHECK(test.p_value == doctest::Approx(0.001));
  CHECK(test.p_values[0] == doctest::Approx(0.05));
  for (std::size_t i = 1; i < test.p_values.size(); ++i) CHECK(test.p_values[i] > 0.05);

  SUBCASE("one huge value changes nothing, as ranks are tested") {
    Eigen::VectorXd huge = targets;
    Eigen::Index worst = 0;
    targets.maxCoeff(&worst);
    huge[worst] = 1e300;
    const RelevanceTest same = test_relevance(space, trials, huge, {.permutations = 19});
    CHECK(same.p_values == test.p_values);
    CHECK(same.p_value == test.p_value);
  }
  SUBCASE("the number of threads changes nothing") {
    CHECK(test_relevance(space, trials, targets, {.permutations = 19, .threads = 2}).p_values == test.p_values);
  }
}

TEST_CASE("two columns that are one are tested as one") {
  const auto space = std::make_shared<const SearchSpace>(
      std::vector<Hyperparameter>{make_float("a", 0, 1), make_float("b", 0, 1), make_float("c", 0, 1)});
  std::vector<Configuration> trials;
  Eigen::VectorXd targets(40);
  Rng rng(1, "twins");
  for (Eigen::Index k = 0; k < 40; ++k) {
    const double a = rng.uniform();
    trials.push_back(Configuration(std::vector<double>{a, a, rng.uniform()}));
    targets[k] = (a - 0.9) * (a - 0.9);
  }
  const RelevanceTest apart = test_relevance(space, trials, targets, {.permutations = 19});
  CHECK(apart.p_values[0] > 0.05);  // b says it all
  const RelevanceTest together = test_relevance(space, trials, targets, {.permutations = 19, .together = {{0, 1}}});
  CHECK(together.p_values[0] == doctest::Approx(0.05));
  CHECK(together.p_values[1] == doctest::Approx(0.05));
  CHECK(together.p_values[2] > 0.05);
}

TEST_CASE("nothing to test is no error") {
  const auto space = test::flat_space(2);
  const auto trials = test::sample_space(space, 10, 1);
  CHECK(test_relevance(space, trials, Eigen::VectorXd::Constant(10, 3)).p_value == 1);
  CHECK(test_relevance(space, std::vector(6, trials[0]), noise(6, 1)).p_values == std::vector<double>(2, 1));
  CHECK_THROWS_AS((void)test_relevance(space, trials, noise(9, 1)), InvalidInput);
  CHECK_THROWS_AS((void)test_relevance(space, trials, noise(10, 1), {.permutations = 0}), InvalidInput);
}
