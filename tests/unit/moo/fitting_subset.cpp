#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/trials/fitting_subset.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <numeric>
#include <string>

using namespace hyperego;
using nlohmann::ordered_json;

namespace fitting_subset_test {
namespace {

std::shared_ptr<const SearchSpace> line() {
  return std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1), make_float("y", 0, 1)});
}

Eigen::VectorXd evaluate(const Configuration& c) { return Eigen::Vector2d(c[0] + c[1] * c[1], 1 - c[0] + c[1] * c[1]); }

std::vector<Suggestion> played(const ordered_json& members, int trials) {
  ordered_json options{
      {"name", "hpi-parego"}, {"initial_trials", 16}, {"acquisition", {{"random_candidates", 100}, {"starts", 2}}}};
  options.update(members);
  const auto optimizer = make_optimizer(
      {.space = line(), .objectives = {{.name = "f"}, {.name = "g"}}, .initial_configurations = {}, .budget = 60},
      options, "optimizer");
  std::vector<Suggestion> all;
  for (int t = 0; t < trials; ++t) {
    all.push_back(optimizer->ask(1).at(0));
    optimizer->tell({all.back().trial, all.back().configuration, {.objectives = evaluate(all.back().configuration)}});
  }
  return all;
}

bool notes_mention(const Suggestion& suggestion, const std::string& words) {
  const auto& notes = suggestion.decision.notes;
  return std::any_of(notes.begin(), notes.end(),
                     [&](const std::string& note) { return note.find(words) != std::string::npos; });
}

}  // namespace

TEST_CASE("half of a fitting subset has the lowest targets, the rest fills the space") {
  // 90 crowded trials with low targets at the left end, ten bad ones spread out to the right.
  std::vector<Configuration> places;
  Eigen::VectorXd targets(100);
  for (int i = 0; i < 100; ++i) {
    const double x = i < 90 ? 0.001 * i : 0.1 * (i - 89);
    places.emplace_back(std::vector<double>{x, 0});
    targets[i] = i < 90 ? i : 1000 - i;
  }
  const auto chosen = fitting_subset(*line(), places, targets, 24);
  REQUIRE(chosen.size() == 24);
  CHECK(std::is_sorted(chosen.begin(), chosen.end()));
  CHECK(std::adjacent_find(chosen.begin(), chosen.end()) == chosen.end());
  for (std::size_t i = 0; i < 12; ++i) CHECK(chosen[i] == i);
  for (std::size_t i = 90; i < 100; ++i) CHECK(std::find(chosen.begin(), chosen.end(), i) != chosen.end());
  CHECK(fitting_subset(*line(), places, targets, 100).size() == 100);
  // Equal places are no obstacle.
  const std::vector<Configuration> same(50, places[0]);
  CHECK(fitting_subset(*line(), same, Eigen::VectorXd::Zero(50), 20).size() == 20);
}

TEST_CASE("beyond most_fitted parameters come from a subset, beyond forest_beyond a forest takes over") {
  const auto all = played({{"most_fitted", 20}, {"forest_beyond", 26}}, 32);
  const auto plain = played(ordered_json::object(), 32);
  for (std::size_t t = 16; t < 32; ++t) {
    CAPTURE(t);
    const bool forest = t > 26;
    CHECK(notes_mention(all[t], "most_fitted") == (t > 20 && !forest));
    CHECK(notes_mention(all[t], "forest_beyond") == forest);
    CHECK((all[t].decision.surrogate->dump().find("random_forest") != std::string::npos) == forest);
    CHECK_FALSE(notes_mention(plain[t], "most_fitted"));
    if (t <= 20) CHECK(all[t].configuration == plain[t].configuration);
  }
  CHECK_FALSE(all[21].state->dump() == plain[21].state->dump());
}

TEST_CASE("a search on subsets goes on from its record") {
  const ordered_json members{{"most_fitted", 18}, {"forest_beyond", 26}};
  const auto record = played(members, 30);
  ordered_json options{
      {"name", "hpi-parego"}, {"initial_trials", 16}, {"acquisition", {{"random_candidates", 100}, {"starts", 2}}}};
  options.update(members);
  const auto resumed = make_optimizer(
      {.space = line(), .objectives = {{.name = "f"}, {.name = "g"}}, .initial_configurations = {}, .budget = 60},
      options, "optimizer");
  for (std::size_t t = 0; t < 30; ++t) {
    CAPTURE(t);
    const Configuration& c = record[t].configuration;
    if (t < 22) {
      resumed->replay(record[t]);
    } else {
      REQUIRE(resumed->ask(1).at(0).configuration == c);
    }
    resumed->tell({t, c, {.objectives = evaluate(c)}});
  }
}

}  // namespace fitting_subset_test
