#include <hyperego/moo/acquisition/feasibility.hpp>
#include <hyperego/moo/model/chebyshev_improvement.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <functional>
#include <limits>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

constexpr double endless = std::numeric_limits<double>::infinity();

std::shared_ptr<const SearchSpace> square() {
  return std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1), make_float("y", 0, 1)});
}

/// Both objectives ask for small y; what lies below y = 0.5 is forbidden ground.
Outcome good(double x, double y) {
  Outcome outcome;
  outcome.objectives = Eigen::Vector2d(x + y, 1 - x + y);
  return outcome;
}

using Evaluation = std::function<Outcome(double x, double y)>;

struct Played {
  std::vector<Suggestion> suggestions;
  int failures_by_model = 0;  // after the initial design
  int completed = 0;
};

Played played(const Evaluation& evaluate, const ordered_json& options, std::vector<Constraint> constraints = {},
              int trials = 40) {
  OptimizationProblem problem{
      .space = square(), .objectives = {{.name = "f"}, {.name = "g"}}, .initial_configurations = {}, .budget = 40};
  problem.constraints = std::move(constraints);
  const auto optimizer = make_optimizer(problem, options, "optimizer");
  Played result;
  for (int t = 0; t < trials; ++t) {
    auto asked = optimizer->ask(1);
    REQUIRE(asked.size() == 1);
    const Configuration& c = asked[0].configuration;
    const Outcome outcome = evaluate(c[0], c[1]);
    const bool by_model = asked[0].decision.phase != Decision::Phase::initial;
    if (outcome.status == TrialStatus::completed) {
      ++result.completed;
    } else if (by_model) {
      ++result.failures_by_model;
    }
    optimizer->tell({asked[0].trial, c, outcome});
    result.suggestions.push_back(std::move(asked[0]));
  }
  return result;
}

ordered_json options(const std::string& name, bool feasibility) {
  return {{"name", name}, {"feasibility", feasibility}, {"acquisition", {{"random_candidates", 300}, {"starts", 3}}}};
}

}  // namespace

TEST_CASE("the log probability of an interval is exact in the middle and finite far out") {
  CHECK(log_normal_interval(-endless, endless).value == 0);
  CHECK(log_normal_interval(-endless, 0).value == doctest::Approx(std::log(0.5)));
  CHECK(log_normal_interval(-1, 1).value == doctest::Approx(std::log(0.6826894921370859)).epsilon(1e-12));
  CHECK(log_normal_interval(2, 3).value == doctest::Approx(log_normal_interval(-3, -2).value).epsilon(1e-13));
  CHECK(log_normal_interval(2, 3).value == doctest::Approx(std::log(0.0214002339165491)).epsilon(1e-10));
  CHECK(log_normal_interval(30, 31).value == doctest::Approx(-454.3212439955685).epsilon(1e-10));
  for (const auto& [lower, upper] :
       {std::pair{0.3, 0.3 + 1e-9}, std::pair{-1e6, -1e6 + 1.0}, std::pair{1e5, endless}}) {
    CHECK(std::isfinite(log_normal_interval(lower, upper).value));
  }
  for (const auto& [lower, upper] : {std::pair{-1.0, 0.5}, std::pair{2.0, 4.0}, std::pair{-9.0, -7.0}}) {
    const double h = 1e-6;
    const LogInterval at = log_normal_interval(lower, upper);
    CHECK(at.d_lower ==
          doctest::Approx((log_normal_interval(lower + h, upper).value - log_normal_interval(lower - h, upper).value) /
                          (2 * h))
              .epsilon(1e-5));
    CHECK(at.d_upper ==
          doctest::Approx((log_normal_interval(lower, upper + h).value - log_normal_interval(lower, upper - h).value) /
                          (2 * h))
              .epsilon(1e-5));
  }
}

TEST_CASE("the gradient of the probability agrees with differences, and lost trials say nothing") {
  const auto space = square();
  TrialHistory history({{.name = "f"}});
  FeasibilityModel::Fits fits;
  const std::vector<Constraint> constraints{{.name = "c", .lower = 0.2, .upper = 1.1}};
  Rng rng(1, "places", 0);
  for (std::uint64_t t = 0; t < 24; ++t) {
    const Configuration c(std::vector<double>{rng.uniform(), rng.uniform()});
    history.suggest(t, c);
    Outcome outcome;
    outcome.objectives = Eigen::VectorXd::Constant(1, c[0]);
    outcome.constraints = Eigen::VectorXd::Constant(1, c[0] + c[1] + 0.2 * rng.uniform());
    if (t == 0) outcome = {.status = TrialStatus::lost};
    if (t > 0 && c[1] < 0.3) outcome = {.status = t % 2 == 0 ? TrialStatus::failed : TrialStatus::timed_out};
    history.end({t, c, outcome});
  }
  CHECK(history.failed().size() + history.succeeded().size() == 23);
  const auto model = FeasibilityModel::fit(space, constraints, history, {}, fits);
  REQUIRE(model != nullptr);
  CHECK(fits.size() == 1);  // of the constraint; the process on labels is not fitted
  const auto at = [&](double x, double y) {
    const Configuration c(std::vector<double>{x, y});
    return model->log_probabilities(std::span(&c, 1))[0];
  };
  CHECK(at(0.4, 0.45) > std::log(0.5));
  CHECK(at(0.4, 0.05) < at(0.4, 0.45) - 1);  // fails
  CHECK(at(0.95, 0.95) < std::log(0.05));    // breaks the constraint
  for (const auto& [x, y] : {std::pair{0.3, 0.6}, std::pair{0.8, 0.1}, std::pair{0.9, 0.9}}) {
    Eigen::VectorXd gradient(2);
    const double value = model->log_probability_and_gradient(Configuration(std::vector<double>{x, y}), gradient);
    CHECK(value == doctest::Approx(at(x, y)).epsilon(1e-9));
    const double h = 1e-5;
    CHECK(gradient[0] == doctest::Approx((at(x + h, y) - at(x - h, y)) / (2 * h)).epsilon(1e-3));
    CHECK(gradient[1] == doctest::Approx((at(x, y + h) - at(x, y - h)) / (2 * h)).epsilon(1e-3));
  }
}

TEST_CASE("a search learns where trials fail") {
  const Evaluation half_fails = [](double x, double y) {
    return y < 0.5 ? Outcome{.status = TrialStatus::failed} : good(x, y);
  };
  for (const std::string& name : {std::string("parego"), std::string("hpi-parego")}) {
    const Played with = played(half_fails, options(name, true));
    const Played without = played(half_fails, options(name, false));
    MESSAGE(name, ": ", with.failures_by_model, " failures after the initial design, ", without.failures_by_model,
            " without the model");
    // The best places lie at the very edge of what fails, so that half of the steps towards it go beyond.
    CHECK(with.failures_by_model * 3 < without.failures_by_model * 2);
    CHECK(with.suggestions.back().decision.feasibility.has_value());
  }
}

TEST_CASE("a search keeps to its constraints") {
  const std::vector<Constraint> constraints{{.name = "c", .lower = 0.5}};
  const Evaluation measured = [](double x, double y) {
    Outcome outcome = good(x, y);
    outcome.constraints = Eigen::VectorXd::Constant(1, y);
    if (y < 0.5) outcome.status = TrialStatus::infeasible;
    return outcome;
  };
  const Played with = played(measured, options("parego", true), constraints);
  const Played without = played(measured, options("parego", false), constraints);
  MESSAGE(with.failures_by_model, " infeasible after the initial design, ", without.failures_by_model,
          " without the model");
  CHECK(with.failures_by_model * 2 < without.failures_by_model);
  // What is suggested comes close to the bound from the right side.
  double closest = 1;
  for (const Suggestion& suggestion : with.suggestions) {
    if (suggestion.configuration[1] >= 0.5) closest = std::min(closest, suggestion.configuration[1]);
  }
  CHECK(closest < 0.53);
}

TEST_CASE("where nothing fails nothing changes, and a replayed search goes on as it would have") {
  const Evaluation fine = [](double x, double y) { return good(x, y); };
  const Played with = played(fine, options("parego", true), {}, 16);
  const Played without = played(fine, options("parego", false), {}, 16);
  for (std::size_t t = 0; t < with.suggestions.size(); ++t) {
    CHECK(with.suggestions[t].configuration == without.suggestions[t].configuration);
    const auto& state = with.suggestions[t].state;
    if (state) CHECK(*state == *without.suggestions[t].state);
  }
  const Evaluation some_fail = [](double x, double y) {
    return y < 0.4 ? Outcome{.status = TrialStatus::timed_out} : good(x, y);
  };
  const Played whole = played(some_fail, options("hpi-parego", true), {}, 24);
  const auto resumed = make_optimizer(
      {.space = square(), .objectives = {{.name = "f"}, {.name = "g"}}, .initial_configurations = {}, .budget = 40},
      options("hpi-parego", true), "optimizer");
  for (std::size_t t = 0; t < 23; ++t) {
    const Suggestion& suggestion = whole.suggestions[t];
    resumed->replay(suggestion);
    resumed->tell({suggestion.trial, suggestion.configuration,
                   some_fail(suggestion.configuration[0], suggestion.configuration[1])});
  }
  CHECK(resumed->ask(1)[0].configuration == whole.suggestions[23].configuration);
}
