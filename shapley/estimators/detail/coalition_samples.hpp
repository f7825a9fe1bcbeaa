#pragma once

#include <hyperego/core/coalition.hpp>
#include <hyperego/core/rng.hpp>

#include <cstdint>
#include <unordered_set>
#include <vector>

namespace hyperego::detail {

/// A uniformly random coalition of that size.
[[nodiscard]] Coalition random_coalition(Rng& rng, int players, int size);

/// How many distinct coalitions of every size 0 … n to take: counts[l] = C(n, l) where a size is enumerated.
///
/// Sizes 0 and n and those with `forced[l]` are enumerated, all others get at least one coalition. The rest of the
/// budget is spread in proportion to share[l]; a size that would get at least as much as it has is enumerated and its
/// surplus spread again (the border trick of KernelSHAP). The sum is at most the budget when that covers those minima.
[[nodiscard]] std::vector<std::size_t> allocate_sizes(int players, std::size_t budget, const std::vector<double>& share,
                                                      const std::vector<bool>& forced);

/// Random sequences of distinct coalitions, one per size; more of them always begin with the same ones.
class CoalitionSamples {
 public:
  /// @param paired the sequence of size n − l is that of the complements of size l; of size n/2, complements follow
  /// each other.
  CoalitionSamples(int players, std::uint64_t seed, bool paired);

  /// The first `count` ≤ C(n, size) coalitions of that size; all of them, lexicographically, when count = C(n, size).
  [[nodiscard]] std::vector<Coalition> first(int size, std::size_t count);

 private:
  struct Sequence {
    Rng rng;
    std::vector<Coalition> coalitions;
    std::unordered_set<Coalition> seen;
  };
  int players_;
  bool paired_;
  std::vector<Sequence> sequences_;
};

}  // namespace hyperego::detail
