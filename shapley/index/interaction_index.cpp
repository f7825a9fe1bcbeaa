#include <hyperego/core/error.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/index/detail/exact_indices.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>
#include <hyperego/shapley/index/moebius.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

namespace hyperego {
namespace {

constexpr std::array<std::string_view, 11> index_names = {"SV",   "BV",   "SII",  "BII",     "CHII",      "k-SII",
                                                          "STII", "FSII", "FBII", "Moebius", "Co-Moebius"};

void check_finite(std::span<const double> table) {
  for (std::size_t s = 0; s < table.size(); ++s) {
    if (std::isfinite(table[s])) continue;
    throw InvalidInput("value table", "v({" + coalition_key(s) + "}), entry " + std::to_string(s) + ", is " +
                                          std::to_string(table[s]) + "; every coalition needs a finite value");
  }
}

bool all_finite(const InteractionValues& result) {
  const auto finite = [](double value) { return std::isfinite(value); };
  return std::all_of(result.values.begin(), result.values.end(), finite) && finite(result.empty_interaction);
}

}  // namespace

std::string_view to_string(InteractionIndex index) { return index_names[static_cast<std::size_t>(index)]; }

InteractionIndex interaction_index_of(std::string_view name) {
  for (std::size_t i = 0; i < index_names.size(); ++i) {
    if (edit_distance(name, index_names[i]) == 0) return static_cast<InteractionIndex>(i);
  }
  std::string known;
  for (const std::string_view candidate : index_names) known += (known.empty() ? "" : ", ") + std::string(candidate);
  throw InvalidInput("index", "there is no interaction index \"" + std::string(name) + "\" (there are " + known + ")" +
                                  did_you_mean(name, index_names));
}

int default_order(InteractionIndex index, int players) {
  if (index == InteractionIndex::sv || index == InteractionIndex::bv) return 1;
  if (index == InteractionIndex::moebius || index == InteractionIndex::co_moebius) return players;
  return std::min(2, players);
}

void check_order(InteractionIndex index, int order, int players) {
  const std::string name(to_string(index));
  if (order < 1) {
    throw InvalidInput("order", std::to_string(order) + " does not exist; interactions have at least one player");
  }
  if ((index == InteractionIndex::sv || index == InteractionIndex::bv) && order != 1) {
    throw InvalidInput("order", name + " has order 1 only, not " + std::to_string(order) + "; use " +
                                    (index == InteractionIndex::sv ? "SII, k-SII, STII or FSII" : "BII or FBII") +
                                    " for interactions");
  }
  if (order > players) {
    throw InvalidInput("order", std::to_string(order) + " is more than the " + std::to_string(players) +
                                    " players of the game; use 1 to " + std::to_string(players));
  }
}

std::size_t InteractionValues::position(Coalition interaction) const {
  const int size = size_of(interaction);
  if (size < 1 || size > order || (interaction & ~grand_coalition(players)) != 0) {
    throw InvalidInput("interaction", "{" + coalition_key(interaction) + "} is not one of 1 to " +
                                          std::to_string(order) + " out of " + std::to_string(players) + " players");
  }
  std::size_t before = 0;
  for (int smaller = 1; smaller < size; ++smaller) before += binomial_coefficient(players, smaller);
  return before + lexicographic_rank(interaction, players);
}

std::vector<Coalition> interactions_up_to(int players, int order) {
  std::vector<Coalition> interactions;
  std::size_t count = 0;
  for (int size = 1; size <= order; ++size) count += binomial_coefficient(players, size);
  interactions.reserve(count);
  for (int size = 1; size <= order; ++size) {
    const std::vector<Coalition> same_size = coalitions_of_size(players, size);
    interactions.insert(interactions.end(), same_size.begin(), same_size.end());
  }
  return interactions;
}

InteractionValues interaction_values(std::span<const double> table, InteractionIndex index, int order) {
  const int players = players_of_table(table.size());
  if (players < 1)
    throw InvalidInput("value table", "has one value, a game without players; give 2^n values with n ≥ 1");
  check_order(index, order, players);
  InteractionValues result;
  result.index = index;
  result.order = order;
  result.players = players;
  result.interactions = interactions_up_to(players, order);
  result.baseline = table[0];
  result.empty_interaction = table[0];
  // Few small interactions: one pass over the table. Many: the Möbius transform.
  const bool one_pass = order <= 3 && index != InteractionIndex::co_moebius;
  const bool finite =
      one_pass ? detail::indices_from_graded_sums(table, result) : detail::indices_from_moebius(table, result);
  if (!finite || !all_finite(result)) {
    check_finite(table);
    throw InvalidInput("value table", "its values are so large that sums of them overflow; divide them by a constant");
  }
  return result;
}

std::vector<double> shapley_values(std::span<const double> table) {
  return interaction_values(table, InteractionIndex::sv, 1).values;
}

nlohmann::ordered_json to_json(const InteractionValues& values) {
  nlohmann::ordered_json members = nlohmann::ordered_json::object();
  // Keys are unique by construction; ordered_json would search all of them for every new one.
  auto& entries = members.get_ref<nlohmann::ordered_json::object_t&>();
  entries.reserve(values.values.size());
  for (std::size_t i = 0; i < values.values.size(); ++i) {
    entries.Container::emplace_back(coalition_key(values.interactions[i]), values.values[i]);
  }
  return {{"index", to_string(values.index)},
          {"order", values.order},
          {"values", std::move(members)},
          {"baseline", values.baseline},
          {"empty_interaction", values.empty_interaction}};
}

}  // namespace hyperego
