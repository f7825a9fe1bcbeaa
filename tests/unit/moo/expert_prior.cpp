#include <hyperego/core/error.hpp>
#include <hyperego/moo/acquisition/expert_prior.hpp>
#include <hyperego/moo/front/hypervolume.hpp>
#include <hyperego/moo/optimizer/optimizer.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

using namespace hyperego;
using nlohmann::ordered_json;

namespace expert_prior_test {
namespace {

Hyperparameter believed(Hyperparameter hyperparameter, Prior::Kind kind, double first, double second) {
  hyperparameter.prior = Prior{kind, first, second};
  return hyperparameter;
}

/// One of every kind that can have a prior, and one without.
std::shared_ptr<const SearchSpace> every_prior() {
  return std::make_shared<const SearchSpace>(
      std::vector{believed(make_float("normal", -1, 3), Prior::Kind::normal, 0.5, 0.4),
                  believed(make_float("log_normal", 1e-4, 1, true), Prior::Kind::normal, std::log(1e-2), 1),
                  believed(make_float("beta", 0, 10), Prior::Kind::beta, 2, 5),
                  believed(make_integer("count", 1, 64, true), Prior::Kind::normal, std::log(8.0), 0.5),
                  make_categorical("choice", {Value("a"), Value("b"), Value("c")}, std::nullopt, {1, 0, 3}),
                  make_float("open", 0, 1)});
}

Configuration with(const SearchSpace& space, std::size_t i, double unit) {
  Eigen::VectorXd u = space.encode(space.default_configuration());
  u[static_cast<Eigen::Index>(i)] = unit;
  return space.decode(u);
}

constexpr int variables = 4;

/// x trades the objectives off, the others are best at 0.3. `mean`: where an expert believes them to be best.
std::shared_ptr<const SearchSpace> trade_off(std::optional<double> mean) {
  std::vector<Hyperparameter> h{make_float("x", 0, 1)};
  for (int i = 0; i < variables; ++i) {
    Hyperparameter y = make_float("y" + std::to_string(i), 0, 1);
    h.push_back(mean ? believed(std::move(y), Prior::Kind::normal, *mean, 0.1) : std::move(y));
  }
  return std::make_shared<const SearchSpace>(std::move(h));
}

Eigen::VectorXd evaluate(const Configuration& c) {
  double distance = 0;
  for (std::size_t i = 1; i <= variables; ++i) distance += std::abs(c[i] - 0.3) + 0.1 * std::sin(20 * c[i]);
  return Eigen::Vector2d(c[0] + distance, 1 - std::sqrt(c[0]) + distance);
}

struct Played {
  std::vector<Suggestion> suggestions;
  std::vector<double> hypervolume;  // after every trial
};

Played played(const std::shared_ptr<const SearchSpace>& space, const ordered_json& options, std::uint64_t seed,
              int trials, std::uint64_t budget = 50) {
  const auto optimizer = make_optimizer({.space = space,
                                         .objectives = {{.name = "f"}, {.name = "g"}},
                                         .initial_configurations = {},
                                         .budget = budget,
                                         .seed = seed},
                                        options, "optimizer");
  Played result;
  Eigen::MatrixXd points(trials, 2);
  for (int t = 0; t < trials; ++t) {
    Suggestion asked = optimizer->ask(1).at(0);
    points.row(t) = evaluate(asked.configuration).transpose();
    optimizer->tell({asked.trial, asked.configuration, {.objectives = points.row(t).transpose()}});
    result.hypervolume.push_back(hypervolume(points.topRows(t + 1), Eigen::Vector2d(2, 2)));
    result.suggestions.push_back(std::move(asked));
  }
  return result;
}

ordered_json quick(const std::string& name = "parego") {
  return {{"name", name}, {"acquisition", {{"random_candidates", 300}, {"starts", 3}}}};
}

}  // namespace

TEST_CASE("priors are densities relative to uniform sampling") {
  const auto space = every_prior();
  const auto prior = ExpertPrior::of(*space);
  REQUIRE(prior);
  for (const std::size_t i : {0U, 1U, 2U, 4U}) {
    CAPTURE(i);
    const int cells = i == 4 ? 3 : 4000;
    const double others = prior->log_density(*space, with(*space, i, 0.5));
    double mass = 0;
    for (int k = 0; k < cells; ++k) mass += std::exp(prior->log_density(*space, with(*space, i, (k + 0.5) / cells)));
    // The others sit at their defaults throughout: dividing by what they say leaves the marginal.
    Eigen::VectorXd unit = space->encode(with(*space, i, 0.5));
    Eigen::VectorXd gradient(6);
    CHECK(prior->log_density_and_gradient(*space, with(*space, i, 0.5), unit, gradient) ==
          doctest::Approx(others).epsilon(1e-12));
    Configuration without = with(*space, i, 0.5);
    without.unset(i);
    CHECK(mass / cells == doctest::Approx(std::exp(prior->log_density(*space, without))).epsilon(1e-4));
  }
  // Nothing is ruled out: a choice of weight 0 has a hundredth of its uniform share left.
  Configuration zero = space->default_configuration();
  const double with_it = prior->log_density(*space, zero);
  zero.set(4, 1);
  const double ruled_out = prior->log_density(*space, zero);
  CHECK(with_it - ruled_out == doctest::Approx(std::log((0.99 * 2.25 + 0.01) / 0.01)));
}

TEST_CASE("the derivative of the prior is that of finite differences") {
  const auto space = every_prior();
  const auto prior = ExpertPrior::of(*space);
  const Configuration at = space->default_configuration();
  Eigen::VectorXd gradient(6);
  Eigen::VectorXd ignored(6);
  for (const double place : {0.02, 0.3, 0.71, 0.97}) {
    const Eigen::VectorXd unit = Eigen::VectorXd::Constant(6, place);
    (void)prior->log_density_and_gradient(*space, at, unit, gradient);
    for (Eigen::Index i = 0; i < 6; ++i) {
      CAPTURE(place);
      CAPTURE(i);
      const double h = 1e-6;
      Eigen::VectorXd up = unit;
      Eigen::VectorXd down = unit;
      up[i] += h;
      down[i] -= h;
      const double difference = (prior->log_density_and_gradient(*space, at, up, ignored) -
                                 prior->log_density_and_gradient(*space, at, down, ignored)) /
                                (2 * h);
      CHECK(gradient[i] == doctest::Approx(difference).epsilon(1e-5));
    }
  }
}

TEST_CASE("drawing by the quantile function follows the density") {
  const auto space = every_prior();
  const auto prior = ExpertPrior::of(*space);
  const int draws = 2000;
  int below_mean = 0;
  int second_choice = 0;
  int third_choice = 0;
  double beta_sum = 0;
  for (int k = 0; k < draws; ++k) {
    const Configuration c = space->decode(prior->quantile(Eigen::VectorXd::Constant(6, (k + 0.5) / draws)));
    below_mean += c[1] < 1e-2 ? 1 : 0;
    beta_sum += c[2] / 10;
    second_choice += c[4] == 1 ? 1 : 0;
    third_choice += c[4] == 2 ? 1 : 0;
  }
  CHECK(below_mean == draws / 2);  // the bounds are 4.6 deviations away on either side
  CHECK(beta_sum / draws == doctest::Approx(2.0 / 7).epsilon(1e-3));
  CHECK(second_choice == 0);
  CHECK(third_choice == 3 * draws / 4);
  const Configuration mode = space->decode(prior->mode(*space));
  CHECK(mode[0] == doctest::Approx(0.5));
  CHECK(mode[1] == doctest::Approx(1e-2));
  CHECK(mode[2] == doctest::Approx(2));
  CHECK(mode[3] == 8);
  CHECK(mode[4] == 2);
}

TEST_CASE("a prior that says nothing is none, and one that cannot be computed is refused by name") {
  CHECK_FALSE(ExpertPrior::of(*trade_off(std::nullopt)));
  CHECK_FALSE(ExpertPrior::of(SearchSpace({believed(make_float("x", 0, 1), Prior::Kind::beta, 1, 1),
                                           make_categorical("c", {Value("a"), Value("b")}, std::nullopt, {2, 2})})));
  CHECK_THROWS_WITH_AS(
      (void)ExpertPrior::of(SearchSpace({believed(make_float("x", 0, 1), Prior::Kind::normal, 2, 1e-300)})),
      doctest::Contains("prior of \"x\": is too narrow"), InvalidInput);
}

TEST_CASE("without priors the suggestions are the same to the byte, and \"priors\": false means without") {
  ordered_json off = quick("hpi-parego");
  off["priors"] = false;
  const Played plain = played(trade_off(std::nullopt), quick("hpi-parego"), 3, 22, 24);
  const Played blind = played(trade_off(0.3), off, 3, 22, 24);
  const Played believing = played(trade_off(0.3), quick("hpi-parego"), 3, 22, 24);
  bool differs = false;
  for (std::size_t t = 0; t < 22; ++t) {
    CAPTURE(t);
    CHECK(plain.suggestions[t].configuration == blind.suggestions[t].configuration);
    CHECK((plain.suggestions[t].state ? plain.suggestions[t].state->dump() : "") ==
          (blind.suggestions[t].state ? blind.suggestions[t].state->dump() : ""));
    CHECK_FALSE(blind.suggestions[t].decision.prior);
    const bool by_model = believing.suggestions[t].decision.phase != Decision::Phase::initial;
    CHECK(believing.suggestions[t].decision.prior.has_value() == by_model);
    differs = differs || !(believing.suggestions[t].configuration == plain.suggestions[t].configuration);
  }
  CHECK(differs);
}

TEST_CASE("a good prior speeds the search up, and a wrong one is overcome") {
  // Mean hypervolumes over the seeds after 18 and after 60 trials of 60; the wrong expert is three deviations off in
  // every variable, at a place where the distance alone leaves no hypervolume.
  Eigen::Array2d none = Eigen::Array2d::Zero();
  Eigen::Array2d good = Eigen::Array2d::Zero();
  Eigen::Array2d wrong = Eigen::Array2d::Zero();
  Eigen::Array2d stubborn = Eigen::Array2d::Zero();  // the wrong expert at the strength of the πBO paper
  ordered_json strong = quick();
  strong["prior_strength"] = 6;
  const int seeds = 3;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const auto add = [&](Eigen::Array2d& sum, std::optional<double> mean, const ordered_json& options = quick()) {
      const Played game = played(trade_off(mean), options, seed, 60, 60);
      sum += Eigen::Array2d(game.hypervolume[17], game.hypervolume[59]) / seeds;
    };
    add(none, std::nullopt);
    add(good, 0.32);
    add(wrong, 0.6);
    add(stubborn, 0.6, strong);
  }
  CAPTURE(none);
  CAPTURE(good);
  CAPTURE(wrong);
  CAPTURE(stubborn);
  CHECK(good[0] > 1.3 * none[0]);
  CHECK(wrong[0] < good[0]);  // it was followed
  // It still costs a quarter of the hypervolume at the end (eight seeds: .77 of that without a prior), the stronger one
  // nearly half.
  CHECK(wrong[1] > stubborn[1]);
}

}  // namespace expert_prior_test
