#pragma once

#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/core/progress.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/shapley/game/game_table.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>

namespace hyperego {

struct OptimizerGameOptions {
  std::uint64_t trials = 40;  ///< evaluations that the optimizer has for each coalition, the baseline's included
  double sign = -1;           ///< −1 where the predictor gives something to be minimised
  Coalition held = 0;         ///< players that no coalition may tune
  std::uint64_t seed = 0;
  int threads = 0;             ///< 0: as many as OpenMP has; the values do not depend on it
  ProgressHook progress = {};  ///< told of every evaluation, as one phase

  /// @throws InvalidInput naming the field at fault.
  void validate() const;
};

/// What an optimizer of this project makes of every coalition: v(S) = the best value that it has found on the slice
/// where the players in S are free and all others are at the baseline (HyperSHAP's optimizer games; Wever et al.,
/// AAAI 2026). Joined by optimizer_bias() of shapley/game/game_aggregate.hpp.
///
/// Every coalition is one run of its own with the same seed and starts from the baseline, so v(S) ≥ v(∅); nothing else
/// about v is monotone. Frozen conditional hyperparameters that the baseline does not have take their defaults.
/// Time: 2^n runs of `trials` asks.
/// @param optimizer as make_optimizer() takes it. @throws InvalidInput as that does, for more players than 16, an
/// illegal baseline, or a prediction that is not finite (naming the configuration); Stopped.
[[nodiscard]] GameTable play_optimizer(const BlendPredictor& predictor, const std::shared_ptr<const SearchSpace>& space,
                                       const Configuration& baseline, const nlohmann::ordered_json& optimizer,
                                       const OptimizerGameOptions& options = {});

}  // namespace hyperego
