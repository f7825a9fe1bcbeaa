#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/index/detail/cardinal_weights.hpp>

#include <boost/multiprecision/cpp_bin_float.hpp>

namespace hyperego::detail {
namespace {

using Real = boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;

Real choose(int n, int k) { return Real(binomial_coefficient(n, k)); }

// B_0 … B_order with B_1 = −1/2, from Σ_{j ≤ m} C(m+1, j) B_j = 0.
std::vector<Real> bernoulli_numbers(int order) {
  std::vector<Real> numbers{Real(1)};
  for (int m = 1; m <= order; ++m) {
    Real sum = 0;
    for (int j = 0; j < m; ++j) sum += choose(m + 1, j) * numbers[static_cast<std::size_t>(j)];
    numbers.push_back(-sum / (m + 1));
  }
  return numbers;
}

// The aggregation of SII by Bernoulli numbers, carried through to the Möbius transform.
Real k_sii_weight(int s, int t, int order, const std::vector<Real>& bernoulli) {
  Real sum = 0;
  for (int r = 0; r <= std::min(order, t) - s; ++r) {
    sum += choose(t - s, r) * bernoulli[static_cast<std::size_t>(r)] / (t - s - r + 1);
  }
  return sum;
}

Real fsii_weight(int s, int t, int k) {
  if (t <= k) return t == s ? 1 : 0;
  if (s == 0) return 0;
  const Real factor = choose(k, s) * s / (k + s) * ((k - s) % 2 == 0 ? 1 : -1);
  return factor * choose(t - 1, k) / Real(choose(t + k - 1, k + s));
}

Real fbii_weight(int s, int t, int k) {
  if (t <= k) return t == s ? 1 : 0;
  const Real sum = choose(t - s - 1, k - s) / Real(std::uint64_t{1} << static_cast<unsigned>(t - s));
  return (k - s) % 2 == 0 ? sum : Real(-sum);
}

Real moebius_weight(InteractionIndex index, int s, int t, int order, const std::vector<Real>& bernoulli) {
  switch (index) {
    case InteractionIndex::sv:
    case InteractionIndex::sii:
      return Real(1) / (t - s + 1);
    case InteractionIndex::bv:
    case InteractionIndex::bii:
      return Real(1) / Real(std::uint64_t{1} << static_cast<unsigned>(t - s));
    case InteractionIndex::chii:
      return s == 0 ? Real(t == 0 ? 1 : 0) : Real(s) / t;
    case InteractionIndex::k_sii:
      return k_sii_weight(s, t, order, bernoulli);
    case InteractionIndex::stii:
      return s < order ? Real(t == s ? 1 : 0) : Real(1) / choose(t, order);
    case InteractionIndex::fsii:
      return fsii_weight(s, t, order);
    case InteractionIndex::fbii:
      return fbii_weight(s, t, order);
    case InteractionIndex::moebius:
      return t == s ? 1 : 0;
    case InteractionIndex::co_moebius:
      return 1;
  }
  return 0;
}

bool weighted_empty(InteractionIndex index) {
  return index == InteractionIndex::bv || index == InteractionIndex::bii || index == InteractionIndex::sii ||
         index == InteractionIndex::fbii;
}

bool is_unit(const std::vector<Real>& weights, int s) {
  for (std::size_t t = static_cast<std::size_t>(s); t < weights.size(); ++t) {
    if (weights[t] != (static_cast<int>(t) == s ? 1 : 0)) return false;
  }
  return true;
}

}  // namespace

CardinalWeights::CardinalWeights(InteractionIndex index, int order, int players)
    : players_(players), empty_is_weighted_(weighted_empty(index)) {
  const auto cells = static_cast<std::size_t>(order + 1) * static_cast<std::size_t>(players + 1);
  moebius_.assign(cells, 0.0);
  coalition_.assign(cells, 0.0);
  const std::vector<Real> bernoulli = index == InteractionIndex::k_sii ? bernoulli_numbers(order) : std::vector<Real>{};
  std::vector<Real> weights(static_cast<std::size_t>(players + 1));
  for (int s = 0; s <= order; ++s) {
    for (int t = s; t <= players; ++t) {
      weights[static_cast<std::size_t>(t)] = moebius_weight(index, s, t, order, bernoulli);
      moebius_[cell(s, t)] = static_cast<double>(weights[static_cast<std::size_t>(t)]);
    }
    plain_.push_back(is_unit(weights, s));
    if (plain_.back()) {
      coalition_[cell(s, s)] = 1;
      continue;
    }
    // Repeated differences: after n − u of them the entry u holds Σ_r (−1)^r C(n−u, r) w(u+r).
    coalition_[cell(s, players)] = static_cast<double>(weights[static_cast<std::size_t>(players)]);
    for (int u = players - 1; u >= s; --u) {
      for (int t = s; t <= u; ++t) weights[static_cast<std::size_t>(t)] -= weights[static_cast<std::size_t>(t + 1)];
      coalition_[cell(s, u)] = static_cast<double>(weights[static_cast<std::size_t>(u)]);
    }
  }
}

}  // namespace hyperego::detail
