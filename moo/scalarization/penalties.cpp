#include <hyperego/core/huge_value.hpp>
#include <hyperego/moo/scalarization/penalties.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace hyperego {
namespace {

/// How far, and how alike, penalties have to be.
class PenaltyRule {
 public:
  PenaltyRule(std::span<const double> sorted, Objective::Transform transform)
      : sorted_(sorted), on_logarithms_(transform == Objective::Transform::log) {}

  /// Whether the values from the k-th on, counted from 0, stand for failures.
  [[nodiscard]] bool splits_before(std::size_t k) const {
    const double last = sorted_[k - 1];
    const double next = sorted_[k];
    const double extent = this->extent(k);
    const double gap = next - last;
    // The distinct values are counted last, where the gap is there already.
    if (!(extent > 0) || !(gap > least_gap(true) * extent)) return false;
    if (!on_logarithms_ && next < 1) return false;
    const auto behind = static_cast<double>(sorted_.size() - k);
    const std::size_t distinct = distinct_from(k);
    if (distinct == 1 && behind >= 3) return true;
    const auto all = static_cast<double>(sorted_.size());
    if (!(gap > least_gap(false) * extent) || !(last > sorted_.front()) || 2 * behind > all) return false;
    const bool few = static_cast<double>(distinct) <= std::max(2.0, behind / 3);
    return few || sorted_.back() - next < 0.1 * gap || 4 * behind <= all;
  }

 private:
  [[nodiscard]] double extent(std::size_t k) const {
    const double best = sorted_.front();
    const double last = sorted_[k - 1];
    if (on_logarithms_) return std::max(last - best, std::log(10.0));
    return std::max({last - best, std::abs(best), std::abs(last)});
  }

  [[nodiscard]] double least_gap(bool shared) const { return on_logarithms_ ? 2 : shared ? 30 : 1000; }

  [[nodiscard]] std::size_t distinct_from(std::size_t k) const {
    std::size_t distinct = 1;
    for (std::size_t i = k + 1; i < sorted_.size(); ++i) distinct += sorted_[i] != sorted_[i - 1] ? 1 : 0;
    return distinct;
  }

  std::span<const double> sorted_;
  bool on_logarithms_;
};

std::vector<double> sorted(const Eigen::Ref<const Eigen::VectorXd>& values) {
  std::vector<double> result(values.begin(), values.end());
  std::sort(result.begin(), result.end());
  return result;
}

/// Numbered from the ordinary values outwards, `outside` ascending in that direction.
double share_of_order(const std::vector<double>& outside, double distance) {
  const auto rank = std::lower_bound(outside.begin(), outside.end(), distance) - outside.begin();
  return static_cast<double>(rank) / static_cast<double>(outside.size());
}

}  // namespace

OrdinaryValues ordinary_values(const Eigen::Ref<const Eigen::VectorXd>& minimised, Objective::Transform transform) {
  const std::vector<double> values = sorted(minimised);
  const auto is_huge = [](double value) { return std::abs(value) > huge_value; };
  const auto first = std::find_if_not(values.begin(), values.end(), is_huge);
  if (first == values.end()) return {values.front(), values.back(), values.back() - values.front()};
  const std::span<const double> candidates(first, values.end());
  const PenaltyRule rule(candidates, transform);
  std::size_t end = 1;
  while (end < candidates.size() && !is_huge(candidates[end]) && !rule.splits_before(end)) ++end;
  OrdinaryValues result{.best = *first, .worst = candidates[end - 1], .range = candidates[end - 1] - *first};
  if (!(result.range > 0)) result.range = result.worst != 0 ? std::abs(result.worst) : 1;
  return result;
}

double worst_ordinary(const Objective& objective, const Eigen::Ref<const Eigen::VectorXd>& minimised) {
  Eigen::VectorXd values = minimised;
  const double sign = objective.direction == Direction::maximize ? -1 : 1;
  const bool on_logarithms = objective.transform == Objective::Transform::log && (sign * minimised.array() > 0).all();
  if (on_logarithms) {
    for (double& value : values) value = sign * std::log(sign * value);
  }
  const OrdinaryValues ordinary =
      ordinary_values(values, on_logarithms ? Objective::Transform::log : Objective::Transform::none);
  double worst = -std::numeric_limits<double>::infinity();
  for (Eigen::Index i = 0; i < values.size(); ++i) {
    if (values[i] <= ordinary.worst) worst = std::max(worst, minimised[i]);
  }
  const bool single = ordinary.best == ordinary.worst && values.maxCoeff() > ordinary.worst;
  return single ? worst + (worst != 0 ? std::abs(worst) : 1) : worst;
}

Eigen::Index draw_in_penalties(Eigen::Ref<Eigen::VectorXd> minimised, Objective::Transform transform) {
  if (minimised.size() == 0) return 0;
  if ((minimised.array().abs() > huge_value).all()) {
    for (double& value : minimised) value = within_huge(value);
    return minimised.size();
  }
  const OrdinaryValues ordinary = ordinary_values(minimised, transform);
  std::vector<double> above;
  std::vector<double> below;
  for (const double value : minimised) {
    if (value > ordinary.worst) above.push_back(value);
    if (value < ordinary.best) below.push_back(-value);
  }
  const auto keep_distinct = [](std::vector<double>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
  };
  const auto count = static_cast<Eigen::Index>(above.size() + below.size());
  keep_distinct(above);
  keep_distinct(below);
  for (double& value : minimised) {
    if (value > ordinary.worst) {
      value = ordinary.worst + ordinary.range * (1 + share_of_order(above, value));
    } else if (value < ordinary.best) {
      value = ordinary.best - ordinary.range * (1 + share_of_order(below, -value));
    }
  }
  return count;
}

}  // namespace hyperego
