#pragma once

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace hyperego {

/// Sobol' points (Joe & Kuo direction numbers) under a random digital shift, which keeps the net's structure and makes
/// every point uniform on [0, 1)^d. Deterministic in (dimension, seed). @throws InvalidInput for dimension 0 or above
/// largest_dimension.
class SobolSequence {
 public:
  static constexpr std::size_t largest_dimension = 3667;  ///< direction numbers in Boost's table

  SobolSequence(std::size_t dimension, std::uint64_t seed);
  ~SobolSequence();
  SobolSequence(SobolSequence&&) noexcept;
  SobolSequence& operator=(SobolSequence&&) noexcept;

  [[nodiscard]] Eigen::VectorXd next();
  /// Skips `count` points, O(d log count).
  void discard(std::uint64_t count);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace hyperego
