#include <hyperego/moo/search/freezing_options.hpp>

#include <string>

namespace hyperego {

std::vector<Option> options_of(FreezingOptions& o) {
  using Values = FreezingOptions::FrozenValues;
  const auto has_slices = [&o] { return o.order != FreezingOptions::Order::after; };
  const std::string of_slices = "belongs to freezing before the search; remove it, or \"freeze\": \"after\"";
  return {
      word_option(
          "freeze", o.order,
          {{"automatic", std::nullopt},
           {"before", FreezingOptions::Order::before},
           {"after", FreezingOptions::Order::after}},
          "what a game leaves out, before the search, in the phases of `schedule`; or what of the place found in "
          "the full space is not worth changing, in every phase with a model; `automatic`: before with up to "
          "`most_players` hyperparameters or with other `frozen_values`, after with more"),
      option("kept_improvement", o.kept_improvement, {0.01, 1},
             "share of the acquisition's maximum that is kept where hyperparameters go back after the search"),
      option(
          "schedule", o.schedule, {0, 1},
          "τ in equal phases of the budget: the share of the game's gain that the free hyperparameters must reach; 0 "
          "searches the full space"),
      word_option("selection", o.selection,
                  named({SelectionRule::coalition, SelectionRule::cumulative, SelectionRule::quantile,
                         SelectionRule::random, SelectionRule::none}),
                  "which hyperparameters stay free (`random` is a control only with `least_improvement_share` 0: sets "
                  "grow by the game)"),
      word_option("frozen_values", o.frozen_values,
                  {{"incumbent", Values::incumbent}, {"default", Values::defaults}, {"random", Values::random}},
                  "values at which the others are frozen. (Values other than the incumbent's rarely pass "
                  "`least_improvement_share`; for a comparison set that to 0)")
          .only_where(has_slices, of_slices),
      option("game_samples", o.game_samples, {1, 1'000'000},
             "configurations that are blended for the maxima of the game"),
      option("most_players", o.most_players, {1, 20}, "up to so many hyperparameters all coalitions are played"),
      option("coalition_budget", o.coalition_budget, {1, 1'000'000},
             "coalitions that are played with more hyperparameters, best first"),
      option("least_improvement_share", o.least_improvement_share, {0, 1},
             "*improvement check*: share of the full space's expected improvement that the slice must promise; if it "
             "does not, the free set grows. 0: no check")
          .only_where(has_slices, of_slices),
      option("trusted_gain", o.trusted_gain, {0, 1e6},
             "*trust check*: nothing is frozen unless the game's gain exceeds this share of the model's standard "
             "deviation at the game's maximiser")
          .only_where(has_slices, of_slices),
      option("trusted_fit", o.trusted_fit, {-1e6, 1},
             "*trust check*: nothing is frozen unless the model's leave-one-out R² exceeds this")
          .only_where(has_slices, of_slices),
      option("hysteresis", o.hysteresis, {0, 1},
             "the last free set stays where it reaches τ less this share of the gain and is no larger than the new "
             "one")
          .only_where(has_slices, of_slices)};
}

void FreezingOptions::validate() const { check_options_of(*this); }

}  // namespace hyperego
