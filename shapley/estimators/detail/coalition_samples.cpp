#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/detail/coalition_samples.hpp>

#include <algorithm>

namespace hyperego::detail {

Coalition random_coalition(Rng& rng, int players, int size) {
  // Floyd's algorithm: size draws, no rejection.
  Coalition coalition = 0;
  for (int j = players - size; j < players; ++j) {
    const auto pick = static_cast<int>(rng.below(static_cast<std::uint64_t>(j) + 1));
    coalition |= contains(coalition, pick) ? singleton(j) : singleton(pick);
  }
  return coalition;
}

std::vector<std::size_t> allocate_sizes(int players, std::size_t budget, const std::vector<double>& share,
                                        const std::vector<bool>& forced) {
  const auto sizes = static_cast<std::size_t>(players + 1);
  std::vector<std::size_t> counts(sizes, 0);
  std::vector<bool> open(sizes, true);
  double remaining = static_cast<double>(budget);
  const auto enumerate = [&](std::size_t l) {
    counts[l] = binomial_coefficient(players, static_cast<int>(l));
    open[l] = false;
    remaining -= static_cast<double>(counts[l]);
  };
  for (std::size_t l = 0; l < sizes; ++l) {
    if (l == 0 || l + 1 == sizes || forced[l]) enumerate(l);
  }
  for (bool changed = true; changed;) {
    changed = false;
    double total = 0;
    double spread = remaining;
    for (std::size_t l = 0; l < sizes; ++l) {
      total += open[l] ? share[l] : 0.0;
      spread -= open[l] ? 1.0 : 0.0;
    }
    for (std::size_t l = 0; l < sizes && !changed; ++l) {
      if (!open[l] || total <= 0) continue;
      const double quota = 1 + std::max(0.0, spread) * share[l] / total;
      counts[l] = static_cast<std::size_t>(quota);
      if (quota >= static_cast<double>(binomial_coefficient(players, static_cast<int>(l)))) {
        enumerate(l);
        changed = true;
      }
    }
  }
  return counts;
}

CoalitionSamples::CoalitionSamples(int players, std::uint64_t seed, bool paired) : players_(players), paired_(paired) {
  for (int size = 0; size <= players; ++size) {
    sequences_.push_back({Rng(seed, "coalitions of one size", static_cast<std::uint64_t>(size)), {}, {}});
  }
}

std::vector<Coalition> CoalitionSamples::first(int size, std::size_t count) {
  if (count == binomial_coefficient(players_, size)) return coalitions_of_size(players_, size);
  const bool mirrored = paired_ && 2 * size > players_;
  Sequence& sequence = sequences_[static_cast<std::size_t>(mirrored ? players_ - size : size)];
  const int own_size = mirrored ? players_ - size : size;
  const auto add = [&](Coalition coalition) {
    if (sequence.seen.insert(coalition).second) sequence.coalitions.push_back(coalition);
  };
  while (sequence.coalitions.size() < count) {
    const Coalition coalition = random_coalition(sequence.rng, players_, own_size);
    add(coalition);
    if (paired_ && 2 * own_size == players_) add(grand_coalition(players_) & ~coalition);
  }
  std::vector<Coalition> result(sequence.coalitions.begin(),
                                sequence.coalitions.begin() + static_cast<std::ptrdiff_t>(count));
  if (mirrored) {
    for (Coalition& coalition : result) coalition = grand_coalition(players_) & ~coalition;
  }
  return result;
}

}  // namespace hyperego::detail
