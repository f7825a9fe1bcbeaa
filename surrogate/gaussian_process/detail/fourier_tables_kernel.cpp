// Hot loops over random Fourier features; element-wise, so results do not depend on the vector width beyond the
// contraction of products and sums.
#include <hyperego/surrogate/gaussian_process/detail/fourier_tables.hpp>

namespace hyperego::detail::HYPEREGO_ISA {
namespace {

struct SineCosine {
  double sine;
  double cosine;
};

/// Reduction by k π in three parts (the first two of 27 bits, so that their products are exact), Taylor polynomials on
/// [−π/2, π/2] (truncation below 3e-16), and the sign (−1)^k put into the sign bit: adding 1.5·2^52 leaves k in the low
/// bits of the sum.
[[gnu::always_inline]] inline SineCosine sine_cosine(double angle) {
  constexpr double round_by = 6755399441055744.0;
  const double shifted = angle * 0.31830988618379067154 + round_by;
  const double k = shifted - round_by;
  const double r = ((angle - k * 3.141592651605606) - k * 1.9841871479187034e-09) - k * 1.1442377452219664e-17;
  const double q = r * r;
  double s = 1.0 / 51090942171709440000.0;
  s = s * q - 1.0 / 121645100408832000.0;
  s = s * q + 1.0 / 355687428096000.0;
  s = s * q - 1.0 / 1307674368000.0;
  s = s * q + 1.0 / 6227020800.0;
  s = s * q - 1.0 / 39916800.0;
  s = s * q + 1.0 / 362880.0;
  s = s * q - 1.0 / 5040.0;
  s = s * q + 1.0 / 120.0;
  s = s * q - 1.0 / 6.0;
  s = s * q * r + r;
  double c = 1.0 / 2432902008176640000.0;
  c = c * q - 1.0 / 6402373705728000.0;
  c = c * q + 1.0 / 20922789888000.0;
  c = c * q - 1.0 / 87178291200.0;
  c = c * q + 1.0 / 479001600.0;
  c = c * q - 1.0 / 3628800.0;
  c = c * q + 1.0 / 40320.0;
  c = c * q - 1.0 / 720.0;
  c = c * q + 1.0 / 24.0;
  c = c * q - 0.5;
  c = c * q + 1.0;
  const auto flip = __builtin_bit_cast(unsigned long long, shifted) << 63;
  return {__builtin_bit_cast(double, __builtin_bit_cast(unsigned long long, s) ^ flip),
          __builtin_bit_cast(double, __builtin_bit_cast(unsigned long long, c) ^ flip)};
}

}  // namespace

void unit_phases(const double* __restrict angles, std::ptrdiff_t count, double* __restrict row) {
  for (std::ptrdiff_t f = 0; f < count; ++f) {
    const SineCosine at = sine_cosine(angles[f]);
    row[f] = at.cosine;
    row[count + f] = at.sine;
  }
}

void phases_at(const double* __restrict frequencies, double x, std::ptrdiff_t count, double* __restrict row) {
  for (std::ptrdiff_t f = 0; f < count; ++f) {
    const SineCosine at = sine_cosine(frequencies[f] * x);
    row[f] = at.cosine;
    row[count + f] = at.sine;
  }
}

void multiply_signs(const double* __restrict signs, std::ptrdiff_t count, double* __restrict row) {
  for (std::ptrdiff_t f = 0; f < count; ++f) {
    row[f] *= signs[f];
    row[count + f] *= signs[f];
  }
}

void extend_phase_rows(const double* parents, const std::uint32_t* parent_of, const double* factors,
                       const std::uint32_t* factor_of, std::ptrdiff_t rows, std::ptrdiff_t count, bool conjugate,
                       double* out) {
  const double turn = conjugate ? -1.0 : 1.0;
  for (std::ptrdiff_t r = 0; r < rows; ++r) {
    const double* __restrict parent = parents + static_cast<std::ptrdiff_t>(parent_of[r]) * 2 * count;
    const double* __restrict factor = factors + static_cast<std::ptrdiff_t>(factor_of[r]) * 2 * count;
    double* __restrict row = out + r * 2 * count;
    for (std::ptrdiff_t f = 0; f < count; ++f) {
      const double imaginary = turn * factor[count + f];
      row[f] = parent[f] * factor[f] - parent[count + f] * imaginary;
      row[count + f] = parent[count + f] * factor[f] + parent[f] * imaginary;
    }
  }
}

}  // namespace hyperego::detail::HYPEREGO_ISA
