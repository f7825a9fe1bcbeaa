#include <hyperego/core/quantile.hpp>
#include <hyperego/report/explanation/detail/intervals.hpp>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego::detail {

Interval quantile_interval(std::vector<double> values, double coverage) {
  std::sort(values.begin(), values.end());
  const auto m = static_cast<double>(values.size());
  const auto at = [&](double level) {  // place level · (m + 1) of 1 … m
    return quantile_of_sorted(values, m > 1 ? std::clamp((level * (m + 1) - 1) / (m - 1), 0.0, 1.0) : 0.0);
  };
  return {at((1 - coverage) / 2), at((1 + coverage) / 2)};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return quantile_of_sorted(values, 0.5);
}

Interval holding(Interval interval, double value) {
  return {std::min(interval.first, value), std::max(interval.second, value)};
}

Interval student_interval(double value, std::span<const double> replicates, double coverage) {
  const auto k = static_cast<double>(replicates.size());
  double mean = value;
  for (const double replicate : replicates) mean += (replicate - value) / (k + 1);
  double squares = (value - mean) * (value - mean);
  for (const double replicate : replicates) squares += (replicate - mean) * (replicate - mean);
  const double deviation = std::sqrt(squares / k);
  const double half = boost::math::quantile(boost::math::students_t(k), (1 + coverage) / 2) * deviation;
  return {value - half, value + half};
}

Interval normal_interval(double value, double standard_error, double coverage) {
  const double half = boost::math::quantile(boost::math::normal(), (1 + coverage) / 2) * standard_error;
  return {value - half, value + half};
}

}  // namespace hyperego::detail
