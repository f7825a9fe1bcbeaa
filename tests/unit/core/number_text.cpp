#include <hyperego/core/number_text.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

using namespace hyperego;

TEST_CASE("numbers for people have few digits and hardly an exponent") {
  CHECK(number_text(0.30188010118626113) == "0.3019");
  CHECK(number_text(0.30188010118626113, 6) == "0.30188");
  CHECK(number_text(123456.7) == "123457");
  CHECK(number_text(1234567.8) == "1234568");
  CHECK(number_text(99999.6) == "100000");
  CHECK(number_text(9999.96) == "10000");
  CHECK(number_text(12345678) == "1.235e+07");
  CHECK(number_text(0.0001) == "0.0001");
  CHECK(number_text(1.23456e-5) == "1.235e-05");
  CHECK(number_text(1.5) == "1.5");
  CHECK(number_text(-0.0) == "0");
  CHECK(number_text(-12.5) == "-12.5");
  CHECK(number_text(0.99996) == "1");
  CHECK(number_text(std::numeric_limits<double>::infinity()) == "inf");
}

TEST_CASE("no more digits than what is known of a number") {
  CHECK(number_text_within(0.0712349, 0.02) == "0.071");
  CHECK(number_text_within(0.0712349, 0.0002) == "0.07123");
  CHECK(number_text_within(0.0712349, 3) == "0.1");
  CHECK(number_text_within(0.0412349, 3) == "0");
  CHECK(number_text_within(-1.2345678, 0.00123) == "-1.2346");
  CHECK(number_text_within(12345, 4000) == "12300");
  CHECK(number_text_within(0.30188010118626113, 1e-12) == "0.30188");
  CHECK(number_text_within(0.30188010118626113, 0) == "0.3019");
  CHECK(number_text_within(1e300, 1e-300) == "1e+300");
  CHECK(number_text_within(-1.6e-16, 0.01) == "0");
}

TEST_CASE("rounding noise is nothing, small numbers are something") {
  CHECK(without_rounding_noise(1.08658e-12, 2) == 0);
  CHECK(without_rounding_noise(-1.6e-16, 1) == 0);
  CHECK(without_rounding_noise(1e-11, 1) == 1e-11);
  CHECK(without_rounding_noise(1e-15, 1e-12) == 1e-15);
  CHECK(rounded(0.30188010118626113, 3) == 0.302);
  CHECK(rounded(0.1, 17) == 0.1);
  CHECK(std::isnan(rounded(std::nan(""), 3)));
}
