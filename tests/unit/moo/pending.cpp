// Trials of a batch: what the models take the pending ones to give, and that an interruption inside a batch changes
// nothing.
#include <hyperego/moo/optimizer/optimizer.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <vector>

using namespace hyperego;
using nlohmann::ordered_json;

namespace pending_test {
namespace {

constexpr std::size_t initial = 6;

OptimizationProblem problem() {
  const auto space = std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1), make_float("y", 0, 1)});
  return {.space = space, .objectives = {{.name = "f"}, {.name = "g"}}, .initial_configurations = {}, .budget = 18};
}

Eigen::VectorXd valley(const Configuration& c) {
  const double distance = (c[1] - 0.4) * (c[1] - 0.4);
  return Eigen::Vector2d(c[0] * c[0] + distance, (1 - c[0]) * (1 - c[0]) + distance);
}

ordered_json options(const std::string& pending) {
  return {{"name", "parego"},
          {"initial_trials", initial},
          {"offspring_share", 0},
          {"pending", pending},
          {"acquisition", {{"random_candidates", 60}, {"starts", 2}}}};
}

/// The initial design evaluated, then batches of four, of which the second maximises the hypervolume. With `resumed`
/// another optimizer takes over inside each batch.
std::vector<Suggestion> batches(const std::string& pending, bool resumed) {
  auto optimizer = make_optimizer(problem(), options(pending), "optimizer");
  std::vector<Suggestion> asked;
  std::size_t told = 0;
  const auto tell = [&](Optimizer& to, std::size_t t) {
    to.tell({asked[t].trial, asked[t].configuration, {.objectives = valley(asked[t].configuration)}});
  };
  const auto ask = [&](std::size_t count) {
    for (Suggestion& suggestion : optimizer->ask(count)) asked.push_back(std::move(suggestion));
  };
  ask(initial);
  for (int batch = 0; batch < 3; ++batch) {
    for (; told < asked.size(); ++told) tell(*optimizer, told);
    if (!resumed) {
      ask(4);
      continue;
    }
    ask(2);
    auto other = make_optimizer(problem(), options(pending), "optimizer");
    for (std::size_t t = 0; t < asked.size(); ++t) {
      Suggestion suggestion = asked[t];
      if (suggestion.state) {
        suggestion.state = std::make_shared<const ordered_json>(ordered_json::parse(suggestion.state->dump()));
      }
      other->replay(suggestion);
    }
    for (std::size_t t = 0; t < told; ++t) tell(*other, t);
    optimizer = std::move(other);
    ask(2);
  }
  return asked;
}

std::string text_of(const std::vector<Suggestion>& suggestions) {
  std::string text;
  for (const Suggestion& s : suggestions) text += problem().space->to_json(s.configuration).dump() + "\n";
  return text;
}

}  // namespace

TEST_CASE("the trials of a batch differ, and an interruption inside it changes none of them") {
  std::set<std::string> distinct;
  for (const char* pending : {"believer", "draw", "optimist", "pessimist", "ignored"}) {
    CAPTURE(pending);
    const std::vector<Suggestion> whole = batches(pending, false);
    REQUIRE(whole.size() == initial + 12);
    CHECK(whole.back().decision.phase == Decision::Phase::hypervolume);
    std::set<std::string> configurations;
    for (const Suggestion& s : whole) configurations.insert(problem().space->to_json(s.configuration).dump());
    CHECK(configurations.size() == whole.size());
    CHECK(text_of(batches(pending, true)) == text_of(whole));
    distinct.insert(text_of(whole));
  }
  CHECK(distinct.size() == 5);  // the option is followed
}

}  // namespace pending_test
