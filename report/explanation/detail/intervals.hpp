#pragma once

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

namespace hyperego::detail {

using Interval = std::pair<double, double>;

/// The central interval that holds a share `coverage` of the values (linear between order statistics). @param values
/// not empty.
[[nodiscard]] Interval quantile_interval(std::vector<double> values, double coverage);

/// value ± Student's interval for one of k + 1 independent, equally distributed results: `value` and k ≥ 1 replicates.
[[nodiscard]] Interval student_interval(double value, std::span<const double> replicates, double coverage);

/// value ± the normal interval of its standard error.
[[nodiscard]] Interval normal_interval(double value, double standard_error, double coverage);

}  // namespace hyperego::detail
