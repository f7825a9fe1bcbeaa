#include <hyperego/core/error.hpp>
#include <hyperego/core/quantile.hpp>
#include <hyperego/shapley/game/selection.hpp>

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

namespace hyperego {
namespace {

constexpr std::array<std::string_view, 5> rule_names{"cumulative", "quantile", "coalition", "random", "none"};

void require_threshold(double threshold) {
  if (!(threshold >= 0 && threshold <= 1)) throw InvalidInput("threshold", "it must be in [0, 1]");
}

std::string percent(double share) { return std::to_string(static_cast<int>(std::lround(100 * share))) + " %"; }

int strongest(std::span<const double> values, std::span<const double> shapley_values) {
  if (!shapley_values.empty()) {
    return static_cast<int>(std::max_element(shapley_values.begin(), shapley_values.end()) - shapley_values.begin());
  }
  int best = 0;
  for (int p = 1; (std::size_t{1} << p) < values.size(); ++p) {
    if (values[std::size_t{1} << p] > values[std::size_t{1} << best]) best = p;
  }
  return best;
}

Coalition apply(SelectionRule rule, std::span<const double> values, std::span<const double> shapley_values,
                double threshold, int players, std::uint64_t seed) {
  switch (rule) {
    case SelectionRule::cumulative:
      return select_cumulative(shapley_values, threshold);
    case SelectionRule::quantile:
      return select_quantile(shapley_values, threshold);
    case SelectionRule::coalition:
      return select_coalition(values, threshold);
    case SelectionRule::random: {
      Rng rng(seed, "random selection");
      return select_random(players, std::max(1, size_of(select_coalition(values, threshold))), rng);
    }
    default:
      return grand_coalition(players);
  }
}

}  // namespace

std::string_view to_string(SelectionRule rule) { return rule_names[static_cast<std::size_t>(rule)]; }

Coalition select_cumulative(std::span<const double> shapley_values, double threshold) {
  std::vector<std::size_t> order(shapley_values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return shapley_values[a] > shapley_values[b]; });
  double total = 0;
  for (const std::size_t i : order) total += std::max(0.0, shapley_values[i]);
  const double least = std::min(0.05, 1 - threshold) * total;
  Coalition selected = 0;
  double sum = 0;
  for (const std::size_t i : order) {
    if (sum >= threshold * total || shapley_values[i] <= 0 || shapley_values[i] <= least) break;
    selected |= Coalition{1} << i;
    sum += shapley_values[i];
  }
  return selected;
}

Coalition select_quantile(std::span<const double> shapley_values, double threshold) {
  if (shapley_values.empty()) return 0;
  std::vector<double> sorted(shapley_values.begin(), shapley_values.end());
  std::sort(sorted.begin(), sorted.end());
  const double quantile = quantile_of_sorted(sorted, threshold);
  Coalition selected = 0;
  for (std::size_t i = 0; i < shapley_values.size(); ++i) {
    if (shapley_values[i] > quantile) selected |= Coalition{1} << i;
  }
  return selected;
}

Coalition select_coalition(std::span<const double> values, double threshold) {
  const double needed = threshold * (values.back() - values.front());
  Coalition best = values.size() - 1;
  for (std::size_t s = 0; s < values.size(); ++s) {
    // Rounding must not disqualify a coalition that gains all there is.
    const bool enough = values[s] - values.front() >= needed || values[s] >= values.back();
    if (!enough) continue;
    const int size = size_of(s);
    if (size < size_of(best) || (size == size_of(best) && values[s] > values[best])) best = s;
  }
  return best;
}

Coalition select_random(int players, int size, Rng& rng) {
  std::vector<int> order(static_cast<std::size_t>(players));
  std::iota(order.begin(), order.end(), 0);
  Coalition selected = 0;
  for (int k = 0; k < std::min(size, players); ++k) {
    const auto remaining = static_cast<std::uint64_t>(players - k);
    std::swap(order[static_cast<std::size_t>(k)], order[static_cast<std::size_t>(k) + rng.below(remaining)]);
    selected |= Coalition{1} << order[static_cast<std::size_t>(k)];
  }
  return selected;
}

Coalition close_over_parents(Coalition coalition, const SearchSpace& space) {
  const std::vector<std::size_t>& players = space.searched();
  std::vector<bool> kept(space.size(), false);
  for (std::size_t p = 0; p < players.size(); ++p) kept[players[p]] = contains(coalition, static_cast<int>(p));
  const std::vector<std::size_t>& order = space.topological_order();
  for (auto child = order.rbegin(); child != order.rend(); ++child) {
    if (!kept[*child]) continue;
    for (const std::size_t parent : space.parents(*child)) kept[parent] = true;
  }
  Coalition closed = 0;
  for (std::size_t p = 0; p < players.size(); ++p) {
    if (kept[players[p]]) closed |= Coalition{1} << p;
  }
  return closed;
}

Selection select_free(SelectionRule rule, std::span<const double> values, std::span<const double> shapley_values,
                      double threshold, const SearchSpace& space, std::uint64_t seed) {
  require_threshold(threshold);
  const int players = static_cast<int>(space.searched().size());
  const bool reads_values = rule == SelectionRule::coalition || rule == SelectionRule::random;
  const bool reads_shapley = rule == SelectionRule::cumulative || rule == SelectionRule::quantile;
  if (reads_values && values.size() != std::size_t{1} << players) {
    throw InvalidInput("values", "the rule " + std::string(to_string(rule)) + " needs the game's whole table of 2^" +
                                     std::to_string(players) + " values");
  }
  if (reads_shapley && shapley_values.size() != static_cast<std::size_t>(players)) {
    throw InvalidInput("shapley_values", "the rule " + std::string(to_string(rule)) + " needs " +
                                             std::to_string(players) + " Shapley values, one for each player");
  }
  const Coalition all = grand_coalition(players);
  if (rule == SelectionRule::none || threshold == 0)
    return {.chosen = all, .free = all, .reason = "everything stays free"};
  const bool gain = reads_values
                        ? values.back() > values.front()
                        : std::any_of(shapley_values.begin(), shapley_values.end(), [](double phi) { return phi > 0; });
  if (!gain) return {.chosen = all, .free = all, .reason = "the game promises no gain, so nothing is frozen"};

  Selection selection;
  selection.chosen = apply(rule, values, shapley_values, threshold, players, seed);
  selection.reason = std::string(to_string(rule)) + " rule at threshold " + percent(threshold);
  if (selection.chosen == 0) {
    selection.chosen = Coalition{1} << strongest(values, shapley_values);
    selection.reason += " keeps nobody, so the most important hyperparameter stays free";
  }
  selection.free = close_over_parents(selection.chosen, space);
  if (selection.free != selection.chosen) selection.reason += ", closed over condition parents";
  return selection;
}

}  // namespace hyperego
