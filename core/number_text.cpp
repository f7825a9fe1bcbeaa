#include <hyperego/core/number_text.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace hyperego {
namespace {

constexpr int most_digits_within = 6;
constexpr double most_without_exponent = 1e7;

std::string printed(const char* format, int digits, double value) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), format, digits, value);
  return text.data();
}

/// The power of ten of the first significant digit of a value that is not 0.
int place_of(double value) { return static_cast<int>(std::floor(std::log10(std::abs(value)))); }

}  // namespace

double rounded(double value, int digits) {
  if (value == 0) return 0;
  if (!std::isfinite(value)) return value;
  return std::strtod(printed("%.*g", digits, value).c_str(), nullptr);
}

std::string number_text(double value, int digits) {
  const double shown = rounded(value, digits);
  const double size = std::abs(shown);
  // All digits before the point, as 123457 is easier to read than 1.235e+05.
  if (size >= std::pow(10.0, digits) && size < most_without_exponent) return printed("%.*f", 0, value);
  return printed("%.*g", digits, shown);
}

std::string number_text_within(double value, double width) {
  if (!(width > 0) || !std::isfinite(width) || !std::isfinite(value)) return number_text(value);
  const int last = place_of(width) - 1;
  const double unit = std::pow(10.0, last);
  const double shown = std::round(value / unit) * unit;
  if (!std::isfinite(shown)) return number_text(value);
  if (shown == 0) return "0";
  return number_text(shown, std::clamp(place_of(shown) - last + 1, 1, most_digits_within));
}

double without_rounding_noise(double value, double scale) { return std::abs(value) <= 1e-12 * scale ? 0.0 : value; }

}  // namespace hyperego
