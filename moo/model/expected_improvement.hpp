#pragma once

namespace hyperego {

/// Scaled complementary error function exp(x²) erfc(x) for x ≥ 0, relative error below 1e-14. (Boost.Math has none.)
[[nodiscard]] double erfcx(double x);

/// log(φ(z) + z Φ(z)), the logarithm of the expected improvement in units of the standard deviation, and its
/// derivative.
///
/// Accurate for every finite z, where the plain form underflows below z ≈ −38 and loses all digits long before (Ament
/// et al., NeurIPS 2023, section 4.1).
struct LogImprovement {
  double value = 0;
  double derivative = 0;  ///< d value / dz = Φ(z) / (φ(z) + z Φ(z))
};
[[nodiscard]] LogImprovement log_improvement(double z);

/// log E[max(best − Y, 0)] for Y ~ N(mean, deviation²), with its derivatives. deviation > 0.
struct LogExpectedImprovement {
  double value = 0;
  double d_mean = 0;
  double d_deviation = 0;
};
[[nodiscard]] LogExpectedImprovement log_expected_improvement(double mean, double deviation, double best);

}  // namespace hyperego
