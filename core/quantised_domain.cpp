#include <hyperego/core/quantised_domain.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {
namespace {

/// The least power of ten that makes a whole number of both, as far as doubles tell decimals exactly; 0 where none
/// does.
double decimal_scale(double a, double b) {
  constexpr double greatest = 1e15;
  const auto is_decimal = [](double x, double scale) { return std::round(x * scale) / scale == x; };
  for (double scale = 1; scale <= greatest; scale *= 10) {
    if (is_decimal(a, scale) && is_decimal(b, scale)) return scale;
  }
  return 0;
}

}  // namespace

double QuantisedDomain::count() const { return std::round((upper - lower) / q) + 1; }

double QuantisedDomain::value(double index) const {
  if (index >= count() - 1) return upper;
  const double scale = decimal_scale(lower, q);
  const double steps = scale == 0 ? 0 : std::round(lower * scale) + index * std::round(q * scale);
  const bool is_exact = scale != 0 && std::abs(steps) < 0x1.0p53;
  return std::clamp(is_exact ? steps / scale : lower + index * q, lower, upper);
}

std::optional<double> QuantisedDomain::index_of(double number) const {
  constexpr double tolerance = 1e-9;
  if (!std::isfinite(number)) return std::nullopt;
  const double index = nearest(number);
  return std::abs(number - value(index)) <= tolerance * q ? std::optional(index) : std::nullopt;
}

double QuantisedDomain::nearest(double number) const {
  return std::clamp(std::nearbyint((number - lower) / q), 0.0, count() - 1);
}

double QuantisedDomain::lower_end() const { return lower - 0.5 * (log ? std::min(q, lower) : q); }
double QuantisedDomain::upper_end() const { return upper + 0.5 * q; }

double QuantisedDomain::unit_of(double index) const {
  if (!log) return (index + 0.5) / count();
  const double number = lower + index * q;  // relaxed indices go beyond the bounds
  const double centre = 0.5 * (std::log(std::max(number - 0.5 * q, lower_end())) + std::log(number + 0.5 * q));
  return std::clamp((centre - std::log(lower_end())) / std::log(upper_end() / lower_end()), 0.0, 1.0);
}

double QuantisedDomain::relaxed_index_at(double u) const {
  if (!log) return u * count() - 0.5;
  // unit_of is the middle of ln(v − q/2) and ln(v + q/2), that is ½ ln(v² − q²/4).
  const double centre = lower_end() * std::exp(u * std::log(upper_end() / lower_end()));
  double number = std::sqrt(centre * centre + 0.25 * q * q);
  if (number - 0.5 * q < lower_end()) number = centre * centre / lower_end() - 0.5 * q;  // the first share is cut off
  return (number - lower) / q;
}

double QuantisedDomain::index_at(double u) const {
  if (!(u > 0)) return 0;
  if (!log) return std::min(std::floor(u * count()), count() - 1);
  const double number = lower_end() * std::exp(u * std::log(upper_end() / lower_end()));
  return std::clamp(std::floor((number - lower) / q + 0.5), 0.0, count() - 1);
}

}  // namespace hyperego
