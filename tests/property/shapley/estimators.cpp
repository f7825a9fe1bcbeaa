// Estimators over many seeds: without bias where they promise it, honest about their error, convergent with many
// players.
#include <hyperego/core/rng.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/detail/unanimity_model.hpp>
#include <hyperego/shapley/estimators/estimate.hpp>

#include <doctest/doctest.h>

#include <cmath>

using namespace hyperego;

namespace {

struct Case {
  Estimator estimator;
  InteractionIndex index;
  int order;
  bool paired = true;
};

InteractionValues closed_form(const detail::UnanimityModel& model, InteractionIndex index, int order, int players) {
  InteractionValues values;
  values.index = index;
  values.order = order;
  values.players = players;
  values.interactions = interactions_up_to(players, order);
  values.values.assign(values.interactions.size(), 0.0);
  model.add_index(detail::CardinalWeights(index, order, players), values);
  return values;
}

double mean_squared_error(const Estimate& estimate, const InteractionValues& truth) {
  double sum = 0;
  for (std::size_t i = 0; i < truth.values.size(); ++i) sum += std::pow(estimate.values.values[i] - truth.values[i], 2);
  return sum / static_cast<double>(truth.values.size());
}

double mean_squared_standard_error(const Estimate& estimate) {
  double sum = 0;
  for (const double error : estimate.standard_errors) sum += error * error;
  return sum / static_cast<double>(estimate.standard_errors.size());
}

// 12 … 30 unanimity games of uniform size with coefficients in [−1, 1].
detail::UnanimityModel sum_of_unanimity_games(int players, std::uint64_t seed) {
  Rng rng(seed, "sum of unanimity games");
  detail::UnanimityModel model;
  const std::uint64_t terms = 12 + rng.below(19);
  for (std::uint64_t t = 0; t < terms; ++t) {
    Coalition coalition = 0;
    const auto size = static_cast<int>(rng.below(static_cast<std::uint64_t>(players) + 1));
    while (size_of(coalition) < size)
      coalition |= singleton(static_cast<int>(rng.below(static_cast<std::uint64_t>(players))));
    model.terms.push_back({coalition, 2 * rng.uniform() - 1});
  }
  return model;
}

CoalitionFunction played(const detail::UnanimityModel& model) {
  return [&model](std::span<const Coalition> coalitions) {
    std::vector<double> values;
    for (const Coalition coalition : coalitions) values.push_back(1 + model(coalition));
    return values;
  };
}

}  // namespace

// Over 400 seeds the mean must lie within 4.5 standard deviations of the mean, for every one of the values, and the
// stated standard errors must match the spread that is seen.
TEST_CASE("permutation sampling and SVARM have no bias and know their error") {
  constexpr int players = 8;
  constexpr int seeds = 400;
  Rng rng(1, "game");
  std::vector<double> table(256);
  for (double& value : table) value = rng.normal();
  const CoalitionFunction game = [&](std::span<const Coalition> coalitions) {
    std::vector<double> values;
    for (const Coalition coalition : coalitions) values.push_back(table[coalition]);
    return values;
  };
  for (const Case& c :
       {Case{Estimator::permutation, InteractionIndex::sv, 1, true},
        Case{Estimator::permutation, InteractionIndex::sv, 1, false}, Case{Estimator::svarm, InteractionIndex::sv, 1},
        Case{Estimator::svarm, InteractionIndex::sii, 2}, Case{Estimator::svarm, InteractionIndex::stii, 2},
        Case{Estimator::svarm, InteractionIndex::fsii, 2}, Case{Estimator::svarm, InteractionIndex::bii, 2}}) {
    CAPTURE(to_string(c.estimator));
    CAPTURE(to_string(c.index));
    const InteractionValues exact = interaction_values(table, c.index, c.order);
    std::vector<double> sum(exact.values.size(), 0.0);
    std::vector<double> squares(exact.values.size(), 0.0);
    double stated = 0;
    int complete = 0;
    for (std::uint64_t seed = 0; seed < seeds; ++seed) {
      const EstimatorOptions options{.budget = 200, .seed = seed, .paired = c.paired, .sparse_search_share = 0};
      const Estimate estimate = estimate_interactions(players, game, c.index, c.order, c.estimator, options);
      // STII and BII put next to no weight on some sizes, so that a few of their strata are always empty; the mean of
      // the size that they stand at must not show either.
      const bool light_sizes = c.index == InteractionIndex::stii || c.index == InteractionIndex::bii;
      if (!estimate.note.empty() && !light_sizes) continue;
      ++complete;
      stated += mean_squared_standard_error(estimate);
      for (std::size_t i = 0; i < sum.size(); ++i) {
        const double error = estimate.values.values[i] - exact.values[i];
        sum[i] += error;
        squares[i] += error * error;
      }
    }
    REQUIRE_GE(complete, seeds * 3 / 4);
    double seen = 0;
    for (std::size_t i = 0; i < sum.size(); ++i) {
      const double mean = sum[i] / complete;
      const double variance = squares[i] / complete - mean * mean;
      CHECK_LE(std::abs(mean), 4.5 * std::sqrt(variance / complete) + 1e-12);
      seen += squares[i] / complete / static_cast<double>(sum.size());
    }
    CHECK_GE(stated / complete / seen, 0.7);
    CHECK_LE(stated / complete / seen, 1.4);
  }
}

TEST_CASE("every estimator converges on 30 players, with errors as stated") {
  constexpr int players = 30;
  const detail::UnanimityModel model = sum_of_unanimity_games(players, 4);
  for (const Case& c :
       {Case{Estimator::permutation, InteractionIndex::sv, 1}, Case{Estimator::regression, InteractionIndex::sv, 1},
        Case{Estimator::regression, InteractionIndex::fsii, 2}, Case{Estimator::regression, InteractionIndex::fbii, 2},
        Case{Estimator::svarm, InteractionIndex::sv, 1}, Case{Estimator::svarm, InteractionIndex::k_sii, 2},
        Case{Estimator::svarm, InteractionIndex::stii, 2}, Case{Estimator::kernel_shap_iq, InteractionIndex::sii, 2}}) {
    CAPTURE(to_string(c.estimator));
    CAPTURE(to_string(c.index));
    const InteractionValues exact = closed_form(model, c.index, c.order, players);
    const auto run = [&](std::size_t budget) {
      const EstimatorOptions options{.budget = budget, .seed = 1, .sparse_search_share = 0};
      return estimate_interactions(players, played(model), c.index, c.order, c.estimator, options);
    };
    const Estimate small = run(1500);
    const Estimate large = run(12000);
    CHECK_LT(mean_squared_error(large, exact), mean_squared_error(small, exact) / 3);
    CHECK_LT(mean_squared_error(large, exact), 4 * mean_squared_standard_error(large));
    CHECK_GT(mean_squared_error(large, exact), mean_squared_standard_error(large) / 4);
  }
}

// What the mean squared standard error may be of the mean squared error, and the square of the bias of the latter (1/80
// of that is chance), over 80 seeds. Set from 8 other sets of 80 seeds, half of them on other games: permutations and
// SVARM state 0.89 to 1.09 of their error, with a bias of at most 0.026; regressions 1.36 to 1.78, with at most 0.038,
// and 0.02 to 0.11 for KernelSHAP without a control variate, which is biased for good at so small a budget. A third of
// all coalitions is drawn, without replacement, and the jackknife does not know that; for KernelSHAP-IQ of order 3,
// whose unknowns are nearly as many as the coalitions, 3.5 to 4.4 times too much is stated.
struct Calibration {
  double least;
  double most;
  double bias;
};

Calibration calibration_of(const Case& c, int control) {
  if (c.estimator == Estimator::permutation || c.estimator == Estimator::svarm) return {0.8, 1.25, 0.035};
  if (c.order == 3) return {2.0, 6.0, 0.05};
  return {1.2, 2.0, c.index == InteractionIndex::sv && control == 0 ? 0.15 : 0.05};
}

TEST_CASE("standard errors with and without a control variate match the errors seen") {
  constexpr int players = 11;
  constexpr int seeds = 80;
  Rng rng(5, "smooth game");
  std::vector<double> table(std::size_t{1} << players);
  for (int unit = 0; unit < 8; ++unit) {
    std::vector<double> weights;
    for (int p = 0; p < players; ++p) weights.push_back(0.6 * rng.normal());
    const double bias = rng.normal();
    for (std::size_t s = 0; s < table.size(); ++s) {
      double sum = bias;
      for_each_player(s, [&](int p) { sum += weights[static_cast<std::size_t>(p)]; });
      table[s] += (unit % 2 == 0 ? 1 : -1) * std::tanh(sum);
    }
  }
  const CoalitionFunction game = [&](std::span<const Coalition> coalitions) {
    std::vector<double> values;
    for (const Coalition coalition : coalitions) values.push_back(table[coalition]);
    return values;
  };
  for (const Case& c :
       {Case{Estimator::permutation, InteractionIndex::sv, 1}, Case{Estimator::regression, InteractionIndex::sv, 1},
        Case{Estimator::regression, InteractionIndex::fsii, 2}, Case{Estimator::regression, InteractionIndex::fbii, 2},
        Case{Estimator::svarm, InteractionIndex::sv, 1}, Case{Estimator::svarm, InteractionIndex::k_sii, 2},
        Case{Estimator::svarm, InteractionIndex::fbii, 2}, Case{Estimator::kernel_shap_iq, InteractionIndex::k_sii, 2},
        Case{Estimator::kernel_shap_iq, InteractionIndex::sii, 3}}) {
    const InteractionValues exact = interaction_values(table, c.index, c.order);
    double without = 0;
    for (const int control : {0, 2}) {
      double stated = 0;
      double seen = 0;
      std::vector<double> sum(exact.values.size(), 0.0);
      std::vector<double> squares(exact.values.size(), 0.0);
      for (std::uint64_t seed = 0; seed < seeds; ++seed) {
        const Estimate estimate =
            estimate_interactions(players, game, c.index, c.order, c.estimator,
                                  {.budget = 700, .seed = seed, .sparse_search_share = 0, .control_order = control});
        stated += mean_squared_standard_error(estimate) / seeds;
        seen += mean_squared_error(estimate, exact) / seeds;
        for (std::size_t i = 0; i < sum.size(); ++i) {
          const double error = estimate.values.values[i] - exact.values[i];
          sum[i] += error / seeds;
          squares[i] += error * error / seeds;
        }
      }
      CAPTURE(to_string(c.estimator));
      CAPTURE(to_string(c.index));
      CAPTURE(c.order);
      CAPTURE(control);
      const Calibration bounds = calibration_of(c, control);
      CHECK_GE(stated / seen, bounds.least);
      CHECK_LE(stated / seen, bounds.most);
      double bias = 0;
      double spread = 0;
      for (std::size_t i = 0; i < sum.size(); ++i) {
        bias += sum[i] * sum[i];
        spread += squares[i];
      }
      CHECK_LE(bias, bounds.bias * spread);
      if (control == 0) without = seen;
      if (control == 2 && c.estimator == Estimator::svarm) CHECK_LE(seen, without / 3);
    }
  }
}

// v(S) = √|S| and the airport game v(S) = max c_i (Littlechild & Owen 1973): dense in Möbius terms, known in closed
// form.
TEST_CASE("dense games of 30 players with known values") {
  constexpr int players = 30;
  const auto played_by = [](auto value) -> CoalitionFunction {
    return [value](std::span<const Coalition> coalitions) {
      std::vector<double> values;
      for (const Coalition coalition : coalitions) values.push_back(value(coalition));
      return values;
    };
  };
  const auto root = [](double l) { return std::sqrt(l); };
  const CoalitionFunction symmetric = played_by([&](Coalition s) { return root(size_of(s)); });
  // Second differences averaged over sizes telescope.
  const double pair = (root(30) - root(29) - root(1)) / (players - 1);
  for (const Estimator estimator : {Estimator::svarm, Estimator::kernel_shap_iq}) {
    const Estimate e = estimate_interactions(players, symmetric, InteractionIndex::sii, 2, estimator, {.budget = 3000});
    for (std::size_t i = 0; i < e.values.values.size(); ++i) {
      // KernelSHAP-IQ stands in 1e6 for infinite weights.
      CHECK_LE(std::abs(e.values.values[i] - (i < players ? root(30) / players : pair)), 1e-6);
    }
  }
  const CoalitionFunction airport = played_by([](Coalition s) {
    return s == 0 ? 0.0 : static_cast<double>(64 - std::countl_zero(s)) / 10;  // cost of the last player in it
  });
  for (const Estimator estimator : {Estimator::permutation, Estimator::regression, Estimator::svarm}) {
    CAPTURE(to_string(estimator));
    const auto largest_error = [&](std::size_t budget) {
      const Estimate e =
          estimate_interactions(players, airport, InteractionIndex::sv, 1, estimator, {.budget = budget});
      double value = 0;
      double largest = 0;
      for (int i = 0; i < players; ++i) {
        value += 0.1 / (players - i);
        largest = std::max(largest, std::abs(e.values.values[static_cast<std::size_t>(i)] - value));
      }
      CHECK_LE(largest, 4 * e.largest_standard_error());
      return largest;
    };
    const double small = largest_error(1500);
    const double large = largest_error(12000);
    // Of a range of 3. Over 21 seeds: 0.026 to 0.075 by permutations, 0.006 to 0.014 otherwise, 0.13 to 0.71 and 0.11
    // to 0.49 of the error at an eighth of the budget, and at most 2.8 standard errors.
    CHECK_LE(large, estimator == Estimator::permutation ? 0.08 : 0.016);
    CHECK_LE(large, (estimator == Estimator::permutation ? 0.8 : 0.6) * small);
  }
}

// The bounds are the errors of the best estimators of shapiq with the same budget; ours without and with the sparse
// search.
TEST_CASE("20 players, 4096 coalitions, sums of unanimity games") {
  constexpr int players = 20;
  constexpr int games = 5;
  struct Goal {
    Case c;
    double error;
  };
  for (const Goal& goal : {Goal{{Estimator::svarm, InteractionIndex::sv, 1}, 0.0011},
                           Goal{{Estimator::svarm, InteractionIndex::k_sii, 2}, 0.0032},
                           Goal{{Estimator::svarm, InteractionIndex::fsii, 2}, 0.0031},
                           Goal{{Estimator::svarm, InteractionIndex::stii, 2}, 0.011}}) {
    const Case& c = goal.c;  // a structured binding cannot be captured
    CAPTURE(to_string(c.index));
    double error = 0;
    for (std::uint64_t seed = 0; seed < games; ++seed) {
      const detail::UnanimityModel model = sum_of_unanimity_games(players, 100 + seed);
      const InteractionValues exact = closed_form(model, c.index, c.order, players);
      EstimatorOptions options{.budget = 4096, .seed = seed, .sparse_search_share = 0};
      error += mean_squared_error(estimate_interactions(players, played(model), c.index, c.order, c.estimator, options),
                                  exact) /
               games;
      options.sparse_search_share = 0.5;
      const Estimate searched = estimate_interactions(players, played(model), c.index, c.order, c.estimator, options);
      CHECK_EQ(searched.stop, StopReason::sparse);
      CHECK_LE(mean_squared_error(searched, exact), 1e-24);
    }
    CHECK_LE(error, goal.error);
  }
}
