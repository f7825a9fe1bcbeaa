// Spaces of few points and objectives of few values.
#include <hyperego/moo/optimizer/optimizer.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace hyperego;
using nlohmann::ordered_json;

namespace plateaus_test {
namespace {

std::vector<ordered_json> kinds() {
  const ordered_json quick{{"random_candidates", 100}, {"starts", 2}};
  return {{{"name", "parego"}, {"target", "scalarized"}, {"acquisition", quick}},
          {{"name", "parego"}, {"target", "objectives"}, {"acquisition", quick}},
          {{"name", "parego"}, {"hypervolume_share", 0.6}, {"acquisition", quick}},
          {{"name", "hpi-parego"}, {"schedule", {0.8}}, {"acquisition", quick}},
          {{"name", "hpi-parego"}, {"target_transform", "yeo_johnson"}, {"acquisition", quick}},
          {{"name", "hpi-parego"}, {"surrogate", "forest"}, {"trees", 20}, {"acquisition", quick}},
          {{"name", "nsga2"}, {"population", 8}},
          {{"name", "random"}}};
}

/// a = u has a child, and one combination is forbidden: 3 · 2 + 2 · 2 − 1 = 9 configurations.
std::shared_ptr<const SearchSpace> nine_points() {
  std::vector<Hyperparameter> h{make_categorical("a", {Value("u"), Value("v"), Value("w")}), make_integer("b", 1, 2),
                                make_integer("child", 1, 3)};
  return std::make_shared<const SearchSpace>(
      std::move(h), std::vector<SearchSpace::ChildCondition>{{2, Comparison{Comparison::Relation::equals, 0, {0}}}},
      std::vector<ForbiddenClause>{{.terms = {{0, {2}}, {1, {1}}}}});
}

}  // namespace

TEST_CASE("every point of a small space is evaluated once, one by one or in batches, and then the search ends") {
  for (const ordered_json& kind : kinds()) {
    for (const std::size_t batch : {1U, 4U}) {
      CAPTURE(kind);
      CAPTURE(batch);
      const auto optimizer = make_optimizer({.space = nine_points(),
                                             .objectives = {{.name = "f"}, {.name = "g"}},
                                             .initial_configurations = {},
                                             .budget = 40},
                                            kind, "optimizer");
      std::vector<Configuration> evaluated;
      for (auto asked = optimizer->ask(batch); !asked.empty(); asked = optimizer->ask(batch)) {
        for (const Suggestion& s : asked) {
          CHECK(std::find(evaluated.begin(), evaluated.end(), s.configuration) == evaluated.end());
          CHECK(nine_points()->check(s.configuration).verdict == Legality::Verdict::legal);
          evaluated.push_back(s.configuration);
          REQUIRE(evaluated.size() <= 9);
          optimizer->tell(
              {s.trial, s.configuration, {.objectives = Eigen::Vector2d(s.configuration[1], 3 - s.configuration[0])}});
        }
      }
      CHECK(evaluated.size() == 9);
      CHECK(optimizer->ask(1).empty());  // and it stays ended
    }
  }
}

TEST_CASE("plateaus break neither bounds nor models") {
  // Most of the space gives the same two values; a small step leads off the plateau, at the end a value far away.
  const auto space = std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1), make_float("y", 0, 1)});
  for (const ordered_json& kind : kinds()) {
    CAPTURE(kind);
    const auto optimizer = make_optimizer(
        {.space = space, .objectives = {{.name = "f"}, {.name = "g"}}, .initial_configurations = {}, .budget = 40},
        kind, "optimizer");
    for (int t = 0; t < 36; ++t) {
      const auto asked = optimizer->ask(1);
      REQUIRE(asked.size() == 1);
      const Suggestion& s = asked[0];
      const Decision& d = s.decision;
      const Configuration& c = s.configuration;
      if (d.ideal.size() > 0) {
        CHECK(d.ideal.allFinite());
        CHECK(d.nadir.allFinite());
        CHECK(((d.nadir - d.ideal).array() > 0).all());
      }
      if (d.acquisition) CHECK(std::isfinite(*d.acquisition));
      if (d.scalarised) CHECK(std::isfinite(d.scalarised->mean));
      if (d.scalarised) CHECK(std::isfinite(d.scalarised->standard_deviation));
      const double step = c[0] > 0.9 ? 0.5 : 1;
      optimizer->tell({s.trial, c, {.objectives = Eigen::Vector2d(step, t == 30 ? 1e6 : std::round(c[1] - 0.3))}});
    }
  }
}

}  // namespace plateaus_test
