// What the options of freezing and weighing change in the decisions.
#include <hyperego/core/error.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <set>
#include <string>

using namespace hyperego;
using nlohmann::ordered_json;

namespace freezing_options_test {
namespace {

/// x trades off, y matters, the other two do next to nothing; c is y's child without a say.
std::shared_ptr<const SearchSpace> space() {
  return std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1), make_float("y", 0, 1),
                                                         make_float("idle", 0, 1, false, 0.125),
                                                         make_integer("lazy", 1, 100, false, 17)});
}

std::vector<Suggestion> played(const ordered_json& members, int trials = 30) {
  ordered_json options{
      {"name", "hpi-parego"}, {"hypervolume_share", 0}, {"acquisition", {{"random_candidates", 200}, {"starts", 2}}}};
  options.update(members);
  const auto optimizer = make_optimizer(
      {.space = space(), .objectives = {{.name = "f"}, {.name = "g"}}, .initial_configurations = {}, .budget = 30},
      options, "optimizer");
  std::vector<Suggestion> all;
  for (int t = 0; t < trials; ++t) {
    all.push_back(optimizer->ask(1).at(0));
    const Configuration& c = all.back().configuration;
    const double distance = std::abs(c[1] - 0.6) + 1e-4 * c[2];
    optimizer->tell({all.back().trial, c, {.objectives = Eigen::Vector2d(c[0] + distance, 1 - c[0] + distance)}});
  }
  return all;
}

ordered_json freezing(const std::string& values) {
  return {{"schedule", {0, 0.7}},
          {"trusted_gain", 0},
          {"trusted_fit", -10},
          {"least_improvement_share", 0},
          {"frozen_values", values}};
}

}  // namespace

TEST_CASE("frozen hyperparameters are held at the incumbent's values, at defaults, or at random ones") {
  for (const std::string values : {"incumbent", "default", "random"}) {
    CAPTURE(values);
    int frozen = 0;
    std::set<double> idle;
    for (const Suggestion& s : played(freezing(values))) {
      if (s.decision.phase != Decision::Phase::frozen) continue;
      for (std::size_t i = 0; i < 4; ++i) {
        if (!s.decision.frozen.is_set(i)) continue;
        CHECK(s.configuration[i] == s.decision.frozen[i]);
        if (values == "incumbent") CHECK(s.decision.frozen[i] == (*s.decision.baseline)[i]);
        if (values == "default") CHECK(s.decision.frozen[i] == space()->default_configuration()[i]);
      }
      if (!s.decision.frozen.is_set(2)) continue;
      ++frozen;
      idle.insert(s.decision.frozen[2]);
      if (values == "random") CHECK(s.decision.frozen[2] != (*s.decision.baseline)[2]);
    }
    REQUIRE(frozen > 3);
    if (values == "default") CHECK(idle == std::set<double>{0.125});
    if (values == "random") CHECK(idle.size() == static_cast<std::size_t>(frozen));
  }
}

TEST_CASE("a weight vector serves as many trials as reweigh says") {
  const auto all = played({{"reweigh", 4}, {"schedule", {0}}, {"initial_trials", 6}}, 30);
  const auto every = played({{"schedule", {0}}, {"initial_trials", 6}}, 30);
  for (std::size_t t = 6; t < 30; ++t) {
    CAPTURE(t);
    CHECK(all[t].decision.weights == every[6 + (t - 6) / 4].decision.weights);
    if (t > 6) CHECK((all[t].decision.weights == all[t - 1].decision.weights) == ((t - 6) % 4 != 0));
  }
}

TEST_CASE("the authors' preset sets what they chose, and explicit members come first") {
  const auto by_name = played({{"preset", "authors"}, {"trees", 20}});
  const auto in_full = played({{"reweigh", 5},
                               {"random_share", 0.1},
                               {"offspring_share", 0},
                               {"selection", "cumulative"},
                               {"least_improvement_share", 0},
                               {"surrogate", "forest"},
                               {"target", "scalarized"},
                               {"trees", 20}});
  const auto otherwise = played({{"preset", "authors"}, {"surrogate", "gp"}, {"reweigh", 1}, {"random_share", 0}});
  std::set<double> weights;
  for (std::size_t t = 0; t < 30; ++t) {
    CAPTURE(t);
    CHECK(by_name[t].configuration == in_full[t].configuration);
    if (otherwise[t].decision.phase == Decision::Phase::initial) continue;
    CHECK(otherwise[t].decision.phase != Decision::Phase::random);
    CHECK(otherwise[t].decision.surrogate->dump().find("random_forest") == std::string::npos);
    CHECK(weights.insert(otherwise[t].decision.weights[0]).second);
  }
  CHECK_FALSE(by_name[29].configuration == otherwise[29].configuration);
}

TEST_CASE("options of freezing and weighing are checked") {
  CHECK_THROWS_WITH_AS((void)played({{"frozen_values", "mean"}}, 0), doctest::Contains("optimizer/frozen_values"),
                       InvalidInput);
  CHECK_THROWS_WITH_AS((void)played({{"reweigh", 0}}, 0), doctest::Contains("optimizer/reweigh"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)played({{"preset", "author"}}, 0), doctest::Contains("optimizer/preset"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)played({{"name", "parego"}, {"preset", "authors"}}, 0), doctest::Contains("preset"),
                       InvalidInput);
  CHECK_THROWS_WITH_AS((void)played({{"preset", "authors"}, {"kernel", "joint"}}, 0),
                       doctest::Contains("optimizer/kernel"), InvalidInput);
}

}  // namespace freezing_options_test
