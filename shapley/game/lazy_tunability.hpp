#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/shapley/game/coalition_search_options.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace hyperego {

struct LazyTunabilityOptions {
  double sign = 1;  ///< −1 where the predictor gives something to be minimised
  std::uint64_t seed = 0;
  CoalitionSearchOptions search = {};
  int threads = 0;

  /// @throws InvalidInput naming the field at fault.
  void validate() const;
};

/// The optimized tunability game v(S) = max over Λ_S, played coalition by coalition as asked: for more players than a
/// whole table is affordable for.
///
/// v(∅) and v(N) are played at once. At any time the values known are monotone: a value takes over those of all known
/// subsets, and raises those of all known supersets, so a value may still grow when more coalitions are played.
/// Deterministic in the order of the calls. Not thread-safe; `predictor` and `blends` must outlive it.
class LazyTunability {
 public:
  /// @throws InvalidInput as play_game() does for an optimized game.
  LazyTunability(const BlendPredictor& predictor, const Blends& blends, const LazyTunabilityOptions& options = {});
  ~LazyTunability();
  LazyTunability(LazyTunability&&) noexcept;
  LazyTunability& operator=(LazyTunability&&) noexcept;

  /// v(S), larger is better. Known values cost a look-up; others about 1,000 blends and some tens of predictions.
  double value(Coalition coalition);
  /// The configuration of Λ_S that attains value(coalition).
  const Configuration& maximiser(Coalition coalition);
  [[nodiscard]] double empty() const;
  [[nodiscard]] double full() const;

  [[nodiscard]] int number_of_players() const;
  /// The coalitions played so far, in order.
  [[nodiscard]] const std::vector<Coalition>& played() const;
  [[nodiscard]] std::uint64_t predictions() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hyperego
