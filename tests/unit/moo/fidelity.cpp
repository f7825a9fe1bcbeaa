// Trials below full fidelity: what is known of them, what one is worth, rungs and promotions, and ParEGO with them.
#include <hyperego/core/error.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/moo/fidelity/chance.hpp>
#include <hyperego/moo/fidelity/look.hpp>
#include <hyperego/moo/fidelity/prior_band.hpp>
#include <hyperego/moo/fidelity/rungs.hpp>
#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>
#include <hyperego/moo/trials/partial_trials.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <memory>
#include <string>
#include <vector>

using namespace hyperego;

namespace fidelity_test {
namespace {

Fidelity epochs(Fidelity::Training training = Fidelity::Training::continues) {
  return {.name = "epochs", .least = 1, .full = 27, .integer = true, .log = true, .training = training};
}

std::vector<Objective> two_objectives() { return {{.name = "error"}, {.name = "size"}}; }

std::shared_ptr<const SearchSpace> square() {
  return std::make_shared<const SearchSpace>(
      std::vector<Hyperparameter>{make_float("a", 0, 1), make_float("b", 0, 1), make_float("c", 0, 1)});
}

Configuration at(double a, double b, double c = 0.5) {
  Configuration configuration(3);
  configuration.set(0, a);
  configuration.set(1, b);
  configuration.set(2, c);
  return configuration;
}

Trial ended(std::uint64_t number, const Configuration& configuration, std::optional<double> fidelity, double error,
            double size) {
  Trial trial{.number = number, .configuration = configuration, .fidelity = fidelity};
  trial.outcome.objectives = Eigen::Vector2d(error, size);
  return trial;
}

/// Two objectives whose values at few epochs are those in full and a bias that shrinks; `sign` −1: the opposite.
Eigen::VectorXd trained(const Configuration& configuration, double fidelity, double sign = 1) {
  const double a = configuration[0];
  const double b = configuration[1];
  Eigen::Vector2d full(a * a + (b - 0.3) * (b - 0.3), (a - 1) * (a - 1) + 0.5 * (b - 0.3) * (b - 0.3));
  if (fidelity >= 27) return full;
  return (sign * full.array() + (0.2 + 0.1 * b) * std::log(27 / fidelity)).matrix();
}

OptimizationProblem mf_problem(std::uint64_t seed) {
  OptimizationProblem problem{.space = square(), .objectives = two_objectives(), .initial_configurations = {}};
  problem.budget = 1000;
  problem.seed = seed;
  problem.fidelity = epochs();
  problem.cost_budget = 12;
  return problem;
}

Trial evaluated(const Suggestion& suggestion, double sign = 1) {
  Trial trial{.number = suggestion.trial,
              .configuration = suggestion.configuration,
              .fidelity = suggestion.fidelity,
              .continues = suggestion.continues};
  trial.outcome.objectives = trained(suggestion.configuration, suggestion.fidelity.value_or(27), sign);
  trial.outcome.cost = suggestion.decision.fidelity->cost;
  return trial;
}

/// The suggestions until `cost` is spent.
std::vector<Suggestion> run_until(Optimizer& optimizer, double cost, double sign = 1) {
  std::vector<Suggestion> suggestions;
  for (double spent = 0; spent < cost;) {
    const Suggestion suggestion = optimizer.ask(1).at(0);
    const Trial trial = evaluated(suggestion, sign);
    spent += *trial.outcome.cost;
    optimizer.tell(trial);
    suggestions.push_back(suggestion);
  }
  return suggestions;
}

std::unique_ptr<Optimizer> mf_optimizer(std::uint64_t seed, nlohmann::ordered_json options = {{"name", "hpi-parego"}}) {
  return make_optimizer(mf_problem(seed), options, "optimizer");
}

/// A process on thirty places in full, with a given range of what fidelities tell.
std::shared_ptr<const GaussianProcessSurrogate> model_that_tells(double log_length_scale, double log_drift,
                                                                 std::size_t objective) {
  std::vector<Configuration> places;
  Eigen::VectorXd targets(12);
  for (int k = 0; k < 12; ++k) {
    places.push_back(at(0.08 * k, std::fmod(0.37 * k, 1.0), std::fmod(0.61 * k, 1.0)));
    targets[k] = trained(places.back(), 27)[static_cast<Eigen::Index>(objective)];
  }
  GaussianProcessParameters parameters{
      .log_signal_variance = 0, .log_length_scales = Eigen::Vector3d(-0.7, -0.7, -0.7), .log_noise_variance = -10};
  parameters.fidelity = FidelityParameters{log_length_scale, log_drift};
  Eigen::VectorXd distances = Eigen::VectorXd::Zero(12);
  return std::make_shared<const GaussianProcessSurrogate>(
      GaussianProcessSurrogate::condition(square(), places, targets, parameters, {}, distances));
}

double below_zero(const Eigen::VectorXd& mean, const Eigen::VectorXd& deviation) {
  // log E max(0, −max_j f_j) to the first order: the larger of the objectives decides.
  Eigen::Index worst = 0;
  const double m = mean.maxCoeff(&worst);
  const double s = deviation[worst];
  const double z = -m / s;
  const double density = std::exp(-0.5 * z * z) / std::sqrt(2 * std::acos(-1.0));
  return std::log(std::max(s * (z * 0.5 * std::erfc(-z / std::sqrt(2.0)) + density), 1e-300));
}

}  // namespace

TEST_CASE("partial trials know where configurations stand and what it cost") {
  PartialTrials trials(two_objectives(), epochs());
  trials.suggest(0, at(0.1, 0.2), 3);
  CHECK_FALSE(trials.standing(at(0.1, 0.2))->can_go_on());
  trials.end(ended(0, at(0.1, 0.2), 3.0, 1, 2));
  const PartialTrials::Standing& standing = *trials.standing(at(0.1, 0.2));
  CHECK(standing.can_go_on());
  CHECK(standing.reached == 3);
  CHECK(standing.trial == 0);
  CHECK(trials.spent() == doctest::Approx(3.0 / 27));
  CHECK(trials.cost(9, &standing) == doctest::Approx(6.0 / 27));
  CHECK(trials.cost(9, nullptr) == doctest::Approx(9.0 / 27));

  PartialTrials anew(two_objectives(), epochs(Fidelity::Training::restarts));
  anew.end(ended(0, at(0.1, 0.2), 3.0, 1, 2));
  CHECK(anew.cost(9, anew.standing(at(0.1, 0.2))) == doctest::Approx(9.0 / 27));

  Trial goes_on = ended(1, at(0.1, 0.2), 9.0, 0.5, 2);
  goes_on.continues = 0;
  trials.suggest(1, at(0.1, 0.2), 9);
  trials.end(goes_on);
  CHECK(trials.spent() == doctest::Approx(9.0 / 27));
  CHECK(trials.observations().minimised.rows() == 2);

  Trial failed = ended(2, at(0.1, 0.2), std::nullopt, 0, 0);
  failed.outcome = {.status = TrialStatus::failed};
  trials.end(failed);
  CHECK_FALSE(trials.standing(at(0.1, 0.2))->can_go_on());
  CHECK(trials.observations().minimised.rows() == 2);
}

TEST_CASE("measured costs follow the power law of the trials that began from scratch") {
  Fidelity measured = epochs();
  measured.cost_is_measured = true;
  PartialTrials trials(two_objectives(), measured);
  CHECK(trials.cost(9, nullptr) == doctest::Approx(1.0 / 3));
  for (const double epoch : {1.0, 3.0, 27.0}) {
    Trial trial = ended(static_cast<std::uint64_t>(epoch), at(epoch / 27, 0), epoch, 1, 1);
    trial.outcome.cost = 1.2 * std::sqrt(epoch / 27);
    trials.end(trial);
  }
  CHECK(trials.cost(9, nullptr) == doctest::Approx(1.2 * std::sqrt(1.0 / 3)));
  CHECK(trials.cost(27, trials.standing(at(3.0 / 27, 0))) == doctest::Approx(1.2 * (1 - 1.0 / 3)));
}

TEST_CASE("reports of stopped trials are data, and few of many are kept") {
  PartialTrials trials(two_objectives(), epochs());
  Trial stopped{.number = 4, .configuration = at(0.4, 0.4)};
  stopped.outcome = {.status = TrialStatus::stopped};
  for (int e = 1; e <= 20; ++e) {
    stopped.outcome.reports.push_back({.fidelity = static_cast<double>(e), .objectives = Eigen::Vector2d(30 - e, 1)});
  }
  trials.end(stopped);
  CHECK(trials.number_observed() == 20);
  CHECK_FALSE(trials.standing(at(0.4, 0.4))->can_go_on());
  const PartialTrials::Observations kept = trials.observations(3);
  REQUIRE(kept.minimised.rows() == 3);
  CHECK(kept.minimised(0, 0) == 29);
  CHECK(kept.minimised(2, 0) == 10);
  CHECK(kept.distances[0] == doctest::Approx(1));
  CHECK(kept.distances[0] > kept.distances[1]);
  CHECK(kept.distances[1] > kept.distances[2]);
}

TEST_CASE("a look is worth its cost where it tells of the full fidelity, and nothing else is looked at") {
  PartialTrials trials(two_objectives(), epochs());
  const Configuration place = at(0.9, 0.05, 0.9);
  const auto best = [&](double log_length_scale, double log_drift) {
    const Looks looks(
        trials, {model_that_tells(log_length_scale, log_drift, 0), model_that_tells(log_length_scale, log_drift, 1)},
        below_zero);
    return looks.best(place);
  };
  const Look told = best(std::log(3.0), std::log(1e-3));
  CHECK_FALSE(told.is_full);
  CHECK(told.cost < 0.5);
  CHECK(told.correlation > 0.7);
  CHECK(told.share_going_on < 1);
  const Look untold = best(std::log(0.03), std::log(1e-3));
  CHECK(untold.is_full);
  CHECK(untold.cost == doctest::Approx(1));
}

TEST_CASE("a look that begins anew must pay for the full evaluation that follows") {
  const Configuration place = at(0.9, 0.05, 0.9);
  const auto rate = [&](Fidelity::Training training) {
    PartialTrials trials(two_objectives(), epochs(training));
    const Looks looks(trials, {model_that_tells(0.5, -3, 0), model_that_tells(0.5, -3, 1)}, below_zero);
    return looks.best(place).log_rate;
  };
  CHECK(rate(Fidelity::Training::continues) >= rate(Fidelity::Training::restarts));
}

TEST_CASE("rungs, their starting shares and promotions by fronts and crowding") {
  CHECK(rungs_of(epochs(), 3) == std::vector<double>{1, 3, 9, 27});
  const Fidelity share{.name = "share", .least = 0.2, .full = 1};
  CHECK(rungs_of(share, 3).size() == 2);
  const Eigen::VectorXd shares = starting_shares(4, 3);
  CHECK(shares.sum() == doctest::Approx(1));
  // Hyperband with R = 27, η = 3: 27, 12, 6, 4 configurations.
  CHECK(shares[0] / shares[3] == doctest::Approx(27.0 / 4));
  CHECK(shares[1] / shares[3] == doctest::Approx(12.0 / 4));

  Eigen::MatrixXd points(5, 2);
  points << 3, 3, 0, 2, 1, 1, 2, 0, 4, 4;
  CHECK(best_first(points) == std::vector<std::size_t>{1, 3, 2, 0, 4});

  PartialTrials trials(two_objectives(), epochs());
  for (std::uint64_t k = 0; k < 5; ++k) {
    trials.end(ended(k, at(0.1 * static_cast<double>(k), 0), 1.0, points(static_cast<Eigen::Index>(k), 0),
                     points(static_cast<Eigen::Index>(k), 1)));
    if (k == 1) CHECK_FALSE(next_promotion(trials, rungs_of(epochs(), 3), 3, false));
  }
  const auto promotion = next_promotion(trials, rungs_of(epochs(), 3), 3, false);
  REQUIRE(promotion);
  CHECK(promotion->configuration == at(0.1, 0));
  CHECK(promotion->rung == 1);
  CHECK(promotion->competitors == 5);
  // Pending at the next rung: a third of five is one, so no other goes.
  trials.suggest(5, at(0.1, 0), 3);
  CHECK_FALSE(next_promotion(trials, rungs_of(epochs(), 3), 3, false));
}

TEST_CASE("PriorBand draws uniformly with 1/(1 + η^r), and believes whoever explains the best") {
  const SearchSpace plain = *square();
  const std::vector<Configuration> front{at(0.2, 0.2, 0.2)};
  CHECK(prior_band_shares(0, 3, plain, nullptr, {}, {}).uniform == 1);
  const PriorBandShares around = prior_band_shares(2, 3, plain, nullptr, front, front);
  CHECK(around.uniform == doctest::Approx(0.1));
  CHECK(around.incumbents == doctest::Approx(0.9));

  std::vector<Hyperparameter> hyperparameters{make_float("a", 0, 1), make_float("b", 0, 1), make_float("c", 0, 1)};
  hyperparameters[0].prior = Prior{.kind = Prior::Kind::normal, .first = 0.9, .second = 0.05};
  const SearchSpace believed(hyperparameters);
  const auto prior = ExpertPrior::of(believed);
  REQUIRE(prior);
  const PriorBandShares wrong = prior_band_shares(1, 3, believed, &*prior, front, front);
  CHECK(wrong.prior < 0.1 * wrong.incumbents);
  const std::vector<Configuration> there{at(0.9, 0.5, 0.5)};
  const PriorBandShares right = prior_band_shares(1, 3, believed, &*prior, there, there);
  CHECK(right.prior > 5 * wrong.prior);
  CHECK(right.uniform + right.prior + right.incumbents == doctest::Approx(1));
}

TEST_CASE("the chance to improve a front is that of the posterior") {
  const std::vector<std::shared_ptr<const GaussianProcessSurrogate>> models{model_that_tells(0, -3, 0),
                                                                            model_that_tells(0, -3, 1)};
  const Configuration known = at(0.08 * 3, std::fmod(0.37 * 3, 1.0), std::fmod(0.61 * 3, 1.0));
  const Eigen::VectorXd value = trained(known, 27);
  Eigen::MatrixXd front(1, 2);
  front.row(0) = value.transpose().array() - 0.2;
  CHECK(chance_to_improve(models, known, front) < 0.01);
  front.row(0) = value.transpose().array() + 0.2;
  CHECK(chance_to_improve(models, known, front) > 0.99);
  CHECK(chance_to_improve(models, known, Eigen::MatrixXd(0, 2)) == 1);
  // One objective decides, and the front lies at its mean: one half.
  const Configuration unknown = at(0.95, 0.95, 0.05);
  const double mean = models[0]->predict(std::span(&unknown, 1))[0];
  front.row(0) << mean, -100;
  CHECK(chance_to_improve(models, unknown, front) == doctest::Approx(0.5).epsilon(0.05));
}

TEST_CASE("ParEGO looks first, goes on from where a configuration stands, and ends in full") {
  const auto optimizer = mf_optimizer(1);
  const std::vector<Suggestion> suggestions = run_until(*optimizer, 12);
  std::size_t looks = 0;
  std::size_t continued = 0;
  std::size_t full_late = 0;
  double spent = 0;
  std::vector<Suggestion> before;
  for (const Suggestion& suggestion : suggestions) {
    REQUIRE(suggestion.decision.fidelity);
    const Decision::FidelityChoice& choice = *suggestion.decision.fidelity;
    CHECK(choice.value == suggestion.fidelity.value_or(27));
    CHECK_FALSE(choice.reason.empty());
    if (suggestion.fidelity) ++looks;
    if (!suggestion.fidelity && spent > 6) ++full_late;
    if (suggestion.continues) {
      ++continued;
      const Suggestion& last = before.at(*suggestion.continues);
      CHECK(last.configuration == suggestion.configuration);
      CHECK(choice.cost == doctest::Approx((choice.value - *last.fidelity) / 27));
    }
    spent += choice.cost;
    before.push_back(suggestion);
  }
  CHECK(looks > 5);
  CHECK(continued >= 3);
  CHECK(full_late >= 3);
  CHECK(suggestions.front().fidelity == 1);
}

TEST_CASE("a study below full fidelity is replayed to the bit") {
  for (const char* how : {"model", "hyperband"}) {
    const nlohmann::ordered_json options{{"name", "hpi-parego"}, {"fidelity", how}};
    const auto whole = mf_optimizer(2, options);
    const std::vector<Suggestion> suggestions = run_until(*whole, 6);
    const auto again = mf_optimizer(2, options);
    for (const Suggestion& suggestion : suggestions) {
      again->replay(suggestion);
      again->tell(evaluated(suggestion));
    }
    for (int k = 0; k < 3; ++k) {
      const Suggestion a = whole->ask(1).at(0);
      const Suggestion b = again->ask(1).at(0);
      CHECK(a.configuration == b.configuration);
      CHECK(a.fidelity == b.fidelity);
      CHECK(a.continues == b.continues);
      CHECK(a.decision.fidelity->reason == b.decision.fidelity->reason);
      whole->tell(evaluated(a));
      again->tell(evaluated(b));
    }
  }
}

TEST_CASE("of a fidelity that says the opposite little is bought") {
  const auto optimizer = mf_optimizer(3);
  const std::vector<Suggestion> suggestions = run_until(*optimizer, 12, -1);
  double looks = 0;
  double all = 0;
  for (const Suggestion& suggestion : suggestions) {
    const double cost = suggestion.decision.fidelity->cost;
    all += cost;
    const bool designed = suggestion.decision.phase == Decision::Phase::initial;
    if (suggestion.fidelity && !designed) looks += cost;
  }
  CHECK(looks < 0.1 * all);
}

TEST_CASE(
    "with workers no configuration is asked for twice at a time, and what is pending is believed at its fidelity") {
  const auto optimizer = mf_optimizer(4);
  run_until(*optimizer, 5);
  const std::vector<Suggestion> batch = optimizer->ask(4);
  REQUIRE(batch.size() == 4);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) CHECK_FALSE(batch[i].configuration == batch[k].configuration);
  }
}

TEST_CASE("a running trial that cannot improve the front does not go on, where the options say so") {
  const nlohmann::ordered_json options{{"name", "hpi-parego"}, {"stop_below", 0.05}};
  const auto optimizer = mf_optimizer(5, options);
  run_until(*optimizer, 6);
  const Suggestion running = optimizer->ask(1).at(0);
  CHECK(optimizer->goes_on(running.trial).goes_on);
  optimizer->report(running.trial, {.fidelity = 9, .objectives = trained(at(1, 1), 9)});
  optimizer->report(running.trial, {.fidelity = 20, .objectives = trained(at(1, 1), 20).array() + 1});
  const Continuation bad = optimizer->goes_on(running.trial);
  CHECK_FALSE(bad.goes_on);
  CHECK(bad.chance < 0.05);
  CHECK(bad.reason.find("stop_below") != std::string::npos);
  CHECK(mf_optimizer(5)->goes_on(0).goes_on);
}

TEST_CASE("options that do not go with a fidelity are refused with a remedy") {
  CHECK_THROWS_WITH_AS(mf_optimizer(1, {{"name", "hpi-parego"}, {"surrogate", "forest"}}),
                       doctest::Contains("hyperband"), InvalidInput);
  CHECK_THROWS_WITH_AS(mf_optimizer(1, {{"name", "hpi-parego"}, {"eta", 3}}), doctest::Contains("hyperband"),
                       InvalidInput);
  const auto full = mf_optimizer(1, {{"name", "hpi-parego"}, {"fidelity", "full"}});
  CHECK_FALSE(full->ask(1).at(0).fidelity);
}

}  // namespace fidelity_test
