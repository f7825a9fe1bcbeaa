#include <hyperego/report/detail/intervals.hpp>

#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego::detail {

Interval quantile_interval(std::vector<double> values, double coverage) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double level) {
    const double position = level * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(std::floor(position));
    const std::size_t above = std::min(below + 1, values.size() - 1);
    return values[below] + (position - static_cast<double>(below)) * (values[above] - values[below]);
  };
  return {at((1 - coverage) / 2), at((1 + coverage) / 2)};
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
