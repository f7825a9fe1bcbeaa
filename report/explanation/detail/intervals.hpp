#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace hyperego::detail {

using Interval = std::pair<double, double>;

/// The central interval that one more value like the m given ones lies in with probability `coverage`: quantiles at
/// places of m + 1 (type 6 of Hyndman & Fan, The American Statistician 50(4), 1996), the smallest and the largest value
/// where m + 1 < 2 / (1 − coverage). @param values not empty.
[[nodiscard]] Interval quantile_interval(std::vector<double> values, double coverage);

/// The value in the middle, which lies in every quantile_interval(). @param values not empty.
[[nodiscard]] double median(std::vector<double> values);

/// `interval`, widened to hold `value` where it does not.
[[nodiscard]] Interval holding(Interval interval, double value);

/// value ± Student's interval for one of k + 1 independent, equally distributed results: `value` and k ≥ 1 replicates.
[[nodiscard]] Interval student_interval(double value, std::span<const double> replicates, double coverage);

/// value ± the normal interval of its standard error.
[[nodiscard]] Interval normal_interval(double value, double standard_error, double coverage);

}  // namespace hyperego::detail
