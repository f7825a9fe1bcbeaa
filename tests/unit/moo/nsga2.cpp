#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/hypervolume.hpp>
#include <hyperego/moo/optimizer/nsga2.hpp>
#include <hyperego/moo/problems/registry.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <set>
#include <string>

using namespace hyperego;

namespace {

std::shared_ptr<const SearchSpace> floats(int d) {
  std::vector<Hyperparameter> h;
  for (int i = 0; i < d; ++i) h.push_back(make_float("x" + std::to_string(i), 0, 1));
  return std::make_shared<const SearchSpace>(std::move(h));
}

/// Plays NSGA-II on a function and gives all trials.
template <typename Function>
std::vector<Trial> played(Optimizer& optimizer, int trials, Function function) {
  std::vector<Trial> all;
  for (int t = 0; t < trials; ++t) {
    const Suggestion suggestion = optimizer.ask(1).at(0);
    Trial trial{.number = suggestion.trial, .configuration = suggestion.configuration};
    trial.outcome.objectives = function(suggestion.configuration);
    optimizer.tell(trial);
    all.push_back(std::move(trial));
  }
  return all;
}

}  // namespace

TEST_CASE("NSGA-II converges on ZDT1 far beyond chance") {
  const Problem zdt1 = make_problem("zdt1", 10);
  const auto evaluate = [&](const Configuration& c) {
    std::vector<double> x(10);
    for (std::size_t i = 0; i < 10; ++i) x[i] = c[i];
    return zdt1.evaluate(x);
  };
  Nsga2 optimizer({floats(10), {{"f1"}, {"f2"}}, {}, 3000, 1}, {.population = 40});
  const auto trials = played(optimizer, 3000, evaluate);
  Eigen::MatrixXd points(3000, 2);
  for (int i = 0; i < 3000; ++i) points.row(i) = trials[static_cast<std::size_t>(i)].outcome.objectives.transpose();
  // The front's own is 0.8767; random search stays at 0.
  CHECK(hypervolume(points, Eigen::Vector2d(1.1, 1.1)) > 0.85);
}

TEST_CASE("children are made of their parents") {
  // No mutation and no crossover: every child would be a copy, so that none is new and all are drawn uniformly.
  const auto one = [](const Configuration& c) -> Eigen::VectorXd { return Eigen::Vector2d(c[0], 1 - c[0]); };
  Nsga2 copies({floats(2), {{"f1"}, {"f2"}}, {}, 60, 1},
               {.population = 8, .crossover_probability = 0, .mutation_probability = 0});
  for (int t = 0; t < 20; ++t) {
    const Suggestion s = copies.ask(1).at(0);
    CHECK(s.decision.phase == (t < 8 ? Decision::Phase::initial : Decision::Phase::fallback));
    copies.tell({.number = s.trial, .configuration = s.configuration, .outcome = {.objectives = one(s.configuration)}});
  }
  // Crossover alone never brings back a choice that has died out.
  std::vector<Hyperparameter> h{make_categorical("a", {Value("u"), Value("v")}), make_float("x", 0, 1)};
  const auto mixed = std::make_shared<const SearchSpace>(std::move(h));
  Nsga2 crossing({mixed, {{"f1"}, {"f2"}}, {}, 80, 1}, {.population = 8, .mutation_probability = 0});
  const auto trials = played(crossing, 60, [](const Configuration& c) -> Eigen::VectorXd {
    return Eigen::Vector2d(c[1] + 10 * c[0], 1 - c[1] + 10 * c[0]);
  });
  for (std::size_t t = 40; t < 60; ++t) CHECK(trials[t].configuration[0] == 0);
}

TEST_CASE("conditions and forbidden clauses hold in every child") {
  std::vector<Hyperparameter> h{make_categorical("mode", {Value("a"), Value("b"), Value("c")}),
                                make_float("rate", 1e-4, 1, true), make_integer("k", 1, 9), make_float("x", 0, 1)};
  const auto space = std::make_shared<const SearchSpace>(
      std::move(h), std::vector<SearchSpace::ChildCondition>{{1, Comparison{Comparison::Relation::equals, 0, {1}}}});
  Nsga2 optimizer({space, {{"f1"}, {"f2"}}, {}, 200, 4}, {.population = 10});
  std::set<double> modes;
  int with_rate = 0;
  for (const Trial& trial : played(optimizer, 200, [](const Configuration& c) -> Eigen::VectorXd {
         return Eigen::Vector2d(c[3] + 0.01 * c[2], 1 - c[3] + (c.is_set(1) ? std::abs(std::log10(c[1]) + 2) : 0.5));
       })) {
    CHECK(space->check(trial.configuration).verdict == Legality::Verdict::legal);
    modes.insert(trial.configuration[0]);
    with_rate += trial.configuration.is_set(1) ? 1 : 0;
  }
  CHECK(modes.size() == 3);
  CHECK(with_rate > 40);  // what pays is kept
}

TEST_CASE("a generation ends by completed trials, and the best survive") {
  Nsga2 optimizer({floats(3), {{"f1"}, {"f2"}}, {}, 200, 2}, {.population = 6});
  // All but a third fail; nothing is learnt from those.
  int children = 0;
  for (int t = 0; t < 60; ++t) {
    const Suggestion s = optimizer.ask(1).at(0);
    if (s.decision.phase == Decision::Phase::full) ++children;
    Trial trial{.number = s.trial, .configuration = s.configuration};
    trial.outcome.status = t % 3 == 0 ? TrialStatus::completed : TrialStatus::failed;
    if (t % 3 == 0) trial.outcome.objectives = Eigen::Vector2d(s.configuration[0], 1 - s.configuration[0]);
    optimizer.tell(trial);
    // Six have completed after trial 15; until then there is nobody to have children.
    if (t < 15) CHECK(children == 0);
  }
  CHECK(children > 30);
}

TEST_CASE("options of NSGA-II") {
  const OptimizationProblem problem{floats(2), {{"f1"}, {"f2"}}, {}, 100, 1};
  CHECK_THROWS_AS(Nsga2(problem, {.population = 1}), InvalidInput);
  CHECK_THROWS_AS(Nsga2(problem, {.crossover_probability = 1.5}), InvalidInput);
  CHECK_THROWS_AS((void)make_optimizer(problem, {{"name", "nsga2"}, {"population", 1}}, "o"), InvalidInput);
  CHECK_THROWS_AS((void)make_optimizer(problem, {{"name", "nsga2"}, {"schedule", {0}}}, "o"), InvalidInput);
}
