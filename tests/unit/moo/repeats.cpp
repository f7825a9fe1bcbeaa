// Noisy objectives: trials of one configuration are pooled, and members of the front are evaluated again.
#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/trials/trial_history.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <vector>

using namespace hyperego;
using nlohmann::ordered_json;

namespace repeats_test {
namespace {

std::shared_ptr<const SearchSpace> square() {
  return std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1), make_float("y", 0, 1)});
}

Eigen::VectorXd noisy(const Suggestion& s) {
  Rng rng(5, "noise", s.trial);
  const Configuration& c = s.configuration;
  return Eigen::Vector2d(c[0] + c[1] + 0.2 * rng.normal(), 1 - c[0] + c[1] + 0.2 * rng.normal());
}

struct Played {
  std::vector<Suggestion> suggestions;
  std::vector<Eigen::VectorXd> objectives;
};

OptimizationProblem problem() {
  return {.space = square(), .objectives = {{.name = "f"}, {.name = "g"}}, .initial_configurations = {}, .budget = 60};
}

ordered_json options(double repeats) {
  ordered_json json{
      {"name", "parego"}, {"initial_trials", 8}, {"acquisition", {{"random_candidates", 100}, {"starts", 2}}}};
  if (repeats > 0) json["repeats"] = repeats;
  return json;
}

Played played(const ordered_json& json, int trials) {
  const auto optimizer = make_optimizer(problem(), json, "optimizer");
  Played result;
  for (int t = 0; t < trials; ++t) {
    result.suggestions.push_back(optimizer->ask(1).at(0));
    result.objectives.push_back(noisy(result.suggestions.back()));
    optimizer->tell({result.suggestions.back().trial,
                     result.suggestions.back().configuration,
                     {.objectives = result.objectives.back()}});
  }
  return result;
}

}  // namespace

TEST_CASE("trials of one configuration are pooled") {
  TrialHistory history({{.name = "f"}, {.name = "g", .direction = Direction::maximize}});
  const Configuration a(std::vector<double>{0.25, 0.5});
  const Configuration b(std::vector<double>{0.75, 0.5});
  const auto end = [&](std::uint64_t t, const Configuration& c, double f, double g) {
    history.end({t, c, {.objectives = Eigen::Vector2d(f, g)}});
  };
  end(0, a, 1, 10);
  end(1, b, 5, 7);
  end(2, a, 2, 40);
  REQUIRE(history.completed().size() == 2);
  CHECK(history.number_completed() == 3);
  CHECK(history.completions(0) == 2);
  CHECK(history.completions(1) == 1);
  CHECK(history.minimised().row(0) == Eigen::RowVector2d(1.5, -25));
  CHECK(history.minimised().row(1) == Eigen::RowVector2d(5, -7));
}

TEST_CASE("a trial that the user brings in takes the next number by itself") {
  TrialHistory history({{.name = "f"}});
  const Configuration a(std::vector<double>{0.25, 0.5});
  const Configuration b(std::vector<double>{0.75, 0.5});
  const auto end = [&](std::uint64_t t, const Configuration& c) {
    history.end({t, c, {.objectives = Eigen::VectorXd::Ones(1)}});
  };
  history.suggest(0, a);
  end(1000, b);
  CHECK(history.next_number() == 2);
  CHECK(history.seen(b));
  history.suggest(2, b);
  CHECK_THROWS_AS(end(1, b), InvalidInput);  // that is the user's
  end(2, b);
  end(0, a);
  CHECK(history.pending().empty());
  CHECK(history.number_completed() == 3);
}

TEST_CASE("a share of the trials evaluates the front's members with the fewest trials again") {
  const Played game = played(options(0.4), 60);
  TrialHistory history(problem().objectives);
  int repeats = 0;
  for (std::size_t t = 0; t < 60; ++t) {
    CAPTURE(t);
    const Suggestion& s = game.suggestions[t];
    const bool is_repeat = s.decision.phase == Decision::Phase::repeat;
    CHECK(history.has_completed(s.configuration) == is_repeat);
    if (is_repeat) {
      ++repeats;
      const Eigen::MatrixXd means = history.minimised();
      // On the front of means, and no other member of it has fewer trials.
      std::size_t fewest = 1000;
      std::size_t own = 0;
      for (std::size_t i = 0; i < history.completed().size(); ++i) {
        const Eigen::RowVectorXd point = means.row(static_cast<Eigen::Index>(i));
        const bool dominated = ((means.rowwise() - point).array() <= 0).rowwise().all().count() > 1;
        if (!dominated) fewest = std::min(fewest, history.completions(i));
        if (history.completed()[i] == s.configuration) {
          own = history.completions(i);
          CHECK_FALSE(dominated);
        }
      }
      CHECK(own == fewest);
    }
    history.end({s.trial, s.configuration, {.objectives = game.objectives[t]}});
  }
  CHECK(repeats > 12);
  CHECK(repeats < 32);
  for (const Suggestion& s : played(options(0), 30).suggestions) CHECK(s.decision.phase != Decision::Phase::repeat);
}

TEST_CASE("a search with repeats goes on from its record, and a batch of repeats is no obstacle") {
  const Played record = played(options(0.4), 40);
  const auto resumed = make_optimizer(problem(), options(0.4), "optimizer");
  for (std::size_t t = 0; t < 40; ++t) {
    CAPTURE(t);
    const Suggestion& s = record.suggestions[t];
    if (t < 21) {
      resumed->replay(s);
    } else {
      REQUIRE(resumed->ask(1).at(0).configuration == s.configuration);
    }
    resumed->tell({t, s.configuration, {.objectives = record.objectives[t]}});
  }
  CHECK(resumed->ask(8).size() == 8);
  CHECK_THROWS_WITH_AS((void)make_optimizer(problem(), options(0.95), "o"), doctest::Contains("o/repeats"),
                       InvalidInput);
}

}  // namespace repeats_test
