#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/core/progress.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/shapley/game/coalition_search_options.hpp>
#include <hyperego/shapley/game/game_kind.hpp>
#include <hyperego/shapley/game/game_table.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace hyperego {

struct GameOptions {
  GameKind kind = GameKind::tunability;
  MaximumKind maximum = MaximumKind::optimized;
  /// +1 where larger predictions are better, −1 where the predictor gives something to be minimised.
  double sign = 1;
  /// `sampled` maximum: let the baseline join the candidates and close v over subsets, as the theory demands. False
  /// gives the reference implementation's own values.
  bool closed = true;
  /// Players held at the baseline because nothing is known of them (a column that never varied): importance exactly 0.
  Coalition held = 0;
  bool keep_maximisers = false;
  std::uint64_t seed = 0;
  /// Largest number of players (held ones left out) for which `optimized` plays all 2^n coalitions.
  int most_players_optimized = 12;
  /// Largest memory that the value table and its working arrays may take.
  std::uint64_t most_bytes = std::uint64_t{2} << 30U;
  CoalitionSearchOptions search = {};
  int threads = 0;             ///< 0: as many as OpenMP has; the values do not depend on it
  ProgressHook progress = {};  ///< told of tiles and coalitions, as one phase

  /// @throws InvalidInput naming the field at fault.
  void validate() const;
};

/// Plays a game on all 2^n coalitions of the players of `blends` (its space's searched hyperparameters).
///
/// The samples of `blends` are: the one configuration of interest λ* (ablation); the list over which the variance,
/// maximum or minimum is taken (sensitivity, `sampled`); the list of first candidates (`optimized`; about 1,000 are
/// enough). One list serves all coalitions. Samples and coalitions are predicted in tiles and reduced on the fly;
/// memory is O(2^n). Values do not depend on the number of threads. A predictor is called from no more than its
/// max_threads().
///
/// Blends that do not count (Blends::counts) are left out; shares below 5 % and coalitions without any legal sample are
/// statuses, never exceptions.
///
/// @throws InvalidInput where `blends` has no samples or no players, ablation has not exactly one sample, the kind is
/// optimizer_bias (combine tables instead), a prediction that counts is not finite (naming the configuration), an
/// optimized game is asked for with treatment `ignore`, or n is too large (stating the memory and what to use instead);
/// Stopped where options.progress asks for it.
[[nodiscard]] GameTable play_game(const BlendPredictor& predictor, const Blends& blends,
                                  const GameOptions& options = {});

/// What play_game() checks of blends and options whatever the number of players. @throws InvalidInput as it does.
void check_game(const Blends& blends, const GameOptions& options);

/// `count` legal configurations: scrambled Sobol' points of the unit cube, decoded, forbidden ones left out.
/// Deterministic in (space, count, seed). @throws InvalidInput where practically everything is forbidden.
[[nodiscard]] std::vector<Configuration> draw_samples(const std::shared_ptr<const SearchSpace>& space,
                                                      std::size_t count, std::uint64_t seed);

}  // namespace hyperego
