// Laws of every optimizer behind the ask/tell interface, on a mixed and conditional space.
#include <hyperego/core/error.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/optimizer/parego.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <initializer_list>
#include <limits>
#include <set>
#include <string>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

/// Two floats that trade off, one that does nothing, a categorical with a child, an integer.
std::shared_ptr<const SearchSpace> space() {
  std::vector<Hyperparameter> h{
      make_float("x", 0, 1),      make_float("y", 1e-3, 10, true),
      make_float("idle", 0, 1),   make_categorical("mode", {Value("a"), Value("b"), Value("c")}),
      make_float("b_rate", 0, 1), make_integer("k", 1, 20)};
  return std::make_shared<const SearchSpace>(
      std::move(h), std::vector<SearchSpace::ChildCondition>{{4, Comparison{Comparison::Relation::equals, 3, {1}}}});
}

Eigen::VectorXd evaluate(const Configuration& c) {
  const double x = c[0];
  const double distance = std::abs(std::log10(c[1])) + (c[3] == 1 ? std::abs(c[4] - 0.7) : 0.5) + 0.02 * (20 - c[5]);
  return Eigen::Vector2d(x + 0.3 * distance, 1 - std::sqrt(x) + 0.3 * distance);
}

OptimizationProblem problem(std::uint64_t seed = 1, std::uint64_t budget = 36) {
  return {space(), {{"f1"}, {"f2"}}, {}, budget, seed};
}

Trial told(const Suggestion& suggestion) {
  Trial trial{suggestion.trial, suggestion.configuration, {}};
  trial.outcome.objectives = evaluate(suggestion.configuration);
  return trial;
}

/// As it comes back from a journal.
Suggestion reread(Suggestion suggestion) {
  if (suggestion.state) {
    suggestion.state = std::make_shared<const ordered_json>(ordered_json::parse(suggestion.state->dump()));
  }
  return suggestion;
}

std::vector<Suggestion> play(Optimizer& optimizer, std::uint64_t trials) {
  std::vector<Suggestion> all;
  for (std::uint64_t t = 0; t < trials; ++t) {
    auto asked = optimizer.ask(1);
    REQUIRE(asked.size() == 1);
    optimizer.tell(told(asked[0]));
    all.push_back(std::move(asked[0]));
  }
  return all;
}

ordered_json options(const std::string& name) {
  ordered_json json{{"name", name}};
  if (name == "nsga2") json["population"] = 8;
  if (name == "parego" || name == "hpi-parego") json["acquisition"] = {{"random_candidates", 200}, {"starts", 2}};
  return json;
}

/// Every optimizer, and those that model also with a forest.
std::vector<ordered_json> every_kind() {
  std::vector<ordered_json> kinds;
  for (const std::string& name : optimizer_names()) {
    kinds.push_back(options(name));
    if (name == "random" || name == "nsga2") continue;  // no model
    kinds.push_back(options(name));
    kinds.back()["surrogate"] = "forest";
    kinds.back()["trees"] = 20;
  }
  return kinds;
}

}  // namespace

TEST_CASE("suggestions are legal, new and numbered") {
  for (const ordered_json& kind : every_kind()) {
    CAPTURE(kind);
    const auto optimizer = make_optimizer(problem(), kind, "optimizer");
    CHECK(optimizer->name() == kind.at("name").get<std::string>());
    std::vector<Configuration> seen;
    std::uint64_t number = 0;
    for (const Suggestion& s : play(*optimizer, 36)) {
      CHECK(s.trial == number++);
      CHECK(s.decision.trial == s.trial);
      CHECK_FALSE(s.decision.reason.empty());
      CHECK(space()->check(s.configuration).verdict == Legality::Verdict::legal);
      CHECK(std::find(seen.begin(), seen.end(), s.configuration) == seen.end());
      seen.push_back(s.configuration);
    }
  }
}

TEST_CASE("replayed from its own record, an optimizer goes on as if nothing had happened") {
  for (const ordered_json& kind : every_kind()) {
    for (const std::uint64_t cut : {3U, 15U, 31U}) {
      CAPTURE(kind);
      CAPTURE(cut);
      const auto uninterrupted = make_optimizer(problem(), kind, "optimizer");
      const std::vector<Suggestion> record = play(*uninterrupted, 36);
      const auto resumed = make_optimizer(problem(), kind, "optimizer");
      for (std::uint64_t t = 0; t < cut; ++t) {
        resumed->replay(reread(record[t]));
        resumed->tell(told(record[t]));
      }
      for (std::uint64_t t = cut; t < 36; ++t) {
        const auto asked = resumed->ask(1);
        REQUIRE(asked.size() == 1);
        REQUIRE(asked[0].configuration == record[t].configuration);
        resumed->tell(told(asked[0]));
      }
    }
  }
}

TEST_CASE("a batch has different members and conditions on what is pending") {
  for (const ordered_json& kind : every_kind()) {
    CAPTURE(kind);
    const auto optimizer = make_optimizer(problem(), kind, "optimizer");
    play(*optimizer, 14);
    const auto batch = optimizer->ask(4);
    REQUIRE(batch.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
      for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(batch[i].configuration == batch[j].configuration);
    }
    // Told in another order, and one of them failed: the search goes on.
    for (const std::size_t i : {2U, 0U, 3U}) optimizer->tell(told(batch[i]));
    Trial failed{batch[1].trial, batch[1].configuration, {.status = TrialStatus::failed}};
    optimizer->tell(failed);
    CHECK(optimizer->ask(1).size() == 1);
  }
}

TEST_CASE("the last share of the budget looks for hypervolume and for nothing else") {
  const auto optimizer = make_optimizer(
      problem(3), {{"name", "parego"}, {"hypervolume_share", 0.25}, {"offspring_share", 0}}, "optimizer");
  int turns = 0;
  for (const Suggestion& s : play(*optimizer, 36)) {
    const Decision& d = s.decision;
    CHECK((d.phase == Decision::Phase::hypervolume) == (s.trial >= 27));
    if (d.phase != Decision::Phase::hypervolume) continue;
    ++turns;
    CHECK(d.weights.size() == 0);
    CHECK_FALSE(d.scalarised.has_value());
    REQUIRE(d.acquisition.has_value());
    CHECK(std::isfinite(*d.acquisition));
    CHECK(d.ideal.size() == 2);
  }
  CHECK(turns == 9);
}

TEST_CASE("bounds are those of the trials' front; with two objectives models per objective foresee more of it") {
  for (const Eigen::Index m : {2, 3}) {
    CAPTURE(m);
    OptimizationProblem several = problem(3, 48);
    if (m == 3) several.objectives.push_back({"f3"});
    const auto optimizer = make_optimizer(several, {{"name", "parego"}}, "optimizer");
    Eigen::MatrixXd seen(0, m);
    int foreseen = 0;
    for (int t = 0; t < 48; ++t) {
      const Suggestion s = optimizer->ask(1).at(0);
      const Decision& d = s.decision;
      if (d.ideal.size() > 0) {
        const bool by_objectives = d.surrogate->contains("objectives");
        const bool hypervolume = d.phase == Decision::Phase::hypervolume;
        CHECK(by_objectives == (hypervolume || (m == 2 ? t % 2 == 0 : t % 4 != 1)));
        const Eigen::VectorXd ideal = seen.colwise().minCoeff().transpose();
        Eigen::VectorXd nadir = ideal;
        for (const Eigen::Index i : non_dominated(seen)) nadir = nadir.cwiseMax(seen.row(i).transpose());
        const bool same = d.ideal == ideal && d.nadir == nadir;
        CHECK((same || (m == 2 && by_objectives) || !d.notes.empty()));
        CHECK((d.ideal.array() <= ideal.array()).all());
        foreseen += same ? 0 : 1;
      }
      Trial trial = told(s);
      const Eigen::VectorXd two = trial.outcome.objectives;
      trial.outcome.objectives.conservativeResize(m);
      if (m == 3) trial.outcome.objectives[2] = std::abs(two[0] - 0.5) + s.configuration[2];
      seen.conservativeResize(t + 1, Eigen::NoChange);
      seen.row(t) = trial.outcome.objectives.transpose();
      optimizer->tell(trial);
    }
    CHECK((m == 2 ? foreseen > 16 : foreseen == 0));
  }
}

TEST_CASE("four objectives have no exact hypervolume phase") {
  OptimizationProblem four = problem(1, 20);
  four.objectives = {{"f1"}, {"f2"}, {"f3"}, {"f4"}};
  const auto optimizer = make_optimizer(four, {{"name", "parego"}, {"hypervolume_share", 1}}, "optimizer");
  for (int t = 0; t < 20; ++t) {
    const auto asked = optimizer->ask(1);
    REQUIRE(asked.size() == 1);
    CHECK(asked[0].decision.phase != Decision::Phase::hypervolume);
    Trial trial{asked[0].trial, asked[0].configuration, {}};
    const Eigen::VectorXd two = evaluate(asked[0].configuration);
    trial.outcome.objectives = Eigen::Vector4d(two[0], two[1], two.sum(), two[0] * two[1]);
    optimizer->tell(trial);
  }
}

TEST_CASE("a skewed objective is straightened where that makes its model more likely, and never against the option") {
  const auto skewed = [](const Configuration& c) {
    const Eigen::VectorXd f = evaluate(c);
    return Eigen::Vector2d(f[0], std::exp(6 * f[1]));
  };
  const auto optimizer = make_optimizer(problem(5), {{"name", "parego"}}, "optimizer");
  ordered_json model;
  for (int t = 0; t < 36; ++t) {
    auto asked = optimizer->ask(1);
    REQUIRE(asked.size() == 1);
    Trial trial{asked[0].trial, asked[0].configuration, {}};
    trial.outcome.objectives = skewed(asked[0].configuration);
    optimizer->tell(trial);
    if (asked[0].decision.phase == Decision::Phase::initial) CHECK(asked[0].decision.surrogate == nullptr);
    if (asked[0].decision.surrogate != nullptr && asked[0].decision.surrogate->contains("objectives")) {
      model = asked[0].decision.surrogate->at("objectives").at(1);
    }
  }
  REQUIRE(model.at("transform").at("kind") == "yeo_johnson");
  CHECK(model.at("transform").at("lambda") < 0.5);  // 1 leaves values as they are, less draws in a tail of large ones
  const auto raw = make_optimizer(problem(5), {{"name", "parego"}, {"target_transform", "none"}}, "optimizer");
  for (const Suggestion& s : play(*raw, 20)) {
    if (s.decision.surrogate != nullptr) CHECK(s.decision.surrogate->dump().find("yeo_johnson") == std::string::npos);
  }
}

TEST_CASE("frozen hyperparameters keep their recorded values, and the last phase searches the full space") {
  ParEgo optimizer(problem(2, 60), HpiParEgoOptions{.freezing = {.schedule = {0, 0.7, 0}, .trusted_gain = 0}});
  int frozen = 0;
  for (const Suggestion& s : play(optimizer, 60)) {
    const Decision& d = s.decision;
    if (s.trial >= 40) CHECK(d.phase != Decision::Phase::frozen);
    if (d.phase != Decision::Phase::frozen) {
      CHECK(d.frozen.size() == 0);
      continue;
    }
    ++frozen;
    CHECK(s.trial >= 20);
    CHECK(d.threshold == 0.7);
    CHECK(d.free.size() + 1 <= space()->size());
    CHECK_FALSE(d.free.empty());
    REQUIRE(d.game.has_value());
    CHECK(d.game->values.size() == 64);
    CHECK(d.shapley.size() == 6);
    double sum = 0;
    for (const auto& [player, value] : d.shapley) {
      CHECK(value >= -1e-12);  // tunability is monotone
      sum += value;
    }
    CHECK(sum == doctest::Approx(d.game->values.back() - d.game->values.front()));
    for (std::size_t i = 0; i < space()->size(); ++i) {
      const bool free = std::find(d.free.begin(), d.free.end(), i) != d.free.end();
      CHECK(d.frozen.is_set(i) != free);
      if (!free && s.configuration.is_set(i)) CHECK(s.configuration[i] == d.frozen[i]);
    }
    // A kept child keeps its parent.
    if (!d.frozen.is_set(4)) CHECK_FALSE(d.frozen.is_set(3));
  }
  CHECK(frozen > 0);
}

TEST_CASE("only what costs next to no expected improvement is frozen, and sets grow until it does not") {
  // What the full space promises, at every trial of a record: the same models by replay, and nothing frozen.
  const auto full_space_promises = [](const std::vector<Suggestion>& record, std::size_t trial) {
    ParEgo free(problem(2, 60), HpiParEgoOptions{.freezing = {.selection = SelectionRule::none}});
    for (std::size_t t = 0; t < trial; ++t) {
      free.replay(record[t]);
      free.tell(told(record[t]));
    }
    return free.ask(1).at(0).decision.acquisition.value();
  };
  struct Seen {
    int frozen = 0;
    int enough = 0;
    int grown = 0;
  };
  const auto seen_with = [&](double share) {
    ParEgo optimizer(problem(2, 60), HpiParEgoOptions{.freezing = {.least_improvement_share = share}});
    const std::vector<Suggestion> record = play(optimizer, 60);
    Seen seen;
    for (const Suggestion& s : record) {
      if (s.decision.phase != Decision::Phase::frozen) continue;
      ++seen.frozen;
      const double missing = full_space_promises(record, s.trial) - s.decision.acquisition.value();
      seen.enough += missing <= -std::log(0.9) ? 1 : 0;
      seen.grown += s.decision.reason.find("fewer promise less than 90 %") != std::string::npos ? 1 : 0;
    }
    return seen;
  };
  const Seen guarded = seen_with(0.9);
  CHECK(guarded.frozen >= 5);
  CHECK(guarded.grown >= 1);
  // Two searches for the maximum need not find the same one.
  CHECK(guarded.enough >= 0.9 * guarded.frozen);
  const Seen unguarded = seen_with(0);
  CHECK(unguarded.grown == 0);
  CHECK(unguarded.enough < 0.9 * unguarded.frozen);
}

TEST_CASE("an exhausted slice gives way to the full space, and is not remembered") {
  const auto few = std::make_shared<const SearchSpace>(std::vector<Hyperparameter>{
      make_integer("a", 1, 4), make_float("b", 0, 1), make_categorical("c", {Value("x"), Value("y")})});
  ParEgo optimizer(
      {few, {{"f1"}, {"f2"}}, {}, 40, 3},
      HpiParEgoOptions{
          .parego = {.hypervolume_share = 0},
          .freezing = {.schedule = {0, 0.5}, .trusted_gain = 0, .trusted_fit = -10, .least_improvement_share = 0}});
  int fallbacks = 0;
  for (int t = 0; t < 40; ++t) {
    const Suggestion s = optimizer.ask(1).at(0);
    const Configuration& c = s.configuration;
    Trial trial{s.trial, c, {}};
    const double trade = (c[0] - 1) / 3;
    trial.outcome.objectives = Eigen::Vector2d(trade + (c[2] == 0 ? 0 : 0.2) + 1e-3 * c[1], 1 - trade + 1e-3 * c[1]);
    optimizer.tell(trial);
    const bool frozen = s.decision.phase == Decision::Phase::frozen;
    if (s.state) CHECK(s.state->contains("free") == frozen);
    if (s.decision.phase != Decision::Phase::fallback) continue;
    ++fallbacks;
    CHECK(s.decision.frozen.size() == 0);
    CHECK(s.decision.threshold == 0);
    CHECK(s.decision.free == few->searched());
  }
  CHECK(fallbacks > 0);
}

TEST_CASE("failed trials never stop the search") {
  for (const ordered_json& kind : every_kind()) {
    CAPTURE(kind);
    const auto optimizer = make_optimizer(problem(), kind, "optimizer");
    for (int t = 0; t < 24; ++t) {
      const auto asked = optimizer->ask(1);
      REQUIRE(asked.size() == 1);
      if (t % 3 == 0) {
        optimizer->tell(told(asked[0]));
      } else {
        optimizer->tell({asked[0].trial, asked[0].configuration, {.status = TrialStatus::timed_out}});
      }
    }
  }
}

TEST_CASE("a small space is searched to its last point and then exhausted") {
  std::vector<Hyperparameter> h{make_categorical("a", {Value("u"), Value("v"), Value("w")}), make_integer("b", 1, 4)};
  const auto small = std::make_shared<const SearchSpace>(std::move(h));
  for (const ordered_json& kind : every_kind()) {
    CAPTURE(kind);
    const auto optimizer = make_optimizer({small, {{"f1"}, {"f2"}}, {}, 40, 5}, kind, "optimizer");
    int evaluated = 0;
    for (auto asked = optimizer->ask(1); !asked.empty(); asked = optimizer->ask(1)) {
      REQUIRE(++evaluated <= 12);
      Trial trial{asked[0].trial, asked[0].configuration, {}};
      trial.outcome.objectives = Eigen::Vector2d(trial.configuration[1], -trial.configuration[1]);
      optimizer->tell(trial);
    }
    CHECK(evaluated == 12);
  }
}

TEST_CASE("constant objectives and one objective are no special cases") {
  for (const ordered_json& kind : every_kind()) {
    CAPTURE(kind);
    const auto optimizer = make_optimizer({space(), {{"f"}}, {}, 20, 5}, kind, "optimizer");
    for (int t = 0; t < 20; ++t) {
      const auto asked = optimizer->ask(1);
      REQUIRE(asked.size() == 1);
      optimizer->tell({asked[0].trial, asked[0].configuration, {.objectives = Eigen::VectorXd::Constant(1, 3.5)}});
    }
  }
}

TEST_CASE("with a forest hyperparameters are frozen as well") {
  ParEgo optimizer(problem(2, 60),
                   HpiParEgoOptions{.parego = {.model = ParEgoOptions::Model::random_forest, .forest = {.trees = 30}},
                                    .freezing = {.schedule = {0, 0.7, 0}, .trusted_gain = 0, .trusted_fit = -10}});
  int frozen = 0;
  for (const Suggestion& s : play(optimizer, 60)) {
    if (s.decision.phase != Decision::Phase::frozen) continue;
    ++frozen;
    CHECK(s.decision.surrogate->dump().find("random_forest") != std::string::npos);
    for (std::size_t i = 0; i < space()->size(); ++i) {
      if (s.decision.frozen.is_set(i) && s.configuration.is_set(i)) CHECK(s.configuration[i] == s.decision.frozen[i]);
    }
  }
  CHECK(frozen > 0);
}

TEST_CASE("misuse is refused by name") {
  CHECK_THROWS_WITH_AS(
      (void)make_optimizer(problem(), {{"name", "parego"}, {"surrogate", "forest"}, {"kernel", "joint"}}, "o"),
      "o/kernel: belongs to the Gaussian process; remove it, or \"surrogate\": \"forest\"", InvalidInput);
  CHECK_THROWS_AS((void)make_optimizer(problem(), {{"name", "parego"}, {"trees", 5}}, "o"), InvalidInput);
  CHECK_THROWS_AS((void)make_optimizer(problem(), {{"name", "parego"}, {"surrogate", "tree"}}, "o"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)make_optimizer(problem(), {{"name", "hpi-parge"}}, "study.json/optimizer"),
                       "study.json/optimizer/name: unknown optimizer \"hpi-parge\"; did you mean \"hpi-parego\"?",
                       InvalidInput);
  CHECK_THROWS_AS((void)make_optimizer(problem(), {{"name", "parego"}, {"schedule", {0}}}, "o"), InvalidInput);
  CHECK_THROWS_AS((void)make_optimizer(problem(), {{"schedule", {0, 1.5}}}, "o"), InvalidInput);
  const auto optimizer = make_optimizer(problem(), {{"name", "random"}}, "o");
  const auto asked = optimizer->ask(1);
  Trial trial{0, asked[0].configuration, {.objectives = Eigen::VectorXd::Ones(3)}};
  CHECK_THROWS_AS(optimizer->tell(trial), InvalidInput);
  trial.outcome.objectives = Eigen::Vector2d(1, NAN);
  CHECK_THROWS_AS(optimizer->tell(trial), InvalidInput);
  trial.outcome.objectives = Eigen::Vector2d(1, 2);
  optimizer->tell(trial);
  CHECK_THROWS_AS(optimizer->tell(trial), InvalidInput);
  CHECK_THROWS_AS(optimizer->replay({.trial = 5, .configuration = asked[0].configuration}), InvalidInput);
}

TEST_CASE("suggestions do not depend on the size of a penalty") {
  const auto suggested = [](const ordered_json& kind, double penalty) {
    const auto optimizer = make_optimizer(problem(3, 20), kind, "optimizer");
    std::vector<Configuration> all;
    for (int t = 0; t < 20; ++t) {
      const Suggestion asked = optimizer->ask(1).at(0);
      Trial trial = told(asked);
      if (asked.configuration[0] > 0.6) trial.outcome.objectives.setConstant(penalty);
      optimizer->tell(trial);
      all.push_back(asked.configuration);
    }
    return all;
  };
  for (const ordered_json& kind : every_kind()) {
    CAPTURE(kind);
    const auto expected = suggested(kind, 1e5);
    for (const double penalty : {1e10, 1e99, 1e101, 1e300, std::numeric_limits<double>::max()}) {
      CAPTURE(penalty);
      CHECK(suggested(kind, penalty) == expected);
    }
  }
}
