// The parts of ParEGO's loop: kinds of trial, what they remember, what they search.
#include <hyperego/core/error.hpp>
#include <hyperego/moo/acquisition/composed_acquisition.hpp>
#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/optimizer/parego.hpp>
#include <hyperego/moo/search/game_slices.hpp>
#include <hyperego/moo/search/model_store.hpp>
#include <hyperego/moo/turns/turn.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <set>
#include <string>

using namespace hyperego;
using nlohmann::ordered_json;

namespace turns_test {
namespace {

std::shared_ptr<const SearchSpace> square() {
  return std::make_shared<const SearchSpace>(std::vector{make_float("x", 0, 1), make_float("y", 0, 1)});
}

OptimizationProblem problem(std::size_t objectives = 2, std::uint64_t budget = 20) {
  OptimizationProblem result{.space = square(), .objectives = {}, .initial_configurations = {}, .budget = budget};
  for (std::size_t j = 0; j < objectives; ++j) result.objectives.push_back({.name = "f" + std::to_string(j)});
  return result;
}

ParEgoOptions quick() {
  ParEgoOptions options;
  options.initial_trials = 4;
  options.maximizer = {.random_candidates = 50, .starts = 1};
  return options;
}

Trial told(std::uint64_t number, const Configuration& c, std::size_t objectives = 2) {
  Trial trial{number, c, {}};
  trial.outcome.objectives = Eigen::VectorXd::Constant(static_cast<Eigen::Index>(objectives), 1 - c[0] + c[1]);
  trial.outcome.objectives[0] = c[0] + c[1];
  return trial;
}

/// The parts of a loop after so many completed trials.
struct Loop {
  SearchState state;
  ModelStore models{state};
  FullSpace slices;

  Loop(OptimizationProblem given, const ParEgoOptions& options, int completed) : state(std::move(given), options) {
    for (int t = 0; t < completed; ++t) {
      const double u = 0.05 + 0.9 * t / 12;
      const Configuration c(std::vector<double>{u, std::fmod(7 * u, 1.0)});
      const std::uint64_t number = state.history.next_number();
      state.history.suggest(number, c);
      state.history.end(told(number, c, state.problem.objectives.size()));
    }
  }
  [[nodiscard]] TurnParts parts() { return {state, models, slices}; }
  [[nodiscard]] Suggestion draft(std::uint64_t trial) const {
    Suggestion result;
    result.trial = result.decision.trial = trial;
    return result;
  }
};

Eigen::MatrixXd objectives_of(const Loop& loop) {
  std::vector<std::string> notes;
  return loop.models.modelled_objectives(notes);
}

}  // namespace

TEST_CASE("each kind of trial says by itself whether it is due") {
  ParEgoOptions options = quick();
  Loop few(problem(), options, 2);
  Loop enough(problem(), options, 6);
  using Phase = Decision::Phase;

  CHECK(initial_turn(few.parts())->propose(few.draft(3))->decision.phase == Phase::initial);
  CHECK_FALSE(initial_turn(few.parts())->propose(few.draft(4)));
  CHECK(few_trials_turn(few.parts())->propose(few.draft(4))->decision.phase == Phase::random);
  CHECK_FALSE(few_trials_turn(enough.parts())->propose(enough.draft(6)));
  for (const auto make : {repeat_turn, random_share_turn}) CHECK_FALSE(make(enough.parts())->propose(enough.draft(6)));
  for (const auto make : {repeat_turn, hypervolume_turn, weights_turn}) {
    CHECK_FALSE(make(few.parts())->propose(few.draft(19)));
  }
  CHECK(weights_turn(enough.parts())->propose(enough.draft(6))->decision.phase == Phase::full);

  // The last third of a budget of 20.
  CHECK_FALSE(hypervolume_turn(enough.parts())->propose(enough.draft(13)));
  const auto late = hypervolume_turn(enough.parts())->propose(enough.draft(14));
  REQUIRE(late);
  CHECK(late->decision.phase == Phase::hypervolume);
  CHECK(late->decision.weights.size() == 0);
  Loop four(problem(4), options, 6);
  CHECK_FALSE(hypervolume_turn(four.parts())->propose(four.draft(19)));

  options.random_share = 1;
  options.repeats = 0.9;
  Loop eager(problem(), options, 6);
  CHECK(random_share_turn(eager.parts())->propose(eager.draft(6))->decision.phase == Phase::random);
  int repeats = 0;
  for (std::uint64_t t = 6; t < 26; ++t) {
    const auto repeated = repeat_turn(eager.parts())->propose(eager.draft(t));
    if (!repeated) continue;
    ++repeats;
    CHECK(repeated->decision.phase == Phase::repeat);
    CHECK(eager.state.history.has_completed(repeated->configuration));
  }
  CHECK(repeats > 12);
  Loop hasty(problem(), options, 2);
  for (std::uint64_t t = 6; t < 16; ++t) CHECK_FALSE(repeat_turn(hasty.parts())->propose(hasty.draft(t)));
}

TEST_CASE("a share of trials narrows importance, in either optimizer, and a resumed search has the same ones") {
  ParEgoOptions options = quick();
  Loop none(problem(), options, 6);
  for (std::uint64_t t = 6; t < 12; ++t) CHECK_FALSE(explain_turn(none.parts())->propose(none.draft(t)));
  options.explain_share = 0.5;
  Loop few(problem(), options, 2);
  Loop some(problem(), options, 8);
  int narrowing = 0;
  for (std::uint64_t t = 8; t < 28; ++t) {
    CHECK_FALSE(explain_turn(few.parts())->propose(few.draft(t)));
    const auto proposed = explain_turn(some.parts())->propose(some.draft(t));
    if (!proposed) continue;
    ++narrowing;
    CHECK(proposed->decision.phase == Decision::Phase::explain);
    CHECK(to_string(proposed->decision.phase) == "explain");
    CHECK_FALSE(proposed->decision.reason.empty());
    CHECK(proposed->decision.surrogate);
    CHECK(some.state.problem.space->check(proposed->configuration));
    CHECK_FALSE(some.state.history.seen(proposed->configuration));
  }
  CHECK(narrowing >= 4);  // of 20 at a chance of one half: all but 6 in 10,000
  CHECK(narrowing <= 16);
  options.model = ParEgoOptions::Model::random_forest;  // which has no covariance to be lowered
  Loop forest(problem(), options, 8);
  for (std::uint64_t t = 8; t < 28; ++t) CHECK_FALSE(explain_turn(forest.parts())->propose(forest.draft(t)));

  for (const std::string name : {"parego", "hpi-parego"}) {
    const ordered_json json{{"name", name},
                            {"initial_trials", 4},
                            {"explain_share", 0.5},
                            {"acquisition", {{"random_candidates", 50}, {"starts", 1}}}};
    const auto whole = make_optimizer(problem(), json, "optimizer");
    std::vector<Suggestion> all;
    for (std::uint64_t t = 0; t < 14; ++t) {
      all.push_back(whole->ask(1).at(0));
      whole->tell(told(t, all.back().configuration));
    }
    const auto resumed = make_optimizer(problem(), json, "optimizer");
    int replayed_narrowing = 0;
    for (std::uint64_t t = 0; t < 14; ++t) {
      if (t < 9) {
        resumed->replay(all[t]);
      } else {
        const Suggestion again = resumed->ask(1).at(0);
        CHECK(again.configuration == all[t].configuration);
        CHECK(again.decision.phase == all[t].decision.phase);
        replayed_narrowing += again.decision.phase == Decision::Phase::explain ? 1 : 0;
      }
      resumed->tell(told(t, all[t].configuration));
    }
    CHECK(replayed_narrowing > 0);
  }
  CHECK_THROWS_WITH_AS((void)make_optimizer(problem(), ordered_json{{"name", "parego"}, {"explain_share", 0.95}}, "o"),
                       doctest::Contains("o/explain_share"), InvalidInput);
}

TEST_CASE("a model store that is given back what it remembers fits the same models") {
  Loop first(problem(), quick(), 8);
  (void)first.models.fit_objectives(objectives_of(first));
  (void)first.models.fit(objectives_of(first).col(0));
  ordered_json saved = ordered_json::object();
  first.models.save(saved);
  CHECK(saved.at("fits").size() == 6);  // two objectives and a scalarisation, each on two scales
  CHECK_FALSE(saved.contains("feasibility"));

  const auto fitted = [&](Loop& loop) {
    ordered_json all = ordered_json::array();
    for (const auto& surrogate : loop.models.fit_objectives(objectives_of(loop))) all.push_back(surrogate->to_json());
    all.push_back(loop.models.fit(objectives_of(loop).col(1))->to_json());
    return all;
  };
  for (const int completed : {8, 11}) {
    CAPTURE(completed);
    Loop warm(problem(), quick(), completed);
    Loop other(problem(), quick(), completed);
    // Not where a fit would end, so that it shows whether there was one.
    ordered_json& scale = saved["fits"]["f0"]["parameters"]["log_length_scales"][0];
    scale = scale.get<double>() + 0.125;
    const ordered_json copy = ordered_json::parse(saved.dump());
    warm.models.load(JsonReader(copy, "state"));
    other.models.load(JsonReader(saved, "state"));
    CHECK(fitted(warm) == fitted(other));
    ordered_json after = ordered_json::object();
    warm.models.save(after);
    // Where nothing has completed since, an objective's parameters stand.
    CHECK((after.at("fits").at("f0") == saved.at("fits").at("f0")) == (completed == 8));
  }
}

TEST_CASE("a state without a format is read, a newer one and one of another space are refused") {
  const auto record = [](const ordered_json& change) {
    ParEgo optimizer(problem(), HpiParEgoOptions{.parego = quick()});
    ordered_json state;
    Configuration configuration;
    for (std::uint64_t t = 0; t < 7; ++t) {
      const Suggestion s = optimizer.ask(1).at(0);
      if (s.state) state = *s.state;
      configuration = s.configuration;
      optimizer.tell(told(t, configuration));
    }
    CHECK_FALSE(state.contains("format"));
    state.update(change);
    ParEgo resumed(problem(), HpiParEgoOptions{.parego = quick()});
    resumed.replay({.configuration = configuration, .state = std::make_shared<const ordered_json>(state)});
  };
  CHECK_NOTHROW(record(ordered_json::object()));
  CHECK_NOTHROW(record({{"format", 1}}));
  CHECK_THROWS_WITH_AS(record({{"format", 2}}), doctest::Contains("trial 0/state/format"), InvalidInput);
  CHECK_THROWS_WITH_AS(record({{"free", {"z"}}}), doctest::Contains("z"), InvalidInput);
  CHECK_THROWS_WITH_AS(record({{"fits", {{"f0", {{"completed", 3}, {"parameters", "none"}}}}}}),
                       doctest::Contains("parameters"), InvalidInput);
}

TEST_CASE("a composed acquisition is the sum of the logarithms of what there is") {
  class Slope final : public AcquisitionFunction {
   public:
    Eigen::VectorXd values(std::span<const Configuration> configurations) const override {
      Eigen::VectorXd result(static_cast<Eigen::Index>(configurations.size()));
      for (std::size_t i = 0; i < configurations.size(); ++i)
        result[static_cast<Eigen::Index>(i)] = configurations[i][0];
      return result;
    }
    double value_and_gradient(const Configuration&, const Eigen::VectorXd& unit,
                              Eigen::Ref<Eigen::VectorXd> gradient) const override {
      gradient.setZero();
      gradient[0] = 1;
      return unit[0];
    }
  };
  Hyperparameter x = make_float("x", 0, 1);
  x.prior = Prior{Prior::Kind::normal, 0.25, 0.1};
  const auto space = std::make_shared<const SearchSpace>(std::vector{x, make_float("y", 0, 1)});
  const std::optional<ExpertPrior> prior = ExpertPrior::of(*space);
  REQUIRE(prior);
  const std::vector<Configuration> place{Configuration(std::vector<double>{0.5, 0.5})};

  ComposedAcquisition plain(std::make_unique<Slope>(), *space);
  plain.weigh_by_feasibility(nullptr);
  CHECK(plain.function().values(place)[0] == 0.5);
  CHECK_FALSE(plain.feasibility(place[0]));
  CHECK_FALSE(plain.prior(place[0]));

  TrialHistory history({{.name = "f"}});
  for (std::uint64_t t = 0; t < 6; ++t) {
    const Configuration c(std::vector<double>{0.15 * static_cast<double>(t), 0.5});
    history.suggest(t, c);
    history.end({t,
                 c,
                 {.status = t > 3 ? TrialStatus::failed : TrialStatus::completed,
                  .objectives = t > 3 ? Eigen::VectorXd() : Eigen::VectorXd::Ones(1).eval()}});
  }
  FeasibilityModel::Fits fits;
  ComposedAcquisition all(std::make_unique<Slope>(), *space);
  all.weigh_by_feasibility(FeasibilityModel::fit(space, {}, history, {}, fits));
  all.weigh_by_prior(*prior, 0.5);
  REQUIRE(all.feasibility(place[0]));
  REQUIRE(all.prior(place[0]));
  CHECK(*all.feasibility(place[0]) < 1);
  CHECK(*all.prior(place[0]) == 0.5 * prior->log_density(*space, place[0]));
  CHECK(all.function().values(place)[0] ==
        doctest::Approx(0.5 + std::log(*all.feasibility(place[0])) + *all.prior(place[0])).epsilon(1e-12));
}

TEST_CASE("within a slice the search ends where the slice does, whatever it freezes besides") {
  const auto space = std::make_shared<const SearchSpace>(
      std::vector{make_integer("a", 1, 5), make_categorical("b", {Value("u"), Value("v")}), make_float("c", 0, 1)});
  Configuration frozen = space->default_configuration();
  frozen.set(2, 0.25);
  for (const double share : {0.0, 0.95}) {
    for (const bool freezes : {false, true}) {
      CAPTURE(share);
      CAPTURE(freezes);
      OptimizationProblem within{.space = space,
                                 .objectives = {{.name = "f"}, {.name = "g"}},
                                 .initial_configurations = {},
                                 .budget = 20,
                                 .within = Slice(space, {true, true, false}, frozen)};
      const FreezingOptions freezing{
          .schedule = {0.7}, .trusted_gain = 0, .trusted_fit = -10, .least_improvement_share = share};
      const auto optimizer =
          freezes ? make_optimizer(within, HpiParEgoOptions{quick(), freezing}) : make_optimizer(within, quick());
      std::set<std::pair<double, double>> places;
      for (auto asked = optimizer->ask(1); !asked.empty(); asked = optimizer->ask(1)) {
        const Configuration& c = asked[0].configuration;
        CHECK(c[2] == 0.25);
        REQUIRE(places.emplace(c[0], c[1]).second);
        optimizer->tell({asked[0].trial, c, {.objectives = Eigen::Vector2d(c[0], c[1] - c[0])}});
      }
      CHECK(places.size() == 10);
    }
  }
}

TEST_CASE("typed options make the optimizer that the same JSON makes") {
  ParEgoOptions options = quick();
  options.repeats = 0.2;
  const ordered_json json{
      {"initial_trials", 4}, {"repeats", 0.2}, {"acquisition", {{"random_candidates", 50}, {"starts", 1}}}};
  for (const std::string name : {"parego", "hpi-parego"}) {
    CAPTURE(name);
    ordered_json named = json;
    named["name"] = name;
    const auto by_json = make_optimizer(problem(), named, "optimizer");
    const auto by_type = name == "parego" ? make_optimizer(problem(), options)
                                          : make_optimizer(problem(), HpiParEgoOptions{.parego = options});
    CHECK(by_type->name() == name);
    for (std::uint64_t t = 0; t < 12; ++t) {
      const Suggestion s = by_json->ask(1).at(0);
      REQUIRE(by_type->ask(1).at(0).configuration == s.configuration);
      by_json->tell(told(t, s.configuration));
      by_type->tell(told(t, s.configuration));
    }
  }
  CHECK_THROWS_WITH_AS((void)make_optimizer(problem(), HpiParEgoOptions{.freezing = {.hysteresis = 2}}),
                       doctest::Contains("hysteresis"), InvalidInput);
}

}  // namespace turns_test
