#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/report/explanation/explain.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <mutex>
#include <string>
#include <vector>

using namespace hyperego;
using nlohmann::ordered_json;

namespace {

/// "a" matters much for the first objective, "b" for the second, "c" for nothing, "k" never varies.
TrialTable table(int trials = 40) {
  TrialTable result;
  result.space = std::make_shared<const SearchSpace>(
      std::vector{make_float("a", 0, 1), make_float("b", 0, 1),
                  make_categorical("c", {std::string("x"), std::string("y")}), make_float("k", 0, 1)});
  result.objectives = {{.name = "first"}, {.name = "second", .direction = Direction::maximize}};
  const Slice whole(result.space);
  Rng rng(1, "test");
  result.values.resize(trials, 2);
  for (int i = 0; i < trials; ++i) {
    Configuration configuration = *whole.sample(rng);
    configuration.set(3, 0.5);
    result.values(i, 0) = std::pow(configuration[0] - 0.9, 2);
    result.values(i, 1) = configuration[1];
    result.configurations.push_back(configuration);
  }
  return result;
}

ordered_json explained(const ExplainTarget& target, ExplainOptions options = {}) {
  options.samples = options.samples.value_or(300);
  return explain(table(), target, options);
}

double value_of(const ordered_json& json, const char* name) { return json.at("values").at(name).get<double>(); }

}  // namespace

TEST_CASE("the hyperparameter that matters gets the importance, whatever the direction") {
  const ordered_json first = explained({.objective = "first"});
  CHECK(value_of(first, "a") > 0.1);
  CHECK(std::abs(value_of(first, "b")) < 0.1 * value_of(first, "a"));
  CHECK(first.at("values").at("k").is_null());
  CHECK(first.at("notes").dump().find("k is held at the baseline because it never varied") != std::string::npos);
  const ordered_json second = explained({.objective = "second"});
  CHECK(value_of(second, "b") == doctest::Approx(0.5).epsilon(0.1));
  CHECK(second.at("full").get<double>() == doctest::Approx(1).epsilon(0.05));  // raised, as it is maximised
  double sum = 0;
  for (const auto& [name, value] : second.at("values").items()) sum += value.is_null() ? 0.0 : value.get<double>();
  CHECK(sum == doctest::Approx(second.at("full").get<double>() - second.at("empty").get<double>()));
}

TEST_CASE("trade-offs turn from one objective to the other") {
  const ordered_json one = explained({.weights = Eigen::Vector2d(1, 0)});
  const ordered_json other = explained({.weights = Eigen::Vector2d(0, 3)});
  CHECK(value_of(one, "a") > value_of(one, "b"));
  CHECK(value_of(other, "b") > value_of(other, "a"));
  CHECK(other.at("weights") == ordered_json({0.0, 1.0}));
  CHECK(explained({}).at("weights") == ordered_json({0.5, 0.5}));
}

TEST_CASE("every game and its baselines") {
  for (const GameKind kind :
       {GameKind::ablation, GameKind::sensitivity, GameKind::tunability, GameKind::mistunability}) {
    ExplainOptions options;
    options.game = kind;
    const ordered_json json = explained({.objective = "first"}, options);
    CHECK(json.at("baseline").at("a") == 0.5);
    CHECK(json.at("coalitions") == 16);
    CHECK(json.contains("of") == (kind == GameKind::ablation));
  }
  ExplainOptions options;
  options.incumbent_as_baseline = true;
  CHECK(explained({.objective = "first"}, options).at("baseline").at("a").get<double>() > 0.8);
  options.maximum = MaximumKind::sampled;
  options.index = InteractionIndex::fsii;
  options.order = 2;
  CHECK(explained({.objective = "first"}, options).at("values").contains("a,b"));
}

TEST_CASE("the same seed gives the same bytes") {
  ExplainOptions options;
  options.seed = 5;
  options.threads = 1;
  const std::string one = explained({.objective = "first"}, options).dump();
  options.threads = 2;
  CHECK(explained({.objective = "first"}, options).dump() == one);
}

TEST_CASE("a log scale is that of the study") {
  TrialTable trials = table();
  trials.objectives[0].transform = Objective::Transform::log;
  trials.values.col(0).array() += 1;
  const ordered_json json = explain(trials, {.objective = "first"}, {.samples = 300});
  CHECK(json.at("target").at("scale") == "log");
  CHECK(json.at("full").get<double>() == doctest::Approx(0).epsilon(0.01));
  trials.values(0, 0) = -1;
  CHECK(explain(trials, {.objective = "first"}, {.samples = 300}).at("notes").dump().find("without its logarithm") !=
        std::string::npos);
}

TEST_CASE("what cannot be explained is said") {
  CHECK_THROWS_AS((void)explain(table(0), {.objective = "first"}, {}), InvalidInput);
  CHECK_THROWS_AS((void)explained({.objective = "frist"}), InvalidInput);
  CHECK_THROWS_AS((void)explained({.weights = Eigen::Vector3d(1, 1, 1)}), InvalidInput);
  CHECK_THROWS_AS((void)explained({.weights = Eigen::Vector2d(-1, 2)}), InvalidInput);
  CHECK_THROWS_AS((void)explained({.weights = Eigen::Vector2d(0, 0)}), InvalidInput);
  ExplainOptions options;
  options.order = 2;
  CHECK_THROWS_AS((void)explained({}, options), InvalidInput);
  options = {};
  options.of = table().space->default_configuration();
  CHECK_THROWS_AS((void)explained({}, options), InvalidInput);
  options = {};
  options.baselines = {Configuration(4)};
  CHECK_THROWS_AS((void)explained({}, options), InvalidInput);
}

TEST_CASE("one trial is a status, not a division by zero") {
  const ordered_json json = explain(table(1), {.objective = "first"}, {.samples = 50});
  for (const auto& [name, value] : json.at("values").items()) CHECK(value.is_null());
  CHECK(json.at("notes").dump().find("only 1 trial for 4") != std::string::npos);
  CHECK(json.at("notes").dump().find("no better than their mean") != std::string::npos);
}

TEST_CASE("games of several baselines are aggregated") {
  ExplainOptions options;
  options.maximum = MaximumKind::sampled;
  options.samples = 200;
  const std::shared_ptr<const SearchSpace> space = table().space;
  Configuration other = space->default_configuration();
  other.set(0, 0.1);
  const auto with = [&](std::vector<Configuration> baselines, GameAggregate aggregate) {
    options.baselines = std::move(baselines);
    options.aggregate = aggregate;
    return explained({.objective = "first"}, options);
  };
  const Configuration one = space->default_configuration();
  const double first = with({one}, GameAggregate::mean).at("empty").get<double>();
  const double second = with({other}, GameAggregate::mean).at("empty").get<double>();
  CHECK(second < first - 0.3);
  const ordered_json mean = with({one, other}, GameAggregate::mean);
  CHECK(mean.at("empty").get<double>() == doctest::Approx((first + second) / 2));
  CHECK(mean.at("baseline").size() == 2);
  CHECK(mean.at("aggregate") == "mean");
  CHECK(with({one, other}, GameAggregate::min).at("empty").get<double>() == second);
  CHECK(with({one, other}, GameAggregate::max).at("empty").get<double>() == first);
  CHECK(with({one, other}, GameAggregate::variance).at("empty").get<double>() ==
        doctest::Approx(std::pow((first - second) / 2, 2)));
}

TEST_CASE("games of several studies are aggregated, each on a model of its own") {
  TrialTable shifted = table();
  shifted.values.col(0).array() += 10;
  const ExplainOptions options{.samples = 200, .draws = 0, .replicates = 0};
  std::vector<TrialModels> studies;
  studies.emplace_back(table(), ModelKind::gp, 0);
  studies.emplace_back(shifted, ModelKind::gp, 0);
  const double alone = explain(table(), {.objective = "first"}, options).at("full").get<double>();
  const double other = explain(shifted, {.objective = "first"}, options).at("full").get<double>();
  CHECK(other == doctest::Approx(-10).epsilon(0.01));
  const ExplainTarget target{.objective = "first"};
  const ordered_json json = explain(studies, std::span(&target, 1), options).front();
  CHECK(json.at("full").get<double>() == doctest::Approx((alone + other) / 2));
  CHECK(json.at("studies") == 2);
  CHECK(json.at("fit").size() == 2);

  TrialTable stranger = table();
  stranger.space = std::make_shared<const SearchSpace>(
      std::vector{make_float("a", 0, 1), make_float("z", 0, 1),
                  make_categorical("c", {std::string("x"), std::string("y")}), make_float("k", 0, 1)});
  studies.emplace_back(stranger, ModelKind::gp, 0);
  CHECK_THROWS_AS((void)explain(studies, std::span(&target, 1), options), InvalidInput);
}

TEST_CASE("trade-offs explained together are those explained one by one") {
  for (const GameKind kind : {GameKind::ablation, GameKind::sensitivity, GameKind::tunability}) {
    for (const MaximumKind maximum : {MaximumKind::sampled, MaximumKind::optimized}) {
      ExplainOptions options;
      options.game = kind;
      options.maximum = maximum;
      options.samples = 300;  // more than one block of tiles
      options.draws = 2;
      options.replicates = 1;
      std::vector<TrialModels> studies;
      studies.emplace_back(table(), ModelKind::gp, 0);
      std::vector<ExplainTarget> targets;
      for (const Eigen::VectorXd& weights : tradeoffs(2, 4)) targets.push_back({.weights = weights});
      const auto together = explain(studies, targets, options);
      REQUIRE(together.size() == 4);
      for (std::size_t t = 0; t < 4; ++t) {
        CHECK(together[t] == explain(studies, std::span(targets).subspan(t, 1), options).front());
      }
    }
  }
}

TEST_CASE("an optimizer that cannot tune falls short where tuning pays") {
  ExplainOptions options;
  options.game = GameKind::optimizer_bias;
  options.bias = {.optimizer = "random", .ensemble = {"parego"}, .trials = 12};
  const ordered_json json = explained({.objective = "first"}, options);
  CHECK(json.at("empty") == 0);
  CHECK(json.at("full").get<double>() <= 0);
  double sum = 0;
  for (const auto& [name, value] : json.at("values").items()) sum += value.is_null() ? 0.0 : value.get<double>();
  CHECK(sum == doctest::Approx(json.at("full").get<double>()));
  options.bias.ensemble = {"random"};
  const ordered_json same = explained({.objective = "first"}, options);
  for (const auto& [name, value] : same.at("values").items()) CHECK((value.is_null() || value == 0));
  options.bias.optimizer = "randon";
  CHECK_THROWS_AS((void)explained({.objective = "first"}, options), InvalidInput);
}

namespace {

/// 18 hyperparameters; x0 counts most, x1 and x2 only together.
TrialTable wide_table() {
  std::vector<Hyperparameter> hyperparameters;
  for (int i = 0; i < 18; ++i) hyperparameters.push_back(make_float("x" + std::to_string(i), 0, 1));
  TrialTable result;
  result.space = std::make_shared<const SearchSpace>(hyperparameters);
  result.objectives = {{.name = "y"}};
  const Slice whole(result.space);
  Rng rng(3, "wide");
  result.values.resize(60, 1);
  for (Eigen::Index i = 0; i < 60; ++i) {
    const Configuration& c = result.configurations.emplace_back(*whole.sample(rng));
    result.values(i, 0) = -std::sin(2 * c[0]) - c[1] * c[2] + 0.1 * c[3];
  }
  return result;
}

}  // namespace

TEST_CASE("many hyperparameters are explained from a budget of coalitions") {
  ExplainOptions options;
  options.samples = 20;
  options.budget = 800;
  const ordered_json json = explain(wide_table(), {}, options);
  CHECK(json.at("method") == "estimated");
  CHECK(json.at("coalitions").get<int>() <= 800);
  CHECK(json.at("maximum") == "sampled");
  CHECK(value_of(json, "x0") > value_of(json, "x5") + 0.05);
  double sum = 0;
  for (const auto& [name, value] : json.at("values").items()) sum += value.is_null() ? 0.0 : value.get<double>();
  CHECK(sum == doctest::Approx(json.at("full").get<double>() - json.at("empty").get<double>()));
  const ordered_json& interval = json.at("intervals").at("sampling").at("x0");
  CHECK(interval.at(0) <= json.at("values").at("x0"));
  CHECK(interval.at(1) >= json.at("values").at("x0"));
  CHECK_FALSE(json.contains("faithfulness"));

  options.budget.reset();
  options.draws = 2;
  const ordered_json unasked = explain(wide_table(), {}, options);
  CHECK(unasked.at("method") == "estimated");
  CHECK(unasked.at("notes").dump().find("4096 coalitions") != std::string::npos);
  CHECK(unasked.at("intervals").contains("model"));

  options.budget = 1U << 18U;
  options.draws = 0;
  options.game = GameKind::ablation;
  CHECK(explain(wide_table(), {}, options).at("method") == "exact");
  options.exact = true;
  CHECK_THROWS_AS((void)explain(wide_table(), {}, options), InvalidInput);
}

TEST_CASE("the closed form of ablation is the enumerated game") {
  for (const InteractionIndex index : {InteractionIndex::sv, InteractionIndex::bv}) {
    ExplainOptions options;
    options.game = GameKind::ablation;
    options.index = index;
    options.reach = std::numeric_limits<double>::infinity();  // else predictions are no sums of products
    const ordered_json closed = explain(wide_table(), {}, options);
    CHECK(closed.at("method") == "closed form");
    options.exact = true;
    const ordered_json enumerated = explain(wide_table(), {}, options);
    CHECK(enumerated.at("method") == "exact");
    CHECK(enumerated.at("coalitions") == 1 << 18);
    for (const char* end : {"empty", "full"}) {
      CHECK(closed.at(end).get<double>() == doctest::Approx(enumerated.at(end).get<double>()).epsilon(1e-9));
    }
    for (const auto& [name, value] : enumerated.at("values").items()) {
      CHECK(std::abs(value_of(closed, name.c_str()) - value.get<double>()) < 1e-9);
    }
  }
}

TEST_CASE("a forest explains the same") {
  ExplainOptions options;
  options.model = ModelKind::forest;
  for (const GameKind kind : {GameKind::tunability, GameKind::sensitivity, GameKind::ablation}) {
    options.game = kind;
    const ordered_json json = explain(table(80), {.objective = "first"}, options);
    CHECK(value_of(json, "a") > 3 * std::abs(value_of(json, "b")));
    CHECK(json.at("values").at("k").is_null());
    CHECK(json.at("fit").at("model").dump().find("forest") != std::string::npos);
    CHECK(json.at("intervals").contains("model"));
  }
  const ordered_json tradeoff = explain(table(80), {.weights = Eigen::Vector2d(0, 1)}, options);
  CHECK(value_of(tradeoff, "b") > value_of(tradeoff, "a"));
}

TEST_CASE("the interval of the model narrows with more trials") {
  ExplainOptions options;
  options.samples = 200;
  options.replicates = 0;
  const auto width = [&](int trials) {
    const ordered_json json = explain(table(trials), {.objective = "first"}, options);
    const ordered_json& interval = json.at("intervals").at("model").at("a");
    return interval.at(1).get<double>() - interval.at(0).get<double>();
  };
  CHECK(width(6) > 5 * width(60));
}

TEST_CASE("sampling has an interval of its own") {
  ExplainOptions options;
  options.game = GameKind::sensitivity;
  options.samples = 50;
  options.draws = 0;
  options.replicates = 6;
  const ordered_json coarse = explained({.objective = "first"}, options);
  options.samples = 3200;
  const ordered_json fine = explained({.objective = "first"}, options);
  const auto width = [](const ordered_json& json) {
    const ordered_json& interval = json.at("intervals").at("sampling").at("a");
    return interval.at(1).get<double>() - interval.at(0).get<double>();
  };
  CHECK(width(coarse) > 2 * width(fine));
  CHECK(width(fine) > 0);
  CHECK_FALSE(fine.at("intervals").contains("model"));
  options.replicates = 0;
  CHECK(explained({.objective = "first"}, options).at("intervals").empty());
}

TEST_CASE("trade-offs cover the simplex") {
  const auto two = tradeoffs(2, 3);
  REQUIRE(two.size() == 3);
  CHECK(two[0] == Eigen::Vector2d(1, 0));
  CHECK(two[2] == Eigen::Vector2d(0, 1));
  CHECK(tradeoffs(2, 1)[0] == Eigen::Vector2d(0.5, 0.5));
  for (const auto& weights : tradeoffs(3, 7)) CHECK(weights.sum() == doctest::Approx(1));
  CHECK(tradeoffs(3, 7).size() == 7);
  CHECK(tradeoffs(1, 2).size() == 2);
}

TEST_CASE("sums of rounded terms are nothing, and no value of a monotone game is negative") {
  ExplainOptions options;
  options.draws = 8;
  options.replicates = 2;
  for (const ModelKind model : {ModelKind::gp, ModelKind::forest}) {
    CAPTURE(to_string(model));
    options.model = model;
    for (const GameKind kind : {GameKind::tunability, GameKind::mistunability}) {
      CAPTURE(to_string(kind));
      options.game = kind;
      const double sign = kind == GameKind::tunability ? 1 : -1;
      const ordered_json json = explained({.objective = "first"}, options);
      const double full = json.at("full").get<double>();
      const double noise = 1e-12 * (std::abs(full) + std::abs(full - json.at("empty").get<double>()));
      const auto is_clean = [&](const ordered_json& value) { return value == 0 || sign * value.get<double>() > noise; };
      for (const auto& shown : json.at("values").items()) {
        const std::string& name = shown.key();
        const ordered_json& value = shown.value();
        CAPTURE(name);
        if (value.is_null()) continue;  // never varied
        CHECK(is_clean(value));
        for (const char* of : {"model", "sampling"}) {
          const ordered_json& interval = json.at("intervals").at(of).at(name);
          CHECK(is_clean(interval.at(0)));
          CHECK(is_clean(interval.at(1)));
          CHECK(interval.at(0) <= value);
          CHECK(interval.at(1) >= value);
        }
      }
    }
  }
}

TEST_CASE("an explanation tells its phases and ends in any of them where that is asked for") {
  std::vector<std::string> phases;
  std::map<std::string, double> shares;
  ExplainOptions options{.samples = 100, .draws = 3, .replicates = 2};
  const std::string unwatched = explained({.objective = "first"}, options).dump();
  std::mutex mutex;
  options.progress = [&](const ProgressStep& step) {
    const std::lock_guard lock(mutex);
    if (phases.empty() || phases.back() != step.phase) phases.emplace_back(step.phase);
    double& share = shares[std::string(step.phase)];
    share = std::max(share, static_cast<double>(step.done) / static_cast<double>(step.total));
    return true;
  };
  CHECK(explained({.objective = "first"}, options).dump() == unwatched);
  const std::vector<std::string> expected{
      "model of first",         "another model of first",     "game",
      "intervals of the model", "intervals of another model", "intervals of sampling"};
  std::string told;
  for (const std::string& phase : phases) told += phase + "; ";
  CAPTURE(told);
  CHECK(phases == expected);
  for (const auto& reached : shares) {
    CAPTURE(reached.first);
    CHECK(reached.second > 0.3);  // a fit may end early
    CHECK(reached.second <= 1);
    if (reached.first != expected.front()) CHECK(reached.second > 0.9);
  }
  for (const std::string& last : expected) {
    options.progress = [&](const ProgressStep& step) { return step.phase != last; };
    CHECK_THROWS_AS((void)explained({.objective = "first"}, options), Stopped);
  }
  options.progress = [&](const ProgressStep& step) { return step.phase != "game" || 2 * step.done < step.total; };
  options.game = GameKind::optimizer_bias;
  options.bias.trials = 5;
  CHECK_THROWS_AS((void)explained({.objective = "first"}, options), Stopped);
  options.game = GameKind::tunability;
  options.budget = 12;
  CHECK_THROWS_AS((void)explained({.objective = "first"}, options), Stopped);
}

TEST_CASE("a list of samples is what games are played with, and nothing else") {
  const TrialTable trials = table();
  ExplainOptions options;
  options.maximum = MaximumKind::sampled;
  options.draws = options.permutations = 0;
  Configuration only = trials.space->default_configuration();
  only.set(0, 0.7);
  options.sample_list = {only};
  const ordered_json json = explain(trials, {.objective = "first"}, options);
  CHECK(json.at("samples") == 1);
  CHECK(value_of(json, "a") > 0);
  CHECK(value_of(json, "b") == 0);  // its only sample has the baseline's value
  CHECK_FALSE(json.at("intervals").contains("sampling"));
  TrialModels models(trials, ModelKind::gp, 0);
  const std::vector<Configuration> ends{only, trials.space->default_configuration()};
  const Eigen::VectorXd predicted = models.objective(0).predictor().predict(ends);
  CHECK(json.at("full").get<double>() == doctest::Approx(-predicted[0]));
  CHECK(json.at("empty").get<double>() == doctest::Approx(-predicted[1]));
  options.samples = 10;
  CHECK_THROWS_WITH_AS((void)explain(trials, {.objective = "first"}, options), doctest::Contains("samples"),
                       InvalidInput);
  options.samples.reset();
  options.game = GameKind::ablation;
  CHECK_THROWS_WITH_AS((void)explain(trials, {.objective = "first"}, options), doctest::Contains("samples"),
                       InvalidInput);
}

TEST_CASE("more hyperparameters than a game can have are ranked, and the answer says so") {
  std::vector<Hyperparameter> parameters;
  for (int i = 0; i < 70; ++i) parameters.push_back(make_float("x" + std::to_string(i), 0, 1));
  TrialTable trials{std::make_shared<const SearchSpace>(parameters), {{.name = "y"}, {.name = "z"}}, {}, {}};
  trials.values.resize(80, 2);
  const Slice whole(trials.space);
  for (int k = 0; k < 80; ++k) {
    Rng rng(2, "many", static_cast<std::uint64_t>(k));
    Configuration c = whole.sample(rng).value();
    c.set(69, 0.5);
    trials.values(k, 0) = 3 * c[65] + std::pow(c[3], 2);
    trials.values(k, 1) = 3 * c[10];
    trials.configurations.push_back(std::move(c));
  }
  ExplainOptions options;
  options.draws = 4;
  const ordered_json json = explain(trials, {.objective = "y"}, options);
  CHECK(json.at("game") == "total_sensitivity");
  CHECK(json.at("values").at("x69").is_null());
  CHECK(value_of(json, "x65") > 0.5);
  CHECK(value_of(json, "x3") > value_of(json, "x10"));
  CHECK(json.at("notes").dump().find("more than the 63 that a game can have") != std::string::npos);
  CHECK(json.at("summary").get<std::string>().find("x65 matters most") == 0);
  CHECK(json.at("intervals").at("model").at("x65").at(0).get<double>() <= value_of(json, "x65"));
  const ordered_json both = explain(trials, {.weights = Eigen::Vector2d(0, 1)}, options);
  CHECK(value_of(both, "x10") > 0.5);
  options.suggest = 1;
  CHECK_THROWS_WITH_AS((void)explain(trials, {.objective = "y"}, options), doctest::Contains("suggest"), InvalidInput);
}
