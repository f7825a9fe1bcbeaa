#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/shapley/game/game_kind.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hyperego {

/// Coalitions with a smaller share of legal samples are reported: their maximum or variance rests on too little.
inline constexpr double low_legal_share = 0.05;

/// A game that has been played: v(S) for every coalition, and what one needs to know to believe it.
struct GameTable {
  GameKind kind = GameKind::tunability;
  MaximumKind maximum = MaximumKind::optimized;
  BlendTreatment treatment = BlendTreatment::repair;
  bool closed = true;  ///< the baseline joined the candidates and v was made monotone over subsets
  double sign = 1;     ///< −1 where the predictor gives something to be minimised

  /// Names of the players; player i is bit i of a coalition.
  std::vector<std::string> players;
  /// v(S) for S = 0 … 2^n − 1, not normalised, larger is better (sensitivity: a variance).
  std::vector<double> values;
  /// Number of samples that counted under each coalition; empty where samples play no part (ablation of all-legal
  /// blends).
  std::vector<std::uint32_t> legal;
  std::size_t samples = 0;
  /// Coalitions without any legal sample: their value is that of their best subset, or v(∅).
  std::vector<Coalition> without_legal_sample;
  /// Players held at the baseline: v(S) = v(S without them), so their importance is exactly 0.
  Coalition held = 0;

  /// The configuration that attains v(S), for every S; empty unless asked for (GameOptions::keep_maximisers).
  std::vector<Configuration> maximisers;

  std::uint64_t seed = 0;
  std::uint64_t predictions = 0;  ///< how many configurations the predictor was asked for
  /// What a reader of the values should know, in sentences; empty when all is well.
  std::vector<std::string> statuses;

  [[nodiscard]] int number_of_players() const { return static_cast<int>(players.size()); }
  [[nodiscard]] Coalition grand() const { return grand_coalition(number_of_players()); }
  [[nodiscard]] double empty() const { return values.front(); }
  [[nodiscard]] double full() const { return values.back(); }
  /// Share of samples that counted, in [0, 1]; 1 where samples play no part.
  [[nodiscard]] double legal_share(Coalition coalition) const;
  [[nodiscard]] double lowest_legal_share() const;
  /// v(S) − v(∅), the game whose indices are reported.
  [[nodiscard]] std::vector<double> normalised() const;

  /// One line: kind, players, v(∅), v(N), samples, predictions, number of statuses.
  [[nodiscard]] std::string brief() const;
  /// Everything but the maximisers (which need their space).
  [[nodiscard]] nlohmann::ordered_json to_json() const;
};

/// "{a, b}": a coalition in the players' names.
[[nodiscard]] std::string describe(Coalition coalition, const std::vector<std::string>& players);

/// In place, v(S) ← max over S' ⊆ S of v(S') (min where direction < 0), so that v is monotone. `values` has 2^n
/// entries; origin[S], where given, follows the coalition whose value S took. O(n 2^n).
void close_over_subsets(std::vector<double>& values, int direction = 1, std::vector<Coalition>* origin = nullptr);

}  // namespace hyperego
