#pragma once

#include <hyperego/core/coalition.hpp>
#include <hyperego/moo/optimizer/parego.hpp>
#include <hyperego/shapley/game/selection.hpp>

#include <optional>
#include <vector>

namespace hyperego {

/// When and what to freeze.
struct FreezingOptions {
  /// Thresholds τ of equal phases of the budget: 0 searches the full space, larger keeps more of the game's gain free.
  std::vector<double> schedule = {0, 0.8, 0};
  SelectionRule selection = SelectionRule::coalition;
  /// What the others are held at: the incumbent's values (completed by the best trial that has the hyperparameter),
  /// their defaults, or values drawn anew for every trial. The game is about the incumbent in any case.
  enum class FrozenValues { incumbent, defaults, random } frozen_values = FrozenValues::incumbent;
  /// Candidates that are blended for the maxima of the game, before local search.
  int game_samples = 500;
  /// Up to so many hyperparameters all 2^d coalitions are played; above, best first by size.
  int most_players = 10;
  /// Coalitions that may be played above that.
  int coalition_budget = 60;
  /// Freeze only where the gain v(N) − v(∅) exceeds this share of the posterior deviation at the maximiser …
  double trusted_gain = 0.1;
  /// … and the leave-one-out R² of the model this.
  double trusted_fit = 0;
  /// The last free set stays where it reaches τ less this share of the gain and is no larger than the new one.
  double hysteresis = 0.05;
  /// What is free must promise this share of the expected improvement of the full space; until it does, the best set of
  /// the next larger size takes its place, in the end the full space. 0: whatever it promises.
  double least_improvement_share = 0.95;

  /// @throws InvalidInput naming the field.
  void validate() const;
};

/// ParEGO that plays a HyperSHAP tunability game for every weight vector and searches only the hyperparameters that
/// matter for it (Theodorakopoulos, Wever & Lindauer, arXiv 2601.03166; games by Wever et al., AAAI 2026, arXiv
/// 2502.01276).
///
/// In phases of the schedule with τ > 0 the game of the fitted model, with the incumbent λ0 as baseline, says how much
/// of the reachable gain each set of hyperparameters can win; the others are frozen at their values in λ0, as long as
/// that costs next to none of the expected improvement. The model itself always sees all dimensions. Where the game is
/// not to be trusted nothing is frozen, and the decision says so.
class HpiParEgo final : public ParEgo {
 public:
  HpiParEgo(OptimizationProblem problem, const ParEgoOptions& options, FreezingOptions freezing);

  [[nodiscard]] std::string_view name() const override { return "hpi-parego"; }

 protected:
  [[nodiscard]] Slice choose_slice(const Scalarization& scalarization, Decision& decision) override;
  [[nodiscard]] double least_improvement_share() const override { return freezing_.least_improvement_share; }
  [[nodiscard]] Slice widen_slice(double share, Decision& decision) override;
  void save_state(nlohmann::ordered_json& state) const override;
  void load_state(const JsonReader& state) override;

 private:
  [[nodiscard]] double threshold(std::uint64_t trial) const;
  /// A value for every hyperparameter.
  [[nodiscard]] Configuration values_to_freeze(const Configuration& incumbent, std::uint64_t trial) const;
  [[nodiscard]] Slice unfrozen(Decision& decision, std::string reason);
  [[nodiscard]] Slice freeze_all_but(Coalition free, const std::string& why, Decision& decision);

  FreezingOptions freezing_;
  Configuration completion_;            // of the last game: a value for every hyperparameter
  double gain_ = 0;                     // of the last game: v(N) − v(∅)
  std::optional<Coalition> last_free_;  // while freezing; nothing after a trial in the full space
};

}  // namespace hyperego
