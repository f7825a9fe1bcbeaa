#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/index/detail/cardinal_weights.hpp>
#include <hyperego/shapley/index/detail/exact_indices.hpp>
#include <hyperego/shapley/index/detail/graded_sums.hpp>
#include <hyperego/shapley/index/moebius.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego::detail {
namespace {

// The weights of Z(K, e) in I(S) for K ⊆ S, |K| = k, |S| = s. Sums over {L : L ∩ S = J} are alternating sums of Z over
// J ⊆ K ⊆ S; collecting terms leaves (−1)^{s+k} Σ_j C(k, j) p(s + k + e − j).
std::vector<double> graded_weights(const CardinalWeights& weights, int players, int s, int k) {
  std::vector<double> result(static_cast<std::size_t>(players - k + 1));
  for (int e = 0; e <= players - k; ++e) {
    double sum = 0;
    for (int j = 0; j <= k; ++j) {
      sum += static_cast<double>(binomial_coefficient(k, j)) * weights.coalition(s, s + k + e - j);
    }
    result[static_cast<std::size_t>(e)] = (s + k) % 2 == 0 ? sum : -sum;
  }
  return result;
}

double dot(std::span<const double> a, std::span<const double> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

}  // namespace

bool indices_from_graded_sums(std::span<const double> table, InteractionValues& result) {
  const GradedSums sums(table, result.players, result.order);
  if (!sums.finite()) return false;
  const CardinalWeights weights(result.index, result.order, result.players);

  std::vector<std::vector<std::vector<double>>> by_size(static_cast<std::size_t>(result.order + 1));
  for (int s = 0; s <= result.order; ++s) {
    for (int k = 0; k <= s; ++k)
      by_size[static_cast<std::size_t>(s)].push_back(graded_weights(weights, result.players, s, k));
  }
  const auto interaction = [&](Coalition coalition) {
    const auto& weights_of = by_size[static_cast<std::size_t>(size_of(coalition))];
    double value = 0;
    for_each_subset(coalition, [&](Coalition subset) {
      value += dot(weights_of[static_cast<std::size_t>(size_of(subset))], sums.of(subset));
    });
    return value;
  };
  result.values.clear();
  result.values.reserve(result.interactions.size());
  for (const Coalition coalition : result.interactions) result.values.push_back(interaction(coalition));
  // The sums are those of v − v(∅), and every such index of a constant game is that constant at ∅.
  if (weights.empty_is_weighted()) result.empty_interaction = result.baseline + interaction(0);
  return true;
}

namespace {

// Σ_{T⊇S} m(T) = Σ_{L⊆S} (−1)^{|L|} v(N∖L): the Möbius transform of the game seen from the grand coalition, up to a
// sign.
bool co_moebius(std::vector<double>& from_the_top, InteractionValues& result) {
  std::reverse(from_the_top.begin(), from_the_top.end());
  const double offset = from_the_top[0];
  for (double& value : from_the_top) value -= offset;
  moebius_transform(from_the_top);
  result.values.clear();
  for (const Coalition coalition : result.interactions) {
    const double value = from_the_top[coalition];
    result.values.push_back(size_of(coalition) % 2 == 0 ? value : 0.0 - value);
  }
  return true;
}

}  // namespace

bool indices_from_moebius(std::span<const double> table, InteractionValues& result) {
  std::vector<double> moebius(table.begin(), table.end());
  if (!std::all_of(moebius.begin(), moebius.end(), [](double value) { return std::isfinite(value); })) return false;
  if (result.index == InteractionIndex::co_moebius) return co_moebius(moebius, result);
  for (double& value : moebius) value -= result.baseline;
  moebius_transform(moebius);

  const CardinalWeights weights(result.index, result.order, result.players);
  std::vector<double> weighted;
  const auto weigh = [&](int s) {
    weighted = moebius;
    for (std::size_t t = 0; t < weighted.size(); ++t) {
      const int size = size_of(t);
      weighted[t] *= size < s ? 0.0 : weights.moebius(s, size);
    }
  };
  result.values.clear();
  result.values.reserve(result.interactions.size());
  int prepared = 0;
  for (const Coalition coalition : result.interactions) {
    const int s = size_of(coalition);
    if (weights.is_moebius(s)) {
      result.values.push_back(moebius[coalition]);
      continue;
    }
    if (s != prepared) {
      weigh(s);
      superset_sum_transform(weighted);
      prepared = s;
    }
    result.values.push_back(weighted[coalition]);
  }
  if (weights.empty_is_weighted()) {
    weigh(0);
    superset_sum_transform(weighted);  // only entry 0 is needed, but its rounding errors are those of a tree of sums
    result.empty_interaction = result.baseline + weighted[0];
  }
  return true;
}

}  // namespace hyperego::detail
