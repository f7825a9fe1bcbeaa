#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/detail/coalition_samples.hpp>
#include <hyperego/shapley/estimators/detail/estimator_task.hpp>
#include <hyperego/shapley/estimators/detail/sparse_search.hpp>
#include <hyperego/shapley/estimators/estimate.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <set>

using namespace hyperego;

namespace {

std::vector<double> random_game(int players) {
  Rng rng(11, "game");
  std::vector<double> table(std::size_t{1} << players);
  for (double& value : table) value = rng.normal();
  return table;
}

CoalitionFunction game_of(const std::vector<double>& table, std::set<Coalition>* asked = nullptr) {
  return [&table, asked](std::span<const Coalition> coalitions) {
    std::vector<double> values;
    for (const Coalition coalition : coalitions) {
      values.push_back(table[coalition]);
      if (asked != nullptr) CHECK(asked->insert(coalition).second);  // nothing is asked for twice
    }
    return values;
  };
}

struct Case {
  Estimator estimator;
  InteractionIndex index;
  int order;
};

constexpr Case cases[] = {
    {Estimator::permutation, InteractionIndex::sv, 1},     {Estimator::regression, InteractionIndex::sv, 1},
    {Estimator::regression, InteractionIndex::fsii, 2},    {Estimator::regression, InteractionIndex::fbii, 2},
    {Estimator::regression, InteractionIndex::fbii, 3},    {Estimator::svarm, InteractionIndex::sv, 1},
    {Estimator::svarm, InteractionIndex::k_sii, 2},        {Estimator::svarm, InteractionIndex::stii, 2},
    {Estimator::svarm, InteractionIndex::fsii, 3},         {Estimator::svarm, InteractionIndex::fbii, 2},
    {Estimator::svarm, InteractionIndex::moebius, 2},      {Estimator::svarm, InteractionIndex::co_moebius, 2},
    {Estimator::kernel_shap_iq, InteractionIndex::sii, 2}, {Estimator::kernel_shap_iq, InteractionIndex::k_sii, 2},
    {Estimator::kernel_shap_iq, InteractionIndex::sii, 3}, {Estimator::kernel_shap_iq, InteractionIndex::k_sii, 3},
    {Estimator::kernel_shap_iq, InteractionIndex::sii, 4}, {Estimator::kernel_shap_iq, InteractionIndex::sv, 1}};

}  // namespace

TEST_CASE("the budget counts distinct coalitions and is kept; the same seed gives the same estimate") {
  const std::vector<double> table = random_game(10);
  for (const Case& c : cases) {
    CAPTURE(to_string(c.estimator));
    CAPTURE(to_string(c.index));
    CAPTURE(c.order);
    for (const double share : {0.0, 0.5}) {
      const EstimatorOptions options{.budget = 900, .seed = 5, .sparse_search_share = share};
      std::set<Coalition> asked;
      const Estimate a = estimate_interactions(10, game_of(table, &asked), c.index, c.order, c.estimator, options);
      CHECK_EQ(a.coalitions, asked.size());
      CHECK_LE(a.coalitions, 900);
      CHECK_FALSE(a.exact);
      CHECK_EQ(a.standard_errors.size(), a.values.values.size());
      CHECK_EQ(a.values.baseline, table[0]);
      const Estimate b = estimate_interactions(10, game_of(table), c.index, c.order, c.estimator, options);
      CHECK_EQ(a.values.values, b.values.values);
      CHECK_EQ(a.standard_errors, b.standard_errors);
    }
  }
}

TEST_CASE("a budget of 2^n is exact and says so") {
  const std::vector<double> table = random_game(8);
  for (const Case& c : cases) {
    const Estimate estimate = estimate_interactions(8, game_of(table), c.index, c.order, c.estimator, {.budget = 256});
    CHECK(estimate.exact);
    CHECK_EQ(estimate.stop, StopReason::exact);
    CHECK_EQ(estimate.coalitions, 256);
    CHECK_EQ(estimate.largest_standard_error(), 0);
    CHECK_EQ(estimate.values.values, interaction_values(table, c.index, c.order).values);
  }
}

// What makes them consistent: with every coalition in the sample the formulas are the index itself.
TEST_CASE("fits and strata over all coalitions are exact") {
  constexpr int players = 9;
  const std::vector<double> table = random_game(players);
  const CoalitionFunction game = game_of(table);
  for (const Case& c : cases) {
    if (c.estimator == Estimator::permutation) continue;
    CAPTURE(to_string(c.estimator));
    CAPTURE(to_string(c.index));
    CAPTURE(c.order);
    const EstimatorOptions options{.budget = 512};
    detail::EvaluatedGame evaluated(players, game, options.budget);
    static_cast<void>(evaluated.value(grand_coalition(players)));
    const InteractionValues exact = interaction_values(table, c.index, c.order);
    Estimate estimate;
    estimate.values = exact;
    estimate.values.empty_interaction = table[0];
    std::fill(estimate.values.values.begin(), estimate.values.values.end(), 0.0);
    estimate.standard_errors.assign(exact.values.size(), 0.0);
    const detail::CardinalWeights weights(c.index, c.order, players);
    const detail::UnanimityModel nothing;
    detail::EstimatorTask task{evaluated, nothing, weights, options, estimate};
    if (c.estimator == Estimator::regression) detail::estimate_by_regression(task);
    if (c.estimator == Estimator::svarm) detail::estimate_by_strata(task);
    if (c.estimator == Estimator::kernel_shap_iq) detail::estimate_by_kernel_shap_iq(task);
    // KernelSHAP-IQ stands in 1e6 for infinite weights.
    const double tolerance = c.estimator == Estimator::kernel_shap_iq ? 1e-6 : 1e-12;
    for (std::size_t i = 0; i < exact.values.size(); ++i)
      CHECK_LE(std::abs(estimate.values.values[i] - exact.values[i]), tolerance);
    CHECK(std::abs(estimate.values.empty_interaction - exact.empty_interaction) <= 1e-12);
    CHECK_LE(estimate.largest_standard_error(), 1e-12);
    CHECK_EQ(estimate.note, "");
  }
}

TEST_CASE("a target stops early, an unreachable one does not") {
  const std::vector<double> table = random_game(12);
  for (const Case& c : cases) {
    if (c.index == InteractionIndex::moebius || c.index == InteractionIndex::co_moebius) continue;  // exact either way
    CAPTURE(to_string(c.estimator));
    CAPTURE(to_string(c.index));
    CAPTURE(c.order);
    EstimatorOptions options{.budget = 3500, .seed = 2, .target_standard_error = 100, .sparse_search_share = 0};
    const Estimate early = estimate_interactions(12, game_of(table), c.index, c.order, c.estimator, options);
    CHECK_EQ(early.stop, StopReason::target);
    CHECK_LT(early.coalitions, 1800);
    options.target_standard_error = 1e-9;
    const Estimate late = estimate_interactions(12, game_of(table), c.index, c.order, c.estimator, options);
    CHECK_EQ(late.stop, StopReason::budget);
    CHECK_LE(late.coalitions, 3500);
    CHECK_GT(late.coalitions, 3000);
  }
}

TEST_CASE("sizes are enumerated where they would be exhausted, the rest spread") {
  const std::vector<double> share(11, 1.0);
  const std::vector<std::size_t> counts = detail::allocate_sizes(10, 500, share, std::vector<bool>(11, false));
  CHECK_EQ(counts[0], 1);
  CHECK_EQ(counts[1], 10);
  CHECK_EQ(counts[2], 45);
  CHECK_LT(counts[5], 252);
  CHECK_EQ(counts[4], counts[5]);
  CHECK_LE(std::accumulate(counts.begin(), counts.end(), std::size_t{0}), 500);
  CHECK_GT(std::accumulate(counts.begin(), counts.end(), std::size_t{0}), 490);
}

TEST_CASE("samples of one size are distinct, begin alike, and come with their complements") {
  detail::CoalitionSamples samples(10, 3, true);
  const std::vector<Coalition> few = samples.first(4, 20);
  const std::vector<Coalition> more = samples.first(4, 60);
  CHECK(std::equal(few.begin(), few.end(), more.begin()));
  CHECK_EQ(std::set<Coalition>(more.begin(), more.end()).size(), 60);
  const std::vector<Coalition> mirrored = samples.first(6, 20);
  for (std::size_t i = 0; i < few.size(); ++i) {
    CHECK_EQ(size_of(few[i]), 4);
    CHECK_EQ(mirrored[i], grand_coalition(10) & ~few[i]);
  }
  const std::vector<Coalition> half = samples.first(5, 10);
  for (std::size_t i = 0; i < half.size(); i += 2) CHECK_EQ(half[i + 1], grand_coalition(10) & ~half[i]);
  CHECK_EQ(samples.first(2, 45), coalitions_of_size(10, 2));
}

TEST_CASE("a sum of few unanimity games is found in full, a dense game is given up early") {
  const detail::UnanimityModel hidden{
      {{0b1, 1.0}, {0b110, -0.5}, {0b1111, 2.0}, {0b111111110000, 0.25}, {0b101010101010, -1.5}}};
  const auto sparse_game = [&](std::span<const Coalition> coalitions) {
    std::vector<double> values;
    for (const Coalition coalition : coalitions) values.push_back(7 + hidden(coalition));
    return values;
  };
  const Estimate found =
      estimate_interactions(12, sparse_game, InteractionIndex::stii, 2, Estimator::svarm, {.budget = 2000});
  CHECK_EQ(found.stop, StopReason::sparse);
  CHECK_EQ(found.sparse_terms, 5);
  CHECK_FALSE(found.exact);
  CHECK_LT(found.coalitions, 600);
  const ValueTable table = tabulate(12, sparse_game);
  const InteractionValues exact = interaction_values(table.values, InteractionIndex::stii, 2);
  for (std::size_t i = 0; i < exact.values.size(); ++i)
    CHECK(std::abs(found.values.values[i] - exact.values[i]) <= 1e-12);

  const std::vector<double> dense = random_game(12);
  const CoalitionFunction dense_game = game_of(dense);
  detail::EvaluatedGame evaluated(12, dense_game, 2000);
  const detail::SparseSearch search = detail::search_sparse_moebius(evaluated, 1000, 0);
  CHECK_FALSE(search.complete);
  CHECK(search.model.terms.empty());
  CHECK_LT(evaluated.evaluated(), 450);
}

TEST_CASE("misuse says what would work") {
  const std::vector<double> table = random_game(10);
  const auto run = [&](InteractionIndex index, int order, Estimator estimator, const EstimatorOptions& options) {
    static_cast<void>(estimate_interactions(10, game_of(table), index, order, estimator, options));
  };
  CHECK_THROWS_WITH_AS(run(InteractionIndex::stii, 2, Estimator::permutation, {}),
                       doctest::Contains("svarm estimates every index"), InvalidInput);
  CHECK_THROWS_WITH_AS(run(InteractionIndex::stii, 2, Estimator::kernel_shap_iq, {}),
                       doctest::Contains("svarm estimates every index"), InvalidInput);
  CHECK_THROWS_WITH_AS(run(InteractionIndex::fsii, 2, Estimator::regression, {.budget = 30}),
                       doctest::Contains("at least"), InvalidInput);
  CHECK_THROWS_WITH_AS(run(InteractionIndex::stii, 3, Estimator::svarm, {.budget = 30}), doctest::Contains("at least"),
                       InvalidInput);
  CHECK_THROWS_WITH_AS(run(InteractionIndex::sii, 2, Estimator::kernel_shap_iq, {.budget = 30}),
                       doctest::Contains("at least"), InvalidInput);
  CHECK_THROWS_WITH_AS(run(InteractionIndex::sv, 1, Estimator::permutation, {.budget = 20}),
                       doctest::Contains("at least"), InvalidInput);
  CHECK_THROWS_WITH_AS(run(InteractionIndex::sv, 1, Estimator::svarm, {.budget = 1}), doctest::Contains("budget"),
                       InvalidInput);
  CHECK_THROWS_WITH_AS(run(InteractionIndex::sv, 1, Estimator::svarm, {.target_standard_error = -1}),
                       doctest::Contains("target_standard_error"), InvalidInput);
  CHECK_THROWS_AS(
      static_cast<void>(estimate_interactions(64, game_of(table), InteractionIndex::sv, 1, Estimator::svarm, {})),
      InvalidInput);
  CHECK_THROWS_WITH_AS(
      static_cast<void>(estimate_interactions(60, game_of(table), InteractionIndex::fsii, 12, Estimator::svarm, {})),
      doctest::Contains("GiB; use a lower order"), InvalidInput);
  CHECK_THROWS_WITH_AS(run(InteractionIndex::sii, 11, Estimator::svarm, {}), doctest::Contains("use 1 to 10"),
                       InvalidInput);
  CHECK_THROWS_WITH_AS(run(InteractionIndex::sv, 1, Estimator::svarm, {.control_order = 3}),
                       doctest::Contains("control_order"), InvalidInput);
  const auto broken = [](std::span<const Coalition> coalitions) {
    std::vector<double> values(coalitions.size(), 0.0);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = size_of(coalitions[i]) == 3 ? std::nan("") : 0.0;
    return values;
  };
  CHECK_THROWS_WITH_AS(
      static_cast<void>(estimate_interactions(15, broken, InteractionIndex::sv, 1, Estimator::svarm, {})),
      doctest::Contains("is nan; every coalition needs a finite value"), InvalidInput);
  CHECK_EQ(estimator_of("Kernel-SHAP"), Estimator::regression);
  CHECK_THROWS_WITH_AS(static_cast<void>(estimator_of("svram")), doctest::Contains("did you mean \"svarm\"?"),
                       InvalidInput);
}
