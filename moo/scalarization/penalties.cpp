#include <hyperego/moo/scalarization/penalties.hpp>

#include <algorithm>
#include <cmath>
#include <vector>

namespace hyperego {
namespace {

constexpr double largest = 1e100;
constexpr double least_gap = 1000;

Eigen::Index draw_in_huge(Eigen::Ref<Eigen::VectorXd> values) {
  Eigen::Index count = 0;
  for (double& value : values) {
    if (std::abs(value) <= largest) continue;
    value = std::copysign(largest * (1 + std::log(std::abs(value) / largest)), value);
    ++count;
  }
  return count;
}

/// The number of values before the first gap that sets penalties apart, all where there is none.
std::size_t ordinary(const std::vector<double>& sorted) {
  for (std::size_t k = std::max<std::size_t>((sorted.size() + 1) / 2, 2); k < sorted.size(); ++k) {
    const double best = sorted.front();
    const double last = sorted[k - 1];
    const double extent = std::max({last - best, std::abs(best), std::abs(last)});
    if (last > best && sorted[k] - last > least_gap * extent) return k;
  }
  return sorted.size();
}

}  // namespace

DrawnIn draw_in_penalties(Eigen::Ref<Eigen::VectorXd> minimised) {
  DrawnIn result;
  result.huge = draw_in_huge(minimised);
  std::vector<double> sorted(minimised.begin(), minimised.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t kept = ordinary(sorted);
  if (kept == sorted.size()) return result;
  const double last = sorted[kept - 1];
  const double range = last - sorted.front();
  std::vector<double> distinct(sorted.begin() + static_cast<std::ptrdiff_t>(kept), sorted.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  for (double& value : minimised) {
    if (value <= last) continue;
    const auto rank = std::lower_bound(distinct.begin(), distinct.end(), value) - distinct.begin();
    value = last + range * (1 + static_cast<double>(rank) / static_cast<double>(distinct.size()));
    ++result.penalties;
  }
  return result;
}

}  // namespace hyperego
