// Made-up studies of two objectives in which some trials fail, to see whether a search learns where.
#pragma once

#include <hyperego/core/search_space.hpp>
#include <hyperego/core/trial.hpp>
#include <hyperego/moo/front/hypervolume.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>

#include <Eigen/Core>

#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hyperego::test {

struct FailingStudy {
  std::string name;
  std::shared_ptr<const SearchSpace> space;
  std::function<Outcome(const Configuration&)> evaluate;
};

inline Outcome failed_trial() { return {.status = TrialStatus::failed}; }

inline Outcome completed_trial(double f, double g) {
  Outcome outcome;
  outcome.objectives = Eigen::Vector2d(f, g);
  return outcome;
}

inline std::shared_ptr<const SearchSpace> cube(int dimensions) {
  std::vector<Hyperparameter> variables;
  for (int i = 0; i < dimensions; ++i) variables.push_back(make_float("x" + std::to_string(i), 0, 1));
  return std::make_shared<const SearchSpace>(std::move(variables));
}

inline double squared(double value) { return value * value; }

/// The lower half of a square fails, and both objectives ask for what is low.
inline FailingStudy half_of_a_square() {
  return {"half", cube(2), [](const Configuration& c) {
            return c[1] < 0.5 ? failed_trial() : completed_trial(c[0] + c[1], 1 - c[0] + c[1]);
          }};
}

/// Five dimensions; the corner towards which the first objective pulls two of them fails, a quarter of the space.
inline FailingStudy corner_of_five() {
  return {"corner", cube(5), [](const Configuration& c) {
            if (c[0] + c[1] > 1.3) return failed_trial();
            const double f = 1 - (c[0] + c[1]) / 2 + squared(c[2] - 0.5) + squared(c[3] - 0.2);
            return completed_trial(f, c[2] + 0.3 * (c[0] - c[1]) + squared(c[4] - 0.7));
          }};
}

/// Four dimensions; only a band about a diagonal works, and the objectives pull to its two sides: two thirds fail.
inline FailingStudy band_of_four() {
  return {"band", cube(4), [](const Configuration& c) {
            if (std::abs(c[0] - c[1]) > 0.25 || c[2] < 0.2) return failed_trial();
            return completed_trial(c[0] + squared(c[3] - 0.3) + 0.2 * c[2],
                                   1 - c[1] + squared(c[3] - 0.6) + 0.2 * c[2]);
          }};
}

/// Training that diverges where the learning rate is large for its solver, and a solver that runs out of memory with
/// many layers: mixed and conditional, two fifths fail.
inline FailingStudy training() {
  enum : std::size_t { solver, rate, momentum, layers };
  std::vector<Hyperparameter> variables{
      make_categorical("solver", {std::string("adam"), std::string("sgd"), std::string("newton")}),
      make_float("rate", 1e-4, 1, true), make_float("momentum", 0, 1), make_integer("layers", 1, 8)};
  std::vector<SearchSpace::ChildCondition> conditions{{momentum, Comparison{.parent = solver, .codes = {1}}}};
  return {"training", std::make_shared<const SearchSpace>(std::move(variables), std::move(conditions)),
          [](const Configuration& c) {
            const double log_rate = std::log10(c[rate]);
            const bool is_sgd = c[solver] == 1;
            const bool is_newton = c[solver] == 2;
            const double inertia = is_sgd ? c[momentum] : 0.5;
            if (is_newton ? c[layers] > 4 : log_rate + (is_sgd ? 1.5 * inertia : 1) > -0.5) return failed_trial();
            // The best rates lie just below those that diverge.
            const double error =
                0.1 * squared(log_rate + (is_sgd ? 1.5 * inertia : 1) + 0.6) + 0.4 / c[layers] + (is_newton ? 0 : 0.05);
            return completed_trial(error, c[layers] / 8 + (is_newton ? 0.3 : 0) + 0.1 * inertia);
          }};
}

/// One of five back ends is broken, so that a fifth fails and nothing is ever seen of it.
inline FailingStudy broken_choice() {
  std::vector<Hyperparameter> variables{
      make_categorical("backend",
                       {std::string("a"), std::string("b"), std::string("c"), std::string("d"), std::string("e")}),
      make_float("x", 0, 1), make_float("y", 0, 1), make_float("z", 0, 1)};
  return {"choice", std::make_shared<const SearchSpace>(std::move(variables)), [](const Configuration& c) {
            if (c[0] == 2) return failed_trial();
            return completed_trial(0.1 * c[0] + c[1] + squared(c[2] - 0.4), 1 - c[1] + squared(c[3] - 0.8));
          }};
}

inline std::vector<FailingStudy> failing_studies() {
  return {half_of_a_square(), corner_of_five(), band_of_four(), training(), broken_choice()};
}

struct FailingSearch {
  int failures = 0;  ///< after the initial design
  int chosen = 0;    ///< trials after the initial design
  double hypervolume = 0;
};

/// Plays `trials` trials of the study, one by one.
inline FailingSearch search(const FailingStudy& study, Optimizer& optimizer, int trials) {
  FailingSearch result;
  std::vector<Eigen::Vector2d> points;
  for (int t = 0; t < trials; ++t) {
    const Suggestion suggestion = optimizer.ask(1).at(0);
    const Outcome outcome = study.evaluate(suggestion.configuration);
    const bool is_chosen = suggestion.decision.phase != Decision::Phase::initial;
    result.chosen += is_chosen ? 1 : 0;
    if (outcome.status == TrialStatus::completed) {
      points.emplace_back(outcome.objectives);
    } else {
      result.failures += is_chosen ? 1 : 0;
    }
    optimizer.tell({suggestion.trial, suggestion.configuration, outcome});
  }
  Eigen::MatrixXd front(static_cast<Eigen::Index>(points.size()), 2);
  for (std::size_t i = 0; i < points.size(); ++i) front.row(static_cast<Eigen::Index>(i)) = points[i];
  result.hypervolume = hypervolume(front, Eigen::Vector2d::Constant(2));
  return result;
}

/// Two objectives over the study's space, `trials` of budget.
inline OptimizationProblem problem_of(const FailingStudy& study, int trials, std::uint64_t seed) {
  return {.space = study.space,
          .objectives = {{.name = "f"}, {.name = "g"}},
          .initial_configurations = {},
          .budget = static_cast<std::uint64_t>(trials),
          .seed = seed};
}

}  // namespace hyperego::test
