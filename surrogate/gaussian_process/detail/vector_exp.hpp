// exp for loops that the compiler vectorises. For kernel files only: everything is static, nothing comes from std.
#pragma once

namespace hyperego::detail {

/// exp(−x) for x ≥ 0, relative error below 3e-16; never 0: arguments above 708 give exp(−708).
///
/// Cody–Waite reduction by k ln 2, Taylor polynomial of degree 13 (truncation below 5e-18), and 2^k put into the
/// exponent: adding 1.5·2^52 leaves k in the low bits of the sum.
[[gnu::always_inline]] static inline double exp_minus(double x) {
  constexpr double round_by = 6755399441055744.0;
  const double y = x < 708.0 ? -x : -708.0;
  const double shifted = y * 1.4426950408889634074 + round_by;
  const double k = shifted - round_by;
  const double r = (y - k * 6.93147180369123816490e-01) - k * 1.90821492927058770002e-10;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  const auto scale = __builtin_bit_cast(unsigned long long, shifted) << 52;
  return __builtin_bit_cast(double, __builtin_bit_cast(unsigned long long, p) + scale);
}

}  // namespace hyperego::detail
