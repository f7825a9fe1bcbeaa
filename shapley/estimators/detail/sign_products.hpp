#pragma once

#include <hyperego/core/coalition.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <span>
#include <vector>

namespace hyperego::detail {

/// (−1)^{|S∩T|}.
[[nodiscard]] constexpr double sign_of(Coalition coalition, Coalition term) {
  return (size_of(coalition & term) & 1) == 0 ? 1.0 : -1.0;
}

/// Sums over coalitions of products of two signs, Σ_S (−1)^{|S∩T|} (−1)^{|S∩U|} for all pairs of terms of 1 … order
/// players.
///
/// The product is the sign of the symmetric difference of T and U, so that the (C(n, ≤ order))² sums of a gram matrix
/// are only C(n, ≤ 2·order) different ones, each a parity count over 64 coalitions a machine word.
class SignProducts {
 public:
  /// @param terms interactions_up_to(players, order), order ≤ 2.
  SignProducts(int players, std::span<const Coalition> terms);

  /// The gram matrix, terms × terms, of a list of coalitions.
  [[nodiscard]] Eigen::MatrixXd gram(std::span<const Coalition> coalitions) const;

 private:
  int players_;
  int order_;
  Eigen::Index width_;
  std::vector<std::uint32_t> position_;  // of the symmetric difference, lower triangle, row by row
};

}  // namespace hyperego::detail
