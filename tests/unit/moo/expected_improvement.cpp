#include <hyperego/moo/model/expected_improvement.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>

using namespace hyperego;

TEST_CASE("erfcx at known places") {
  // Values to 16 digits (Abramowitz & Stegun 7.1; checked in 50-digit arithmetic).
  CHECK(erfcx(0) == doctest::Approx(1).epsilon(1e-15));
  CHECK(erfcx(1) == doctest::Approx(0.42758357615580700).epsilon(1e-14));
  CHECK(erfcx(10) == doctest::Approx(0.056140992743822586).epsilon(1e-14));
  CHECK(erfcx(100) == doctest::Approx(0.0056416137829894329).epsilon(1e-14));
  // Both forms agree where they meet.
  CHECK(erfcx(std::nextafter(2.0, 0.0)) == doctest::Approx(erfcx(2.0)).epsilon(1e-14));
}

TEST_CASE("the log improvement equals the plain form where that has digits") {
  for (double z = -4; z <= 8; z += 0.125) {
    const long double pdf = std::exp(-0.5L * z * z) / std::sqrt(2 * std::acos(-1.0L));
    const long double h = pdf + z * 0.5L * std::erfc(-z / std::sqrt(2.0L));
    CHECK(log_improvement(z).value == doctest::Approx(static_cast<double>(std::log(h))).epsilon(1e-13));
  }
}

TEST_CASE("the log improvement has its asymptote in the far tail") {
  for (const double z : {-50.0, -1e3, -1e6, -1e100}) {
    const double leading = -0.5 * z * z - 0.91893853320467274178 - 2 * std::log(-z);
    CHECK(std::isfinite(log_improvement(z).value));
    CHECK(log_improvement(z).value == doctest::Approx(leading).epsilon(1e-5));
  }
  // The two tail forms meet at −12.
  CHECK(log_improvement(-12 - 1e-9).value == doctest::Approx(log_improvement(-12 + 1e-9).value).epsilon(1e-9));
}

TEST_CASE("derivatives agree with finite differences") {
  for (const double z : {-200.0, -30.0, -12.5, -11.5, -3.0, -1.0001, -0.5, 0.0, 2.0, 6.0}) {
    const double step = 1e-5 * std::max(1.0, std::abs(z));
    const double numeric = (log_improvement(z + step).value - log_improvement(z - step).value) / (2 * step);
    CHECK(log_improvement(z).derivative == doctest::Approx(numeric).epsilon(1e-6));
  }
  const double step = 1e-6;
  for (const double mean : {-1.0, 0.3, 5.0}) {
    const auto at = log_expected_improvement(mean, 0.4, 0.2);
    CHECK(at.d_mean == doctest::Approx((log_expected_improvement(mean + step, 0.4, 0.2).value -
                                        log_expected_improvement(mean - step, 0.4, 0.2).value) /
                                       (2 * step))
                           .epsilon(1e-6));
    CHECK(at.d_deviation == doctest::Approx((log_expected_improvement(mean, 0.4 + step, 0.2).value -
                                             log_expected_improvement(mean, 0.4 - step, 0.2).value) /
                                            (2 * step))
                                .epsilon(1e-6));
  }
}
