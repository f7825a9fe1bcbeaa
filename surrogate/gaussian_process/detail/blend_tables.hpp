// Hot loops over the tables of half-coalitions; rows are `stride` doubles long, a multiple of 8, padded with zeros
// where it matters.
#pragma once

#include <hyperego/core/instruction_set.hpp>

#include <cstddef>
#include <cstdint>

namespace hyperego::detail {

/// One feature of all training points against one coordinate.
struct BlendFeature {
  const double* training;  ///< stride values; numeric ones multiplied by √5/ℓ
  double inverse_scale;    ///< 1/ℓ, categorical features only
  bool categorical;
};

/// products[i] *= the one-dimensional factor of the feature at `coordinate` (scaled like the training values).
HYPEREGO_KERNEL(void multiply_factor(const BlendFeature& feature, double coordinate, std::ptrdiff_t stride,
                                     double* products))

/// sums[i] += (training[i] − coordinate)².
HYPEREGO_KERNEL(void add_squared_distance(const BlendFeature& feature, double coordinate, std::ptrdiff_t stride,
                                          double* sums))

/// out row r = parents row parent_of[r] ∘ factors row factor_of[r]; ∘ is the product, or the sum where `sum`.
HYPEREGO_KERNEL(void extend_rows(const double* parents, const std::uint32_t* parent_of, const double* factors,
                                 const std::uint32_t* factor_of, std::ptrdiff_t count, std::ptrdiff_t stride, bool sum,
                                 double* out))

/// out[b * a_count + a] = Σ_i A_ai B_bi over rows of A and B.
HYPEREGO_KERNEL(void all_products(const double* a, std::ptrdiff_t a_count, const double* b, std::ptrdiff_t b_count,
                                  std::ptrdiff_t stride, double* out))

/// out[c] = Σ_i A_{a_of[c] i} B_{b_of[c] i}.
HYPEREGO_KERNEL(void some_products(const double* a, const std::uint32_t* a_of, const double* b,
                                   const std::uint32_t* b_of, std::ptrdiff_t count, std::ptrdiff_t stride, double* out))

/// out[c] = Σ_i A_ai B_bi m(S_ai + T_bi), a = a_of[c], b = b_of[c], m(r²·5) the Matérn-5/2 correlation of squared
/// distances times 5.
HYPEREGO_KERNEL(void some_joint_sums(const double* a, const double* a_squares, const std::uint32_t* a_of,
                                     const double* b, const double* b_squares, const std::uint32_t* b_of,
                                     std::ptrdiff_t count, std::ptrdiff_t stride, double* out))

}  // namespace hyperego::detail
