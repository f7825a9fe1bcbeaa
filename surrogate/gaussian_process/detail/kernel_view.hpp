// Plain data and declarations of the hot loops over pairs of points; no std or Eigen here, see
// cmake/HyperegoRoom.cmake.
#pragma once

#include <hyperego/core/instruction_set.hpp>

#include <cstddef>

namespace hyperego::detail {

/// Points of a kernel, column by column: values[f * stride + i] is feature f of point i. Numeric features come first
/// and are already multiplied by √5/ℓ; inverse_scales holds 1/ℓ of the categorical ones.
struct KernelView {
  const double* values;
  std::ptrdiff_t stride;
  std::ptrdiff_t count;
  int numeric;
  int categorical;
  const double* inverse_scales;
  double signal_variance;
  bool joint;
};

/// out[i] = k(a_{first + i}, z), i < count − first, where feature f of z is z[f * z_stride].
HYPEREGO_KERNEL(void covariances(const KernelView& a, std::ptrdiff_t first, const double* z, std::ptrdiff_t z_stride,
                                 double* out))

/// slopes[f * count + i] = ∂k(a_i, z)/∂z_f for numeric f, where scales[f] = √5/ℓ_f and k[i] = k(a_i, z).
HYPEREGO_KERNEL(void covariance_slopes(const KernelView& a, const double* z, std::ptrdiff_t z_stride, const double* k,
                                       const double* scales, double* slopes))

/// sums[f] = Σ_{i>j} w_ij ∂log k(a_i, a_j)/∂log ℓ_f, w_ij = weights[j * ld + i].
HYPEREGO_KERNEL(void length_scale_sums(const KernelView& a, const double* weights, std::ptrdiff_t ld, double* sums))

}  // namespace hyperego::detail
