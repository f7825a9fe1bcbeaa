#include <hyperego/core/error.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/detail/evaluated_game.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego::detail {

EvaluatedGame::EvaluatedGame(int players, const CoalitionFunction& game, std::size_t budget)
    : players_(players), game_(&game), budget_(budget) {
  const Coalition nobody[] = {0};
  evaluate(nobody);
  baseline_ = values_.at(0);
  scale_ = std::abs(baseline_);
  values_.at(0) = 0;
}

void EvaluatedGame::evaluate(std::span<const Coalition> coalitions) {
  std::vector<Coalition> fresh;
  for (const Coalition coalition : coalitions) {
    if (values_.try_emplace(coalition, 0.0).second) fresh.push_back(coalition);
  }
  if (fresh.empty()) return;
  order_.insert(order_.end(), fresh.begin(), fresh.end());
  const std::vector<double> values = (*game_)(fresh);
  if (values.size() != fresh.size()) {
    throw InvalidInput("game", "returned " + std::to_string(values.size()) + " values for " +
                                   std::to_string(fresh.size()) + " coalitions; return one for each");
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) {
      throw InvalidInput("game", "v({" + coalition_key(fresh[i]) + "}) is " + std::to_string(values[i]) +
                                     "; every coalition needs a finite value");
    }
    const double relative = values[i] - baseline_;
    values_.at(fresh[i]) = relative;
    scale_ = std::max(scale_, std::abs(relative));
  }
}

double EvaluatedGame::value(Coalition coalition) {
  const auto found = values_.find(coalition);
  if (found != values_.end()) return found->second;
  const Coalition one[] = {coalition};
  evaluate(one);
  return values_.at(coalition);
}

}  // namespace hyperego::detail
