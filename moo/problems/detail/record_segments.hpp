#pragma once

#include <Eigen/Core>

#include <functional>
#include <utility>
#include <vector>

namespace hyperego::detail {

using Segments = std::vector<std::pair<double, double>>;

/// The intervals of [lower, upper] on which `function` goes below everything to the left: the non-dominated part of the
/// curve (x, function(x)). Ends are located to a few units in the last place of what the function values resolve (about
/// 1e-8 at a smooth minimum, whose value is exact). Dips narrower than 1/4096 of the interval may be missed; the
/// problems here have about ten waves.
[[nodiscard]] Segments record_segments(const std::function<double(double)>& function, double lower, double upper);

/// `count` ≥ 1 ascending values spread evenly over the total length of the segments; the first and the last end are
/// included when there are two or more, and every value lies inside a segment.
[[nodiscard]] Eigen::VectorXd spread_over(const Segments& segments, Eigen::Index count);

}  // namespace hyperego::detail
