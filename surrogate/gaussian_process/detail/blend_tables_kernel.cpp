// Hot loops over the tables of half-coalitions. Sums run over fixed lanes, so results do not depend on how they are
// called.
#include <hyperego/surrogate/gaussian_process/detail/blend_tables.hpp>
#include <hyperego/surrogate/gaussian_process/detail/vector_exp.hpp>

namespace hyperego::detail::HYPEREGO_ISA {
namespace {

constexpr double third = 1.0 / 3.0;

// Explicit vectors for the register tiles of the matrix product; as wide as the instruction set, with tiles that just
// fill its registers (32, 16 and 16).
#if defined(__AVX512F__)
constexpr int lanes = 8;
constexpr int tile_rows = 6;
constexpr int tile_columns = 4;
#elif defined(__AVX__)
constexpr int lanes = 4;
constexpr int tile_rows = 3;
constexpr int tile_columns = 4;
#else
constexpr int lanes = 2;
constexpr int tile_rows = 3;
constexpr int tile_columns = 4;
#endif
using Vector [[gnu::vector_size(lanes * sizeof(double))]] = double;
using Unaligned [[gnu::vector_size(lanes * sizeof(double)), gnu::aligned(8), gnu::may_alias]] = double;

[[gnu::always_inline]] inline double sum_of(const double* values) {
  // The same tree for every instruction set.
  return ((values[0] + values[4]) + (values[2] + values[6])) + ((values[1] + values[5]) + (values[3] + values[7]));
}

// A lane-wise accumulator as eight lanes, whatever the vector width: narrower ones leave zeros.
[[gnu::always_inline]] inline double sum_of_lanes(const Vector& vector) {
  double values[8] = {};
  *reinterpret_cast<Unaligned*>(values) = vector;
  return sum_of(values);
}

template <int Rows, int Columns>
void product_tile(const double* a, const double* b, std::ptrdiff_t stride, double* out, std::ptrdiff_t ld) {
  Vector sums[Rows][Columns] = {};
  for (std::ptrdiff_t i = 0; i < stride; i += lanes) {
    Vector left[Rows];
#pragma GCC unroll 8
    for (int r = 0; r < Rows; ++r) left[r] = *reinterpret_cast<const Unaligned*>(a + r * stride + i);
#pragma GCC unroll 8
    for (int c = 0; c < Columns; ++c) {
      const Vector right = *reinterpret_cast<const Unaligned*>(b + c * stride + i);
#pragma GCC unroll 8
      for (int r = 0; r < Rows; ++r) sums[r][c] += left[r] * right;
    }
  }
  for (int c = 0; c < Columns; ++c) {
    for (int r = 0; r < Rows; ++r) out[c * ld + r] = sum_of_lanes(sums[r][c]);
  }
}

template <int Columns>
void product_strip(const double* a, std::ptrdiff_t a_count, const double* b, std::ptrdiff_t stride, double* out,
                   std::ptrdiff_t ld) {
  std::ptrdiff_t r = 0;
  for (; r + tile_rows <= a_count; r += tile_rows) {
    product_tile<tile_rows, Columns>(a + r * stride, b, stride, out + r, ld);
  }
  for (; r + 2 <= a_count; r += 2) product_tile<2, Columns>(a + r * stride, b, stride, out + r, ld);
  for (; r < a_count; ++r) product_tile<1, Columns>(a + r * stride, b, stride, out + r, ld);
}

}  // namespace

void multiply_factor(const BlendFeature& feature, double coordinate, std::ptrdiff_t stride,
                     double* __restrict products) {
  const double* __restrict x = feature.training;
  if (feature.categorical) {
    const double unequal = exp_minus(feature.inverse_scale);
    for (std::ptrdiff_t i = 0; i < stride; ++i) products[i] *= x[i] != coordinate ? unequal : 1.0;
    return;
  }
  for (std::ptrdiff_t i = 0; i < stride; ++i) {
    const double s = __builtin_fabs(x[i] - coordinate);
    products[i] *= (1.0 + s * (1.0 + s * third)) * exp_minus(s);
  }
}

void add_squared_distance(const BlendFeature& feature, double coordinate, std::ptrdiff_t stride,
                          double* __restrict sums) {
  const double* __restrict x = feature.training;
  for (std::ptrdiff_t i = 0; i < stride; ++i) {
    const double s = x[i] - coordinate;
    sums[i] += s * s;
  }
}

void extend_rows(const double* parents, const std::uint32_t* parent_of, const double* factors,
                 const std::uint32_t* factor_of, std::ptrdiff_t count, std::ptrdiff_t stride, bool sum, double* out) {
  for (std::ptrdiff_t r = 0; r < count; ++r) {
    const double* __restrict parent = parents + static_cast<std::ptrdiff_t>(parent_of[r]) * stride;
    const double* __restrict factor = factors + static_cast<std::ptrdiff_t>(factor_of[r]) * stride;
    double* __restrict row = out + r * stride;
    if (sum) {
      for (std::ptrdiff_t i = 0; i < stride; ++i) row[i] = parent[i] + factor[i];
    } else {
      for (std::ptrdiff_t i = 0; i < stride; ++i) row[i] = parent[i] * factor[i];
    }
  }
}

void all_products(const double* a, std::ptrdiff_t a_count, const double* b, std::ptrdiff_t b_count,
                  std::ptrdiff_t stride, double* out) {
  std::ptrdiff_t c = 0;
  for (; c + tile_columns <= b_count; c += tile_columns) {
    product_strip<tile_columns>(a, a_count, b + c * stride, stride, out + c * a_count, a_count);
  }
  for (; c < b_count; ++c) product_strip<1>(a, a_count, b + c * stride, stride, out + c * a_count, a_count);
}

void some_products(const double* a, const std::uint32_t* a_of, const double* b, const std::uint32_t* b_of,
                   std::ptrdiff_t count, std::ptrdiff_t stride, double* out) {
  for (std::ptrdiff_t c = 0; c < count; ++c) {
    const double* x = a + static_cast<std::ptrdiff_t>(a_of[c]) * stride;
    const double* y = b + static_cast<std::ptrdiff_t>(b_of[c]) * stride;
    product_tile<1, 1>(x, y, stride, out + c, 1);
  }
}

void some_joint_sums(const double* a, const double* a_squares, const std::uint32_t* a_of, const double* b,
                     const double* b_squares, const std::uint32_t* b_of, std::ptrdiff_t count, std::ptrdiff_t stride,
                     double* out) {
  constexpr std::ptrdiff_t block = 128;
  for (std::ptrdiff_t c = 0; c < count; ++c) {
    const std::ptrdiff_t row_a = static_cast<std::ptrdiff_t>(a_of[c]) * stride;
    const std::ptrdiff_t row_b = static_cast<std::ptrdiff_t>(b_of[c]) * stride;
    double sums[8] = {};
    for (std::ptrdiff_t from = 0; from < stride; from += block) {
      const std::ptrdiff_t length = stride - from < block ? stride - from : block;
      const double* __restrict x = a + row_a + from;
      const double* __restrict y = b + row_b + from;
      const double* __restrict xs = a_squares + row_a + from;
      const double* __restrict ys = b_squares + row_b + from;
      double terms[block];
      for (std::ptrdiff_t i = 0; i < length; ++i) {
        const double squares = xs[i] + ys[i];
        const double s = __builtin_sqrt(squares);
        terms[i] = x[i] * y[i] * (1.0 + s + squares * third) * exp_minus(s);
      }
      for (std::ptrdiff_t i = 0; i < length; i += 8) {
        for (int lane = 0; lane < 8; ++lane) sums[lane] += terms[i + lane];
      }
    }
    out[c] = sum_of(sums);
  }
}

}  // namespace hyperego::detail::HYPEREGO_ISA
