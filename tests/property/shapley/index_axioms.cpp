// What the indices are defined by, on random games.
#include <hyperego/core/rng.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/index/detail/exact_indices.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>
#include <hyperego/shapley/index/moebius.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace hyperego;

namespace {

constexpr InteractionIndex all_indices[] = {
    InteractionIndex::sv,   InteractionIndex::bv,      InteractionIndex::sii,       InteractionIndex::bii,
    InteractionIndex::chii, InteractionIndex::k_sii,   InteractionIndex::stii,      InteractionIndex::fsii,
    InteractionIndex::fbii, InteractionIndex::moebius, InteractionIndex::co_moebius};

int highest_order(InteractionIndex index) {
  return index == InteractionIndex::sv || index == InteractionIndex::bv ? 1 : 4;
}

std::vector<double> random_game(int players, std::uint64_t seed) {
  Rng rng(seed, "game");
  std::vector<double> table(std::size_t{1} << players);
  for (double& value : table) value = rng.normal();
  return table;
}

void check_close(const std::vector<double>& a, const std::vector<double>& b, double tolerance) {
  REQUIRE_EQ(a.size(), b.size());
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  CHECK_LE(largest, tolerance);
}

template <typename Check>
void for_every_index(Check&& check) {
  for (const InteractionIndex index : all_indices) {
    for (int order = 1; order <= highest_order(index); ++order) {
      CAPTURE(to_string(index));
      CAPTURE(order);
      check(index, order);
    }
  }
}

}  // namespace

TEST_CASE("efficiency: the values of SV, k-SII, STII and FSII sum to v(N) − v(∅)") {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const std::vector<double> game = random_game(8, seed);
    for (const auto index :
         {InteractionIndex::sv, InteractionIndex::k_sii, InteractionIndex::stii, InteractionIndex::fsii}) {
      for (int order = 1; order <= (index == InteractionIndex::sv ? 1 : 8); ++order) {
        const std::vector<double> values = interaction_values(game, index, order).values;
        CHECK_EQ(std::accumulate(values.begin(), values.end(), 0.0),
                 doctest::Approx(game.back() - game[0]).epsilon(1e-10));
      }
    }
  }
}

TEST_CASE("symmetry: renaming the players renames the values") {
  const std::vector<double> game = random_game(7, 1);
  const auto renamed = [](Coalition coalition) {  // i → 3 i + 2 modulo 7
    Coalition result = 0;
    for_each_player(coalition, [&](int i) { result |= singleton((3 * i + 2) % 7); });
    return result;
  };
  std::vector<double> other(game.size());
  for (Coalition s = 0; s < game.size(); ++s) other[renamed(s)] = game[s];
  for_every_index([&](InteractionIndex index, int order) {
    const InteractionValues values = interaction_values(game, index, order);
    const InteractionValues permuted = interaction_values(other, index, order);
    double largest = 0;
    for (const Coalition s : values.interactions)
      largest = std::max(largest, std::abs(values.at(s) - permuted.at(renamed(s))));
    CHECK_LE(largest, 1e-12);
  });
}

TEST_CASE("dummy: a player who only adds a constant interacts with nobody") {
  const std::vector<double> without = random_game(6, 2);
  std::vector<double> game = without;
  for (const double value : without) game.push_back(value + 0.75);
  const int dummy = 6;
  for_every_index([&](InteractionIndex index, int order) {
    const InteractionValues values = interaction_values(game, index, order);
    for (const Coalition s : values.interactions) {
      if (!contains(s, dummy)) continue;
      CHECK(std::abs(values.at(s) - (s == singleton(dummy) ? 0.75 : 0.0)) <= 1e-12);
    }
  });
}

TEST_CASE("linearity") {
  const std::vector<double> a = random_game(7, 3);
  const std::vector<double> b = random_game(7, 4);
  std::vector<double> mixed(a.size());
  for (std::size_t s = 0; s < a.size(); ++s) mixed[s] = 2 * a[s] - 0.5 * b[s] + 10;
  for_every_index([&](InteractionIndex index, int order) {
    std::vector<double> expected = interaction_values(a, index, order).values;
    const std::vector<double> other = interaction_values(b, index, order).values;
    for (std::size_t i = 0; i < expected.size(); ++i) expected[i] = 2 * expected[i] - 0.5 * other[i];
    check_close(interaction_values(mixed, index, order).values, expected, 1e-12);
  });
}

TEST_CASE("order 1 of SII, k-SII, STII, FSII and CHII is SV; of BII and FBII it is BV") {
  const std::vector<double> game = random_game(9, 5);
  const std::vector<double> sv = shapley_values(game);
  const std::vector<double> bv = interaction_values(game, InteractionIndex::bv, 1).values;
  for (const auto index : {InteractionIndex::sii, InteractionIndex::k_sii, InteractionIndex::stii,
                           InteractionIndex::fsii, InteractionIndex::chii}) {
    check_close(interaction_values(game, index, 1).values, sv, 1e-14);
  }
  for (const auto index : {InteractionIndex::bii, InteractionIndex::fbii}) {
    check_close(interaction_values(game, index, 1).values, bv, 1e-14);
  }
}

TEST_CASE("order n of k-SII, STII, FSII and FBII is the Möbius transform") {
  for (int n = 1; n <= 8; ++n) {
    const std::vector<double> game = random_game(n, 6);
    const std::vector<double> moebius = interaction_values(game, InteractionIndex::moebius, n).values;
    for (const auto index :
         {InteractionIndex::k_sii, InteractionIndex::stii, InteractionIndex::fsii, InteractionIndex::fbii}) {
      check_close(interaction_values(game, index, n).values, moebius, 1e-12);
    }
    std::vector<double> table = game;
    moebius_transform(table);
    CHECK(std::abs(table.back() - moebius.back()) <= 1e-12);
  }
}

// The two ways to compute an index share nothing but the weights. 13 and 14 players exercise every branch of the
// blocking.
TEST_CASE("one pass over the table agrees with the Möbius transform") {
  for (const int n : {1, 2, 3, 5, 11, 13, 14}) {
    const std::vector<double> game = random_game(n, 7);
    for (const InteractionIndex index : all_indices) {
      for (int order = 1; order <= std::min({n, 3, highest_order(index)}); ++order) {
        CAPTURE(n);
        CAPTURE(to_string(index));
        CAPTURE(order);
        InteractionValues by_sums = interaction_values(game, index, order);
        InteractionValues by_moebius = by_sums;
        REQUIRE(detail::indices_from_graded_sums(game, by_sums));
        REQUIRE(detail::indices_from_moebius(game, by_moebius));
        check_close(by_sums.values, by_moebius.values, 1e-11);
        CHECK(std::abs(by_sums.empty_interaction - by_moebius.empty_interaction) <= 1e-11);
      }
    }
  }
}

TEST_CASE("FSII is the constrained Shapley-weighted fit: no other efficient explanation is closer") {
  const std::vector<double> game = random_game(6, 8);
  const InteractionValues best = interaction_values(game, InteractionIndex::fsii, 2);
  const auto loss = [&](const std::vector<double>& values) {
    std::vector<double> fitted(game.size(), 0.0);
    fitted[0] = game[0];
    for (std::size_t i = 0; i < values.size(); ++i) fitted[best.interactions[i]] = values[i];
    inverse_moebius_transform(fitted);
    double sum = 0;
    for (Coalition s = 1; s + 1 < game.size(); ++s) {
      const int size = size_of(s);
      sum +=
          std::pow(game[s] - fitted[s], 2) / (static_cast<double>(binomial_coefficient(6, size)) * size * (6 - size));
    }
    return sum;
  };
  const double least = loss(best.values);
  Rng rng(9, "directions");
  for (int trial = 0; trial < 50; ++trial) {
    std::vector<double> moved = best.values;
    const auto up = rng.below(moved.size());
    const auto down = rng.below(moved.size());
    moved[up] += 1e-3;
    moved[down] -= 1e-3;
    CHECK_GE(loss(moved), least - 1e-15);
  }
}
