#pragma once

#include <hyperego/shapley/coalitions/value_table.hpp>

#include <span>
#include <unordered_map>
#include <vector>

namespace hyperego::detail {

/// A game behind a memory: every coalition is evaluated once and counts once. Values are relative to v(∅).
class EvaluatedGame {
 public:
  EvaluatedGame(int players, const CoalitionFunction& game, std::size_t budget);

  /// Evaluates those not seen before, in one batch. The caller keeps within remaining().
  void evaluate(std::span<const Coalition> coalitions);
  /// v(S) − v(∅), evaluated now if need be.
  [[nodiscard]] double value(Coalition coalition);
  [[nodiscard]] bool known(Coalition coalition) const { return values_.contains(coalition); }

  /// All evaluated so far, in the order of their evaluation.
  [[nodiscard]] const std::vector<Coalition>& coalitions() const { return order_; }

  [[nodiscard]] int players() const { return players_; }
  [[nodiscard]] double baseline() const { return baseline_; }
  /// Largest |v(S) − v(∅)| and |v(∅)| so far: the scale of rounding errors.
  [[nodiscard]] double scale() const { return scale_; }
  [[nodiscard]] std::size_t evaluated() const { return values_.size(); }
  [[nodiscard]] std::size_t remaining() const { return budget_ - values_.size(); }

 private:
  int players_;
  const CoalitionFunction* game_;
  std::size_t budget_;
  double baseline_ = 0;
  double scale_ = 0;
  std::unordered_map<Coalition, double> values_;
  std::vector<Coalition> order_;
};

}  // namespace hyperego::detail
