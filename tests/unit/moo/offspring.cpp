// Children of the front in the place of a search by a model that predicts badly.
#include <hyperego/moo/optimizer/parego.hpp>
#include <hyperego/moo/search/offspring.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace hyperego;

namespace offspring_test {
namespace {

OptimizationProblem problem(std::uint64_t budget) {
  const std::vector hyperparameters{make_float("x", 0, 1), make_float("y", 0, 1), make_categorical("kind", {"a", "b"}),
                                    make_integer("k", 1, 9)};
  return {.space = std::make_shared<const SearchSpace>(hyperparameters),
          .objectives = {{.name = "f"}, {.name = "g"}},
          .initial_configurations = {},
          .budget = budget};
}

int due(double r2, double share, int trials) {
  ParEgoOptions options;
  options.offspring_share = share;
  const SearchState state(problem(10), options);
  int count = 0;
  for (int t = 0; t < trials; ++t) {
    Decision decision;
    decision.trial = static_cast<std::uint64_t>(t);
    decision.phase = Decision::Phase::full;
    const auto children = offspring(state, state.initial, r2, decision);
    CHECK(children.empty() == (decision.phase != Decision::Phase::offspring));
    count += children.empty() ? 0 : 1;
    for (const Configuration& child : children) CHECK(state.domain.contains(child));
  }
  return count;
}

/// Phases of a run whose objectives are `values` of the configuration and the trial's number.
template <typename Values>
int offspring_trials(Values values) {
  ParEgo optimizer(problem(40), ParEgoOptions{.initial_trials = 10});
  int count = 0;
  for (std::uint64_t t = 0; t < 40; ++t) {
    const Suggestion suggestion = optimizer.ask(1).front();
    if (suggestion.decision.phase == Decision::Phase::offspring) {
      ++count;
      CHECK(suggestion.decision.reason.find("left-out trials badly (R² ") != std::string::npos);
      CHECK(suggestion.decision.surrogate);
      CHECK(suggestion.decision.acquisition);
    }
    Trial trial{suggestion.trial, suggestion.configuration, {}};
    trial.outcome.objectives = values(suggestion.configuration, t);
    optimizer.tell(trial);
  }
  return count;
}

}  // namespace

TEST_CASE("offspring come as often as the model leaves unexplained") {
  // Binomial: three standard deviations of 1,000 trials are at most 48.
  CHECK(due(1, 1, 200) == 0);
  CHECK(due(0.3, 0, 200) == 0);
  CHECK(due(-2, 1, 200) == 200);
  CHECK(std::abs(due(0.3, 1, 1000) - 700) < 48);
  CHECK(std::abs(due(0, 0.5, 1000) - 500) < 48);
}

TEST_CASE("noise is searched by offspring, a smooth function by its model") {
  const auto noise = [](const Configuration&, std::uint64_t t) {
    Rng rng(1, "noise", t);
    return Eigen::Vector2d(rng.normal(), rng.normal());
  };
  const auto smooth = [](const Configuration& c, std::uint64_t) {
    return Eigen::Vector2d(c[0] + 0.1 * c[1], 1 - c[0] + 0.1 * c[1]);
  };
  CHECK(offspring_trials(noise) > 15);  // of 30
  CHECK(offspring_trials(smooth) < 6);
}

}  // namespace offspring_test
