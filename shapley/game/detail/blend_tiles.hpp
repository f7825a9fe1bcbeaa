#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/coalition.hpp>

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

// Both predict tiles of fixed size (64 samples × 1,024 coalitions), reduce each on the fly and combine the parts in
// order, so the bytes do not depend on the number of threads; memory is O(coalitions + samples / 64 · 1,024).
// @throws InvalidInput naming the configuration where a prediction that counts is not finite.
[[nodiscard]] BestBlends best_blends(const BlendPredictor& predictor, const Blends& blends,
                                     std::span<const Coalition> coalitions, double sign, int threads);
[[nodiscard]] BlendMoments blend_moments(const BlendPredictor& predictor, const Blends& blends,
                                         std::span<const Coalition> coalitions, int threads);

// The same with the legality of the blends tabulated once for many lists.
[[nodiscard]] BestBlends best_blends(const BlendPredictor& predictor, const Blends& blends,
                                     const BlendLegality& legality, std::span<const Coalition> coalitions, double sign,
                                     int threads);
[[nodiscard]] BlendMoments blend_moments(const BlendPredictor& predictor, const Blends& blends,
                                         const BlendLegality& legality, std::span<const Coalition> coalitions,
                                         int threads);

/// Number of threads a predictor may be called from: 1 for a function of the user, else `threads`.
[[nodiscard]] int threads_for(const BlendPredictor& predictor, int threads);

/// @throws InvalidInput naming the configuration and the value where the value is not finite.
void require_finite(double value, const SearchSpace& space, const Configuration& configuration);

}  // namespace hyperego::detail
