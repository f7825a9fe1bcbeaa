// Dense least squares on column-major doubles, dispatched by instruction set; no std or Eigen in the signatures.
#pragma once

#include <hyperego/core/instruction_set.hpp>

#include <cstddef>

namespace hyperego::detail {

/// Lower triangle of G ← ΦᵀΦ, Φ rows × width, G width × width. O(rows · width²).
HYPEREGO_KERNEL(void regression_gram(const double* phi, std::ptrdiff_t rows, std::ptrdiff_t width, double* gram))

/// Lower Cholesky factor of the lower triangle of A in place. False where a pivot is not positive. O(n³/3).
HYPEREGO_KERNEL(bool regression_cholesky(double* a, std::ptrdiff_t n))

/// B ← (L Lᵀ)⁻¹ B, B n × m. O(2 n² m).
HYPEREGO_KERNEL(void regression_solve(const double* l, std::ptrdiff_t n, double* b, std::ptrdiff_t m))

}  // namespace hyperego::detail
