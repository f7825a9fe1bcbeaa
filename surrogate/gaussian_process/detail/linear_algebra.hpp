// Dense linear algebra on column-major doubles, dispatched by instruction set; no std or Eigen in the signatures.
#pragma once

#include <hyperego/core/instruction_set.hpp>

#include <cstddef>

namespace hyperego::detail {

/// Lower Cholesky factor in place; entries above the diagonal are neither read nor written. False where a pivot is not
/// positive; `a` is then garbage. O(n³/3).
HYPEREGO_KERNEL(bool cholesky(double* a, std::ptrdiff_t n, std::ptrdiff_t ld))

/// The lower triangle of (L Lᵀ)⁻¹ in place of L. O(2 n³/3).
HYPEREGO_KERNEL(void inverse_from_cholesky(double* l, std::ptrdiff_t n, std::ptrdiff_t ld))

/// L⁻¹ in place of L. O(n³/3).
HYPEREGO_KERNEL(void invert_lower(double* l, std::ptrdiff_t n, std::ptrdiff_t ld))

/// B ← L⁻¹ B, B being n × m. O(n² m).
HYPEREGO_KERNEL(void solve_lower(const double* l, std::ptrdiff_t n, std::ptrdiff_t ld, double* b, std::ptrdiff_t m,
                                 std::ptrdiff_t ldb))

/// B ← L⁻ᵀ B, B being n × m. O(n² m).
HYPEREGO_KERNEL(void solve_lower_transposed(const double* l, std::ptrdiff_t n, std::ptrdiff_t ld, double* b,
                                            std::ptrdiff_t m, std::ptrdiff_t ldb))

/// C ← C + scale · Aᵀ B with A k × n, B k × m, C n × m. O(n m k).
HYPEREGO_KERNEL(void add_transposed_product(const double* a, std::ptrdiff_t lda, const double* b, std::ptrdiff_t ldb,
                                            double scale, double* c, std::ptrdiff_t ldc, std::ptrdiff_t n,
                                            std::ptrdiff_t m, std::ptrdiff_t k))

/// w_ij ← (α_i α_j − w_ij) k_ij for i ≥ j: the weights of ½ ∂/∂θ, given the inverse in w.
HYPEREGO_KERNEL(void gradient_weights(double* w, const double* k, const double* alpha, std::ptrdiff_t n,
                                      std::ptrdiff_t ld))

}  // namespace hyperego::detail
