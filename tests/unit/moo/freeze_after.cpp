// Freezing after the search, by the optimizer's own decisions.
#include <hyperego/core/error.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

using namespace hyperego;
using nlohmann::ordered_json;

namespace freeze_after_test {
namespace {

constexpr std::size_t dimension = 12;

/// Two of twelve matter.
OptimizationProblem problem(std::size_t count = dimension) {
  std::vector<Hyperparameter> hyperparameters;
  for (std::size_t i = 0; i < count; ++i) hyperparameters.push_back(make_float("x" + std::to_string(i), 0, 1));
  return {.space = std::make_shared<const SearchSpace>(std::move(hyperparameters)),
          .objectives = {{.name = "f"}, {.name = "g"}},
          .initial_configurations = {},
          .budget = 40};
}

ordered_json options(const ordered_json& members = ordered_json::object()) {
  ordered_json all{
      {"name", "hpi-parego"}, {"initial_trials", 10}, {"acquisition", {{"random_candidates", 200}, {"starts", 2}}}};
  all.update(members);
  return all;
}

Trial ended(const Suggestion& suggestion) {
  const Configuration& c = suggestion.configuration;
  const double distance = std::abs(c[1] - 0.6);
  return {suggestion.trial, c, {.objectives = Eigen::Vector2d(c[0] + distance, 1 - c[0] + distance)}};
}

std::vector<Suggestion> played(const OptimizationProblem& problem, const ordered_json& options, int trials = 40) {
  const auto optimizer = make_optimizer(problem, options, "optimizer");
  std::vector<Suggestion> all;
  for (int t = 0; t < trials; ++t) {
    all.push_back(optimizer->ask(1).at(0));
    optimizer->tell(ended(all.back()));
  }
  return all;
}

bool comes_from_a_trial_before(const Suggestion& suggestion, const std::vector<Suggestion>& all) {
  for (std::uint64_t t = 0; t < suggestion.trial; ++t) {
    bool same = true;
    for (std::size_t i = 0; i < dimension; ++i) {
      if (!suggestion.decision.frozen.is_set(i)) continue;
      same = same && suggestion.decision.frozen[i] == all[t].configuration[i];
    }
    if (same) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("with many hyperparameters most trials freeze those that are not worth changing, at an evaluated place") {
  const std::vector<Suggestion> all = played(problem(), options());
  int scheduled = 0;
  int frozen = 0;
  bool frozen_in_both_phases[2] = {false, false};
  for (const Suggestion& s : all) {
    if (!s.decision.freezing) continue;
    ++scheduled;
    REQUIRE(s.decision.freezing->kept.has_value());
    CHECK(*s.decision.freezing->kept >= 0.9 - 1e-12);
    CHECK(*s.decision.freezing->kept <= 1 + 1e-12);
    if (s.decision.frozen.size() == 0) continue;
    ++frozen;
    frozen_in_both_phases[s.decision.phase == Decision::Phase::hypervolume ? 1 : 0] = true;
    std::size_t held = 0;
    for (std::size_t i = 0; i < dimension; ++i) {
      if (!s.decision.frozen.is_set(i)) continue;
      ++held;
      CHECK(s.configuration[i] == s.decision.frozen[i]);
    }
    CHECK(comes_from_a_trial_before(s, all));
    CHECK(s.decision.free.size() + held == dimension);
    for (const auto& entry : s.decision.freezing->without) CHECK(entry.second < 0.9);
  }
  CHECK(scheduled > 15);
  CHECK(2 * frozen > scheduled);
  CHECK(frozen_in_both_phases[0]);
  CHECK(frozen_in_both_phases[1]);
}

TEST_CASE("the importance of every weight vector is in the decision, with its effective dimension") {
  const std::vector<Suggestion> all = played(problem(), options(), 24);
  int recorded = 0;
  for (const Suggestion& s : all) {
    if (s.decision.importance.empty()) continue;
    ++recorded;
    double sum = 0;
    for (const auto& entry : s.decision.importance) sum += entry.second;
    CHECK(sum == doctest::Approx(1).epsilon(1e-9));
    CHECK(s.decision.importance.size() == dimension);
    CHECK(s.decision.effective_dimension >= 1 - 1e-9);
    CHECK(s.decision.effective_dimension <= static_cast<double>(dimension) + 1e-9);
    CHECK_FALSE(s.decision.agreement.has_value());  // no game is played with so many
  }
  CHECK(recorded > 8);
  // Few: where a game is played as well, their agreement.
  bool agrees = false;
  for (const Suggestion& s : played(problem(4), options(), 24)) {
    if (s.decision.shapley.empty()) continue;
    REQUIRE(s.decision.agreement.has_value());
    CHECK(std::abs(*s.decision.agreement) <= 1 + 1e-12);
    agrees = true;
  }
  CHECK(agrees);
}

TEST_CASE("rebuilt in the midst of the study, the next suggestions are the same") {
  const std::vector<Suggestion> all = played(problem(), options(), 30);
  const auto again = make_optimizer(problem(), options(), "optimizer");
  for (std::size_t t = 0; t < 20; ++t) {
    again->replay(all[t]);
    again->tell(ended(all[t]));
  }
  for (std::size_t t = 20; t < 30; ++t) {
    const Suggestion next = again->ask(1).at(0);
    CHECK(next.configuration == all[t].configuration);
    CHECK(next.decision.reason == all[t].decision.reason);
    again->tell(ended(next));
  }
}

TEST_CASE("nothing to select freezes nothing; what belongs to slices is refused after the search") {
  for (const Suggestion& s : played(problem(), options({{"selection", "none"}}), 24))
    CHECK(s.decision.frozen.size() == 0);
  CHECK_THROWS_AS((void)make_optimizer(problem(), options({{"freeze", "after"}, {"frozen_values", "default"}}), "o"),
                  InvalidInput);
}

}  // namespace freeze_after_test
