#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/detail/unanimity_model.hpp>

#include <algorithm>

namespace hyperego::detail {

void UnanimityModel::add_index(const CardinalWeights& weights, InteractionValues& values) const {
  for (const Term& term : terms) {
    const std::vector<int> players = players_of(term.coalition);
    const int t = static_cast<int>(players.size());
    if (weights.empty_is_weighted()) values.empty_interaction += weights.moebius(0, t) * term.coefficient;
    for (int s = 1; s <= std::min(values.order, t); ++s) {
      const double contribution = weights.moebius(s, t) * term.coefficient;
      for (const Coalition positions : coalitions_of_size(t, s)) {
        Coalition interaction = 0;
        for_each_player(positions, [&](int p) { interaction |= singleton(players[static_cast<std::size_t>(p)]); });
        values.values[values.position(interaction)] += contribution;
      }
    }
  }
}

}  // namespace hyperego::detail
