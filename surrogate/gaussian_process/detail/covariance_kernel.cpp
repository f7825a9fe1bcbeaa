// Hot loops over pairs of points. Everything is element-wise over blocks, so that the compiler vectorises it without
// reassociating sums: results do not depend on the vector width beyond the contraction of products and sums.
#include <hyperego/surrogate/gaussian_process/detail/kernel_view.hpp>
#include <hyperego/surrogate/gaussian_process/detail/vector_exp.hpp>

namespace hyperego::detail::HYPEREGO_ISA {
namespace {

constexpr std::ptrdiff_t block = 128;
// The polynomials of that many factors are multiplied before the exponential joins them: with log ℓ ≥ −20 one factor is
// below 1e19, so nothing overflows.
constexpr int features_per_exponential = 8;
constexpr double third = 1.0 / 3.0;

void categorical_exponents(const KernelView& a, std::ptrdiff_t first, std::ptrdiff_t length, const double* z,
                           std::ptrdiff_t z_stride, double* __restrict exponent) {
  for (int c = 0; c < a.categorical; ++c) {
    const int f = a.numeric + c;
    const double* __restrict x = a.values + f * a.stride + first;
    const double zf = z[f * z_stride];
    const double step = a.inverse_scales[c];
    for (std::ptrdiff_t i = 0; i < length; ++i) exponent[i] += x[i] != zf ? step : 0.0;
  }
}

void product_block(const KernelView& a, std::ptrdiff_t first, std::ptrdiff_t length, const double* z,
                   std::ptrdiff_t z_stride, double* __restrict out) {
  double polynomial[block];
  double exponent[block];
  for (std::ptrdiff_t i = 0; i < length; ++i) out[i] = a.signal_variance;
  for (int from = 0; from < a.numeric; from += features_per_exponential) {
    const int to = from + features_per_exponential < a.numeric ? from + features_per_exponential : a.numeric;
    for (std::ptrdiff_t i = 0; i < length; ++i) {
      polynomial[i] = 1.0;
      exponent[i] = 0.0;
    }
    for (int f = from; f < to; ++f) {
      const double* __restrict x = a.values + f * a.stride + first;
      const double zf = z[f * z_stride];
      for (std::ptrdiff_t i = 0; i < length; ++i) {
        const double s = __builtin_fabs(x[i] - zf);
        polynomial[i] *= 1.0 + s * (1.0 + s * third);
        exponent[i] += s;
      }
    }
    for (std::ptrdiff_t i = 0; i < length; ++i) out[i] *= polynomial[i] * exp_minus(exponent[i]);
  }
  if (a.categorical == 0) return;
  for (std::ptrdiff_t i = 0; i < length; ++i) exponent[i] = 0.0;
  categorical_exponents(a, first, length, z, z_stride, exponent);
  for (std::ptrdiff_t i = 0; i < length; ++i) out[i] *= exp_minus(exponent[i]);
}

void squared_distances(const KernelView& a, std::ptrdiff_t first, std::ptrdiff_t length, const double* z,
                       std::ptrdiff_t z_stride, double* __restrict squares) {
  for (std::ptrdiff_t i = 0; i < length; ++i) squares[i] = 0.0;
  for (int f = 0; f < a.numeric; ++f) {
    const double* __restrict x = a.values + f * a.stride + first;
    const double zf = z[f * z_stride];
    for (std::ptrdiff_t i = 0; i < length; ++i) {
      const double s = x[i] - zf;
      squares[i] += s * s;
    }
  }
}

void joint_block(const KernelView& a, std::ptrdiff_t first, std::ptrdiff_t length, const double* z,
                 std::ptrdiff_t z_stride, double* __restrict out) {
  double squares[block];
  double exponent[block];
  squared_distances(a, first, length, z, z_stride, squares);
  for (std::ptrdiff_t i = 0; i < length; ++i) exponent[i] = 0.0;
  categorical_exponents(a, first, length, z, z_stride, exponent);
  for (std::ptrdiff_t i = 0; i < length; ++i) {
    const double s = __builtin_sqrt(squares[i]);
    out[i] = a.signal_variance * (1.0 + s + squares[i] * third) * exp_minus(s + exponent[i]);
  }
}

// s²(1 + s)/3 / (1 + s + s²/3): the derivative of log m with respect to log ℓ, s = √5 r.
void add_product_slopes(const double* __restrict x, double xj, const double* __restrict w, std::ptrdiff_t length,
                        double* __restrict sum) {
  for (std::ptrdiff_t i = 0; i < length; ++i) {
    const double s = __builtin_fabs(x[i] - xj);
    const double q = s * s * third;
    sum[i] += w[i] * (q + q * s) / (1.0 + s + q);
  }
}

// (1 + s)/3 / (1 + s + s²/3) · w: with s_f² the derivative of log k with respect to log ℓ_f in the joint form.
void joint_weights(const double* __restrict squares, const double* __restrict w, std::ptrdiff_t length,
                   double* __restrict out) {
  for (std::ptrdiff_t i = 0; i < length; ++i) {
    const double s = __builtin_sqrt(squares[i]);
    out[i] = w[i] * (third + s * third) / (1.0 + s + squares[i] * third);
  }
}

void add_squares(const double* __restrict x, double xj, const double* __restrict w, std::ptrdiff_t length,
                 double* __restrict sum) {
  for (std::ptrdiff_t i = 0; i < length; ++i) {
    const double s = x[i] - xj;
    sum[i] += w[i] * s * s;
  }
}

void add_mismatches(const double* __restrict x, double xj, double step, const double* __restrict w,
                    std::ptrdiff_t length, double* __restrict sum) {
  for (std::ptrdiff_t i = 0; i < length; ++i) sum[i] += x[i] != xj ? step * w[i] : 0.0;
}

void add_block_sums(const KernelView& a, std::ptrdiff_t j, std::ptrdiff_t first, std::ptrdiff_t length, const double* w,
                    double* partial) {
  double weights[block];
  if (a.joint) {
    double squares[block];
    squared_distances(a, first, length, a.values + j, a.stride, squares);
    joint_weights(squares, w, length, weights);
  }
  for (int f = 0; f < a.numeric; ++f) {
    const double* x = a.values + f * a.stride;
    if (a.joint) {
      add_squares(x + first, x[j], weights, length, partial + f * block);
    } else {
      add_product_slopes(x + first, x[j], w, length, partial + f * block);
    }
  }
  for (int c = 0; c < a.categorical; ++c) {
    const int f = a.numeric + c;
    const double* x = a.values + f * a.stride;
    add_mismatches(x + first, x[j], a.inverse_scales[c], w, length, partial + f * block);
  }
}

}  // namespace

void covariances(const KernelView& a, std::ptrdiff_t first, const double* z, std::ptrdiff_t z_stride, double* out) {
  for (std::ptrdiff_t i = first; i < a.count; i += block) {
    const std::ptrdiff_t length = a.count - i < block ? a.count - i : block;
    if (a.joint) {
      joint_block(a, i, length, z, z_stride, out + (i - first));
    } else {
      product_block(a, i, length, z, z_stride, out + (i - first));
    }
  }
}

void covariance_slopes(const KernelView& a, const double* z, std::ptrdiff_t z_stride, const double* __restrict k,
                       const double* scales, double* slopes) {
  for (std::ptrdiff_t from = 0; from < a.count; from += block) {
    const std::ptrdiff_t length = a.count - from < block ? a.count - from : block;
    double weights[block];
    if (a.joint) {
      double squares[block];
      squared_distances(a, from, length, z, z_stride, squares);
      joint_weights(squares, k + from, length, weights);
    }
    for (int f = 0; f < a.numeric; ++f) {
      const double* __restrict x = a.values + f * a.stride + from;
      double* __restrict out = slopes + f * a.count + from;
      const double zf = z[f * z_stride];
      const double scale = scales[f];
      if (a.joint) {
        for (std::ptrdiff_t i = 0; i < length; ++i) out[i] = scale * weights[i] * (x[i] - zf);
      } else {
        for (std::ptrdiff_t i = 0; i < length; ++i) {
          const double difference = x[i] - zf;
          const double s = __builtin_fabs(difference);
          out[i] = scale * k[from + i] * difference * (third + s * third) / (1.0 + s * (1.0 + s * third));
        }
      }
    }
  }
}

void length_scale_sums(const KernelView& a, const double* weights, std::ptrdiff_t ld, double* sums) {
  const int features = a.numeric + a.categorical;
  double* partial = new double[static_cast<std::size_t>(features * block)]();
  for (std::ptrdiff_t j = 0; j < a.count; ++j) {
    for (std::ptrdiff_t i = j + 1; i < a.count; i += block) {
      const std::ptrdiff_t length = a.count - i < block ? a.count - i : block;
      add_block_sums(a, j, i, length, weights + j * ld + i, partial);
    }
  }
  for (int f = 0; f < features; ++f) {
    double sum = 0.0;
    for (std::ptrdiff_t i = 0; i < block; ++i) sum += partial[f * block + i];
    sums[f] = sum;
  }
  delete[] partial;
}

}  // namespace hyperego::detail::HYPEREGO_ISA
