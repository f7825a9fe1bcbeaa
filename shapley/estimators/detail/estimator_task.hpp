#pragma once

#include <hyperego/shapley/estimators/detail/evaluated_game.hpp>
#include <hyperego/shapley/estimators/detail/unanimity_model.hpp>
#include <hyperego/shapley/estimators/estimate.hpp>

namespace hyperego::detail {

/// What an estimator works on: the remainder v − v(∅) − model, and the estimate to fill in (values of the remainder,
/// their standard errors, the reason for stopping and notes).
struct EstimatorTask {
  EvaluatedGame& game;
  const UnanimityModel& model;
  const CardinalWeights& weights;
  const EstimatorOptions& options;
  Estimate& estimate;

  [[nodiscard]] double remainder(Coalition coalition) { return game.value(coalition) - model(coalition); }
  /// ∅ and N are known already.
  [[nodiscard]] std::size_t budget() const { return game.remaining() + 2; }
  /// Budgets at which to look at the standard errors: doubling up to all of it where there is a target, else all of it
  /// at once.
  [[nodiscard]] std::vector<std::size_t> stages(std::size_t least) const;
  /// Sets the empty interaction, where the index weighs all coalitions for it, from the mean remainder of every size 0
  /// … n.
  void set_empty_interaction(const std::vector<double>& size_means);
  /// Whether the target is met; sets the reason for stopping.
  bool target_met();
};

void estimate_by_permutations(EstimatorTask& task);
void estimate_by_regression(EstimatorTask& task);
void estimate_by_strata(EstimatorTask& task);
void estimate_by_kernel_shap_iq(EstimatorTask& task);

}  // namespace hyperego::detail
