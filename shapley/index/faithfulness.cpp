#include <hyperego/core/error.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/index/faithfulness.hpp>
#include <hyperego/shapley/index/moebius.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

namespace hyperego {
namespace {

// Per size: the share of the Shapley kernel of a single coalition of that size; 0 for sizes 0 and n.
std::vector<double> shapley_kernel(int players) {
  std::vector<double> weight(static_cast<std::size_t>(players + 1), 0.0);
  double sum = 0;
  for (int s = 1; s < players; ++s) sum += 1.0 / (static_cast<double>(s) * (players - s));
  for (int s = 1; s < players; ++s) {
    weight[static_cast<std::size_t>(s)] =
        1.0 / (sum * s * (players - s) * static_cast<double>(binomial_coefficient(players, s)));
  }
  return weight;
}

}  // namespace

Faithfulness faithfulness(std::span<const double> table, const InteractionValues& explanation) {
  const int players = players_of_table(table.size());
  if (players != explanation.players) {
    throw InvalidInput("explanation", "is of a game of " + std::to_string(explanation.players) +
                                          " players, the table of " + std::to_string(players));
  }
  std::vector<double> fitted(table.size(), 0.0);  // relative to v(∅)
  fitted[0] = explanation.index == InteractionIndex::fbii ? explanation.empty_interaction - table[0] : 0.0;
  for (std::size_t i = 0; i < explanation.interactions.size(); ++i) {
    fitted[explanation.interactions[i]] = explanation.values[i];
  }
  inverse_moebius_transform(fitted);

  const std::vector<double> kernel = shapley_kernel(players);
  const auto weight = [&](std::size_t s) { return kernel[static_cast<std::size_t>(size_of(s))]; };
  double mean = 0;
  for (std::size_t s = 0; s < table.size(); ++s) mean += weight(s) * (table[s] - table[0]);
  Faithfulness result;
  double scale = 0;
  for (std::size_t s = 0; s < table.size(); ++s) {
    const double value = table[s] - table[0];
    result.residual += weight(s) * (value - fitted[s]) * (value - fitted[s]);
    result.total += weight(s) * (value - mean) * (value - mean);
    scale = std::max({scale, std::abs(table[s]), std::abs(fitted[s])});
  }
  // Squares of rounding errors are nothing to divide by.
  const double nothing = std::pow(64 * std::numeric_limits<double>::epsilon() * scale, 2);
  if (result.total > nothing) {
    result.r_squared = 1 - result.residual / result.total;
  } else {
    result.r_squared = result.residual <= nothing ? 1 : 0;
  }
  return result;
}

}  // namespace hyperego
