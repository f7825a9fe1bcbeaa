#pragma once

#include <cstdint>
#include <string_view>

namespace hyperego {

/// A random stream keyed by (seed, purpose, trial number).
///
/// Two streams with different keys are independent for all practical purposes and one key always gives the same stream,
/// so results depend neither on the number of threads nor on the order in which trials finish. There is no global
/// generator. The generator is xoshiro256++ (Blackman & Vigna, ACM TOMS 47(4), 2021), seeded by SplitMix64 from a hash
/// of the key. Models std::uniform_random_bit_generator; the distributions here are ours because those of the standard
/// library differ between implementations.
class Rng {
 public:
  using result_type = std::uint64_t;

  explicit Rng(std::uint64_t seed, std::string_view purpose = {}, std::uint64_t index = 0);

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~std::uint64_t{0}; }
  result_type operator()();

  /// Uniform in [0, 1), 53 random bits.
  double uniform();
  /// Uniform in {0, …, count − 1}, unbiased by rejection. count ≥ 1.
  std::uint64_t below(std::uint64_t count);
  /// Standard normal by the polar method of Marsaglia; consumes a varying number of draws.
  double normal();
  /// Standard exponential.
  double exponential();

 private:
  std::uint64_t state_[4];
};

}  // namespace hyperego
