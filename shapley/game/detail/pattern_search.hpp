#pragma once

#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/core/progress.hpp>
#include <hyperego/shapley/game/detail/coalition_maximiser.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hyperego::detail {

/// Searches the sub-spaces of many coalitions side by side, for predictors that give values alone: what all climbs want
/// to know next is asked in one predict(), because a call of somebody's function costs more than its arithmetic.
///
/// Pattern search (Hooke & Jeeves, Journal of the ACM 8(2), 1961): numbers are moved by ± a step in unit coordinates,
/// discrete hyperparameters to their other values; from what comes back follow parabolas along each number (Powell, The
/// Computer Journal 7(2), 1964), which are tried one by one and together, and a quasi-Newton direction. The step
/// shrinks where it does not pay. Deterministic; what a climb leads to depends on its start alone.
class PatternSearch {
 public:
  struct Start {
    Coalition coalition = 0;
    Candidate candidate;    ///< in the sub-space of the coalition
    double least_gain = 0;  ///< smaller ones are not followed
  };

  /// All must outlive it. `sign` as that of the maximiser. @param progress told of `most_steps` steps a climb(), where
  /// it ends early all of them at once.
  PatternSearch(const BlendPredictor& predictor, const Blends& blends, const CoalitionMaximiser& maximiser, double sign,
                StepCounter& progress)
      : predictor_(&predictor), blends_(&blends), maximiser_(&maximiser), sign_(sign), progress_(&progress) {}

  static constexpr int most_steps = 16;

  /// What each start leads to; never worse than the start. O(most_steps · starts · hyperparameters) predictions in
  /// 2 · most_steps calls. Adds the number of predictions to `predictions`. @throws Stopped; InvalidInput naming the
  /// configuration where a prediction is not finite.
  [[nodiscard]] std::vector<Candidate> climb(std::vector<Start> starts, std::uint64_t& predictions) const;

  /// sign · prediction of each, in one call.
  [[nodiscard]] std::vector<double> values(const std::vector<Configuration>& configurations,
                                           std::uint64_t& predictions) const;

 private:
  class Climb;
  void ask(std::vector<Climb>& climbs, bool for_polls, std::uint64_t& predictions) const;

  const BlendPredictor* predictor_;
  const Blends* blends_;
  const CoalitionMaximiser* maximiser_;
  double sign_;
  StepCounter* progress_;
};

}  // namespace hyperego::detail
