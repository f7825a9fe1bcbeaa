#pragma once

#include <hyperego/core/option.hpp>
#include <hyperego/shapley/game/selection.hpp>

#include <optional>
#include <vector>

namespace hyperego {

/// When and what to freeze.
struct FreezingOptions {
  /// Before the search, what a game leaves out, in the phases of `schedule` (GameSlices); or after it, what of the
  /// place found in the full space is not worth changing, in every phase that has a model (FreezeAfter).
  enum class Order { before, after };
  /// Unless given: before with up to `most_players` hyperparameters, of which the game plays all coalitions; after with
  /// more, where hardly any slice promises as much as the full space.
  std::optional<Order> order = std::nullopt;
  /// Share of the acquisition's maximum that is kept where hyperparameters go back after the search. In (0, 1].
  double kept_improvement = 0.9;
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

[[nodiscard]] std::vector<Option> options_of(FreezingOptions& o);

}  // namespace hyperego
