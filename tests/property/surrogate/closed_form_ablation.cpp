// The closed form of the ablation game against the game played on all coalitions.
#include <hyperego/core/error.hpp>
#include <hyperego/shapley/game/game.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>
#include <hyperego/surrogate/gaussian_process/closed_form_ablation.hpp>

#include <doctest/doctest.h>

#include "unit/surrogate/surrogate_spaces.hpp"
#include <cmath>
#include <string>
#include <vector>

using namespace hyperego;

namespace {

GaussianProcessSurrogate product_surrogate(const std::shared_ptr<const SearchSpace>& space,
                                           double log_length_scale = 0.3,
                                           const GaussianProcessSurrogateOptions& options = {}) {
  const auto configurations = test::sample_space(space, 40, 61);
  const auto p = InputEncoding(space).number_of_features();
  return GaussianProcessSurrogate::condition(space, configurations, test::some_targets(*space, configurations),
                                             {.log_signal_variance = 0.2,
                                              .log_length_scales = Eigen::VectorXd::Constant(p, log_length_scale),
                                              .log_noise_variance = -6.0},
                                             options);
}

/// Two optimizers with hyperparameters of their own beside flat ones: two condition components of several players.
std::shared_ptr<const SearchSpace> two_trees() {
  std::vector<Hyperparameter> hyperparameters{make_categorical("a", {Value("x"), Value("y")}),
                                              make_float("a1", 0.0, 1.0),
                                              make_float("a2", 0.0, 1.0),
                                              make_float("b", 0.0, 1.0),
                                              make_integer("b1", 1, 9),
                                              make_float("c", 0.0, 1.0),
                                              make_categorical("e", {Value("x"), Value("y")}),
                                              make_float("f", 0.0, 1.0),
                                              make_float("g", 0.0, 1.0)};
  std::vector<SearchSpace::ChildCondition> conditions{{1, Comparison{Comparison::Relation::equals, 0, {0.0}}},
                                                      {2, Comparison{Comparison::Relation::equals, 0, {1.0}}},
                                                      {4, Comparison{Comparison::Relation::greater, 3, {0.5}}}};
  return std::make_shared<const SearchSpace>(std::move(hyperparameters), std::move(conditions));
}

}  // namespace

TEST_CASE("the closed form is the enumerated ablation game") {
  for (const auto& space : {test::flat_space(1), test::flat_space(2), test::flat_space(7, true), test::flat_space(12),
                            test::conditional_space(false), two_trees()}) {
    const auto surrogate = product_surrogate(space);
    for (const auto treatment : {BlendTreatment::repair, BlendTreatment::ignore}) {
      for (std::size_t pair = 0; pair < 3; ++pair) {
        const auto ends = test::sample_space(space, 6, 62);
        const Blends blends(space, ends[2 * pair], {ends[2 * pair + 1]}, treatment);
        const auto closed = closed_form_ablation(surrogate, blends, true);
        const GameTable game = play_game(surrogate, blends, {.kind = GameKind::ablation, .threads = 1});
        const int d = blends.number_of_players();
        CAPTURE(d);
        CHECK(closed.empty == doctest::Approx(game.empty()).epsilon(1e-12));
        CHECK(closed.full == doctest::Approx(game.full()).epsilon(1e-12));
        double range = 0;
        for (const double value : game.values) range = std::max(range, std::abs(value - game.empty()));
        CHECK(range > 1e-3);
        const double tolerance = 1e-10 * range;
        const auto shapley = interaction_values(game.values, InteractionIndex::sv, 1);
        const auto banzhaf = interaction_values(game.values, InteractionIndex::bv, 1);
        for (int j = 0; j < d; ++j) {
          CHECK(std::abs(closed.shapley[j] - shapley.values[static_cast<std::size_t>(j)]) < tolerance);
          CHECK(std::abs(closed.banzhaf[j] - banzhaf.values[static_cast<std::size_t>(j)]) < tolerance);
          CHECK(std::abs(closed.single[j] - (game.values[std::size_t{1} << j] - game.empty())) < tolerance);
        }
        if (d < 2) continue;
        const auto sii = interaction_values(game.values, InteractionIndex::sii, 2);
        const auto stii = interaction_values(game.values, InteractionIndex::stii, 2);
        for (int i = 0; i < d; ++i) {
          for (int j = i + 1; j < d; ++j) {
            const Coalition both = Coalition{1} << i | Coalition{1} << j;
            CHECK(std::abs(closed.shapley_interaction(i, j) - sii.at(both)) < tolerance);
            CHECK(std::abs(closed.shapley_taylor(j, i) - stii.at(both)) < tolerance);
          }
        }
      }
    }
  }
}

TEST_CASE("sixty players share out exactly what there is, and a player that does not change gets nothing") {
  const auto space = test::flat_space(60);
  const auto surrogate = product_surrogate(space, 2.0);
  auto ends = test::sample_space(space, 2, 63);
  ends[1].set(17, ends[0][17]);
  const Blends blends(space, ends[0], {ends[1]});
  const auto closed = closed_form_ablation(surrogate, blends, true);
  const Eigen::VectorXd predicted = surrogate.predict(ends);
  CHECK(closed.empty == doctest::Approx(predicted[0]).epsilon(1e-12));
  CHECK(closed.full == doctest::Approx(predicted[1]).epsilon(1e-12));
  const double gain = closed.full - closed.empty;
  CHECK(std::abs(gain) > 1e-3);
  CHECK(std::abs(closed.shapley.sum() - gain) < 1e-10 * std::abs(gain));
  // Shapley–Taylor of order 2 is efficient as well: single players and pairs together.
  CHECK(std::abs(closed.single.sum() + 0.5 * closed.shapley_taylor.sum() - gain) < 1e-9 * std::abs(gain));
  CHECK(closed.shapley[17] == 0.0);
  CHECK(closed.banzhaf[17] == 0.0);
  CHECK(closed.shapley_interaction.col(17).isZero(0.0));
}

TEST_CASE("where there is no closed form the reason is given") {
  const auto space = test::flat_space(3);
  const auto ends = test::sample_space(space, 3, 64);
  const Blends one(space, ends[0], {ends[1]});
  const auto reason = [&](const GaussianProcessSurrogate& surrogate, const Blends& blends) {
    const std::string sentence = why_no_closed_form(surrogate, blends);
    CHECK_FALSE(sentence.empty());
    CHECK_THROWS_WITH_AS((void)closed_form_ablation(surrogate, blends), doctest::Contains(sentence.c_str()),
                         InvalidInput);
    return sentence;
  };
  CHECK(why_no_closed_form(product_surrogate(space), one).empty());
  CHECK(reason(product_surrogate(space), Blends(space, ends[0], ends)).find("one sample") != std::string::npos);
  CHECK(reason(product_surrogate(space, 0.3, {.process = {.kernel = KernelForm::joint}}), one).find("kernel") !=
        std::string::npos);
  CHECK(reason(product_surrogate(space, 0.3, {.transform = TargetTransform::Kind::log}), one).find("transformed") !=
        std::string::npos);
  const auto clauses = test::conditional_space(true);
  const auto legal = test::sample_space(clauses, 2, 65);
  CHECK(reason(product_surrogate(clauses), Blends(clauses, legal[0], {legal[1]})).find("forbidden") !=
        std::string::npos);
  CHECK(reason(product_surrogate(clauses), one).find("another space") != std::string::npos);
  std::vector<Hyperparameter> chain{make_float("x0", 0.0, 1.0)};
  std::vector<SearchSpace::ChildCondition> conditions;
  for (std::size_t i = 1; i < 18; ++i) {
    chain.push_back(make_float("x" + std::to_string(i), 0.0, 1.0));
    conditions.push_back({i, Comparison{Comparison::Relation::greater, 0, {0.1}}});
  }
  const auto large = std::make_shared<const SearchSpace>(chain, conditions);
  const auto few = test::sample_space(large, 2, 66);
  CHECK(reason(product_surrogate(large), Blends(large, few[0], {few[1]})).find("18 hyperparameters") !=
        std::string::npos);
}
