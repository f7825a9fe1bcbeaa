#pragma once

#include <hyperego/core/coalition.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/moo/search/freezing_options.hpp>
#include <hyperego/moo/search/search_state.hpp>
#include <hyperego/moo/search/slice_chooser.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace hyperego {

struct FreezingGame;

/// Freezes what a HyperSHAP tunability game says does not matter for a weight vector (Theodorakopoulos, Wever &
/// Lindauer, arXiv 2601.03166; games by Wever et al., AAAI 2026, arXiv 2502.01276).
///
/// In phases of the schedule with τ > 0 the game of the fitted model, with the incumbent λ0 as baseline, says how much
/// of the reachable gain each set of hyperparameters can win; the others are frozen at their values in λ0. Where the
/// game is not to be trusted nothing is frozen, and the decision says so.
class GameSlices final : public SliceChooser {
 public:
  /// `state` must outlive it. @throws InvalidInput for options that are not valid.
  GameSlices(const SearchState& state, FreezingOptions options);

  [[nodiscard]] std::optional<Slice> choose(const FittedScalarization& fitted, Decision& decision) override;
  /// τ in the phase of a trial.
  [[nodiscard]] double threshold(std::uint64_t trial) const;
  /// Plays the game of a weight vector and records it with its Shapley values and baseline. There are at most
  /// `max_players` searched hyperparameters.
  FreezingGame play(const FittedScalarization& fitted, double tau, Decision& decision);
  [[nodiscard]] double least_improvement_share() const override { return options_.least_improvement_share; }
  /// The best set of the next larger size that was played.
  [[nodiscard]] std::optional<Slice> widen(double share, Decision& decision) override;
  /// "free": the names of the last free set, while freezing.
  void save(nlohmann::ordered_json& state) const override;
  /// @throws InvalidInput where it names a hyperparameter that is not searched.
  void load(const JsonReader& state) override;

 private:
  [[nodiscard]] int players() const;
  /// A value for every hyperparameter: that of λ0 where set there, else that of the best-predicted completed
  /// configuration in which it is set, else its default.
  [[nodiscard]] Configuration completed_baseline(const FittedScalarization& fitted) const;
  /// A value for every hyperparameter.
  [[nodiscard]] Configuration values_to_freeze(const Configuration& incumbent, std::uint64_t trial) const;
  std::optional<Slice> unfrozen(Decision& decision, std::string reason);
  [[nodiscard]] std::optional<Slice> freeze_all_but(Coalition free, const std::string& why, Decision& decision);

  const SearchState& state_;
  FreezingOptions options_;
  Configuration completion_;            // of the last game: a value for every hyperparameter
  double gain_ = 0;                     // of the last game: v(N) − v(∅)
  std::optional<Coalition> last_free_;  // while freezing; nothing after a trial in the whole domain
};

}  // namespace hyperego
