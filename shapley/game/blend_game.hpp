#pragma once

#include <hyperego/shapley/coalitions/value_table.hpp>
#include <hyperego/shapley/game/game.hpp>

#include <memory>
#include <string>
#include <vector>

namespace hyperego {

/// A game over blends that is played on request, for more players than a complete table is affordable for: what
/// estimate_interactions() takes.
///
/// Ablation, sensitivity, tunability and mistunability with the `sampled` maximum. A coalition's value is that of
/// play_game() with closed = false, to the bit; with closed = true the baseline joins the candidates, so that
/// v(S) ≥ v(∅) (≤ for mistunability), but v is not made monotone over subsets: that would need all of them, and a value
/// that depends on what else was played could not be estimated from samples. statuses() says so.
///
/// A batch is predicted in tiles of samples and coalitions on GameOptions::threads threads; values depend neither on
/// these nor on the batch. Larger batches are faster. Not thread-safe; `predictor` and `blends` must outlive it.
class BlendGame {
 public:
  /// Plays ∅. @throws InvalidInput as play_game() does, but for the number of players; also for the `optimized` maximum
  /// (LazyTunability plays that, coalition by coalition).
  BlendGame(const BlendPredictor& predictor, const Blends& blends, const GameOptions& options);
  ~BlendGame();
  BlendGame(BlendGame&&) noexcept;
  BlendGame& operator=(BlendGame&&) noexcept;

  /// v of each, not normalised, larger is better (sensitivity: a variance). O(coalitions · samples) predictions.
  /// @throws InvalidInput naming the configuration where a prediction that counts is not finite;
  /// Stopped.
  [[nodiscard]] std::vector<double> play(std::span<const Coalition> coalitions);
  /// play() as a function; refers to this object.
  [[nodiscard]] CoalitionFunction function();

  [[nodiscard]] int number_of_players() const;
  /// v(∅).
  [[nodiscard]] double empty() const;
  /// Coalitions played, with repetitions, and configurations the predictor was asked for.
  [[nodiscard]] std::size_t played() const;
  [[nodiscard]] std::uint64_t predictions() const;
  /// Smallest share of samples that counted in a coalition played, in [0, 1].
  [[nodiscard]] double lowest_legal_share() const;
  /// What a reader of the values should know, in sentences, as far as it was played.
  [[nodiscard]] std::vector<std::string> statuses() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hyperego
