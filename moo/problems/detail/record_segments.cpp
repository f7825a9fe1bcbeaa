#include <hyperego/moo/problems/detail/record_segments.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego::detail {
namespace {

using Function = std::function<double(double)>;

/// The minimum of a unimodal function by ternary sections.
double minimum(const Function& function, double lower, double upper) {
  for (int i = 0; i < 200 && upper - lower > 1e-15 * std::abs(upper); ++i) {
    const double a = lower + (upper - lower) / 3;
    const double b = upper - (upper - lower) / 3;
    if (function(a) < function(b)) {
      upper = b;
    } else {
      lower = a;
    }
  }
  return (lower + upper) / 2;
}

/// The first place of (lower, upper] at which a falling function is below `level`; it is not at `lower`.
double crossing(const Function& function, double level, double lower, double upper) {
  for (int i = 0; i < 200; ++i) {
    const double middle = lower + (upper - lower) / 2;
    if (middle <= lower || middle >= upper) break;
    (function(middle) < level ? upper : lower) = middle;
  }
  return upper;
}

}  // namespace

Segments record_segments(const Function& function, double lower, double upper) {
  constexpr int cells = 4096;
  const auto at = [&](int i) { return i == cells ? upper : lower + (upper - lower) * i / cells; };
  Segments segments;
  double record = function(lower);
  double start = lower;
  bool falling = true;  // the left end has nothing to its left
  for (int i = 1; i <= cells; ++i) {
    const double value = function(at(i));
    if (falling && value >= function(at(i - 1))) {
      // The minimum lies within the last two cells.
      const double end = minimum(function, at(std::max(0, i - 2)), at(i));
      record = function(end);
      segments.emplace_back(start, std::max(start, end));
      falling = false;
    } else if (!falling && value < record) {
      start = crossing(function, record, at(i - 1), at(i));
      falling = true;
    }
  }
  if (falling) segments.emplace_back(start, upper);
  return segments;
}

Eigen::VectorXd spread_over(const Segments& segments, Eigen::Index count) {
  double total = 0;
  for (const auto& [from, to] : segments) total += to - from;
  Eigen::VectorXd values(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    double rest = count == 1 ? 0 : total * static_cast<double>(i) / static_cast<double>(count - 1);
    std::size_t segment = 0;
    while (segment + 1 < segments.size() && rest > segments[segment].second - segments[segment].first) {
      rest -= segments[segment].second - segments[segment].first;
      ++segment;
    }
    values(i) = std::min(segments[segment].first + rest, segments[segment].second);
  }
  if (count > 1) values(count - 1) = segments.back().second;
  return values;
}

}  // namespace hyperego::detail
