#include <hyperego/moo/turns/turn.hpp>

namespace hyperego {

std::vector<std::unique_ptr<Turn>> turns_in_order(const TurnParts& parts) {
  std::vector<std::unique_ptr<Turn>> turns;
  for (const auto make : {hyperband_turn, initial_turn, first_promotions_turn, few_trials_turn, repeat_turn,
                          random_share_turn, explain_turn, hypervolume_turn, weights_turn}) {
    turns.push_back(make(parts));
  }
  return turns;
}

}  // namespace hyperego
