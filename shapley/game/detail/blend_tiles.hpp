#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/coalition.hpp>
#include <hyperego/core/progress.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hyperego::detail {

class BlendLegality;

/// The best blend of every coalition of a list.
struct BestBlends {
  std::vector<double> values;          ///< of sign · prediction; −∞ where no blend counts
  std::vector<std::uint32_t> samples;  ///< which sample attains it, the first among equals
  std::vector<std::uint32_t> legal;    ///< how many blends count
  /// The best of the other tiles of samples: another start for a search. −∞ and meaningless where there is none.
  std::vector<double> runner_up_values = {};
  std::vector<std::uint32_t> runner_up_samples = {};
};

/// The population variance of every coalition of a list.
struct BlendMoments {
  std::vector<double> variances;     ///< 0 where fewer than two blends count
  std::vector<std::uint32_t> legal;  ///< how many blends count
};

/// On how many threads the predictor is asked, and who is told of each tile.
struct TileWork {
  TileWork(const BlendPredictor& predictor, int threads_wanted, const ProgressHook& hook = {})
      : threads(threads_for(predictor, threads_wanted)), progress(hook) {}

  int threads;
  ProgressHook progress;
};

// Both predict tiles of fixed size (64 samples × 1,024 coalitions), reduce each on the fly and combine the parts in
// order, so the bytes do not depend on the number of threads; memory is O(coalitions + samples / 64 · 1,024).
// @throws InvalidInput naming the configuration where a prediction that counts is not finite; Stopped.
[[nodiscard]] BestBlends best_blends(const BlendPredictor& predictor, const Blends& blends,
                                     std::span<const Coalition> coalitions, double sign, const TileWork& work);
[[nodiscard]] BlendMoments blend_moments(const BlendPredictor& predictor, const Blends& blends,
                                         std::span<const Coalition> coalitions, const TileWork& work);

// The same with the legality of the blends tabulated once for many lists.
[[nodiscard]] BestBlends best_blends(const BlendPredictor& predictor, const Blends& blends,
                                     const BlendLegality& legality, std::span<const Coalition> coalitions, double sign,
                                     const TileWork& work);
[[nodiscard]] BlendMoments blend_moments(const BlendPredictor& predictor, const Blends& blends,
                                         const BlendLegality& legality, std::span<const Coalition> coalitions,
                                         const TileWork& work);

/// @throws InvalidInput naming the configuration and the value where the value is not finite.
void require_finite(double value, const SearchSpace& space, const Configuration& configuration);

}  // namespace hyperego::detail
