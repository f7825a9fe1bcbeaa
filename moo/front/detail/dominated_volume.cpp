#include <hyperego/moo/front/detail/dominated_volume.hpp>
#include <hyperego/moo/front/detail/hypervolume_kernel.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <memory_resource>
#include <numeric>

namespace hyperego::detail {
namespace {

std::vector<std::size_t> descending_by(const Extents& extents, int coordinate) {
  std::vector<std::pair<double, std::size_t>> keyed(extents.count());
  for (std::size_t i = 0; i < keyed.size(); ++i) keyed[i] = {-extents.row(i)[coordinate], i};
  std::sort(keyed.begin(), keyed.end());
  std::vector<std::size_t> order(keyed.size());
  std::transform(keyed.begin(), keyed.end(), order.begin(), [](const auto& entry) { return entry.second; });
  return order;
}

double volume_one(const Extents& extents) {
  double best = 0;
  for (std::size_t i = 0; i < extents.count(); ++i) best = std::max(best, extents.row(i)[0]);
  return best;
}

double volume_two(const Extents& extents) {
  double area = 0;
  double covered = 0;
  for (const std::size_t i : descending_by(extents, 0)) {
    const double* row = extents.row(i);
    if (row[1] <= covered) continue;
    area += row[0] * (row[1] - covered);
    covered = row[1];
  }
  return area;
}

/// Sweeps down the third coordinate; the staircase of the first two lives in a balanced tree by x. O(n log n).
double volume_three(const Extents& extents) {
  const std::size_t count = extents.count();
  std::vector<std::byte> memory((count + 2) * 64);  // a tree node takes 48 bytes; nothing is given back before the end
  std::pmr::monotonic_buffer_resource pool(memory.data(), memory.size());
  std::pmr::map<double, double> staircase(&pool);  // x -> y; y falls as x grows
  constexpr double infinity = std::numeric_limits<double>::infinity();
  staircase.emplace(0.0, infinity);
  staircase.emplace(infinity, 0.0);
  double volume = 0;
  for (const std::size_t i : descending_by(extents, 2)) {
    const double x = extents.row(i)[0];
    const double y = extents.row(i)[1];
    auto right = staircase.lower_bound(x);
    if (right->second >= y) continue;
    if (right->first == x) ++right;  // the step at x is lower than y and disappears below
    double below = right->second;
    double area = 0;
    auto step = std::prev(right);
    for (; step->second <= y; step = std::prev(staircase.erase(step))) {
      area += (step->second - below) * (x - step->first);
      below = step->second;
    }
    area += (y - below) * (x - step->first);
    volume += extents.row(i)[2] * area;
    staircase.emplace_hint(right, x, y);
  }
  return volume;
}

double volume_many(const Extents& extents) {
  const auto count = extents.count();
  const auto stride = static_cast<std::size_t>(extents.stride);
  const auto levels = static_cast<std::size_t>(extents.objectives - 3);
  // Each level of the recursion holds at most `count` limited rows and the limiting one.
  std::vector<double> rows((levels * (count + 1)) * stride + 8);
  std::vector<double*> order(2 * levels * (count + 1));
  std::vector<SweepNode> nodes(count + 4);
  std::vector<double> blocks((count + 8) * stride);
  const auto misaligned = reinterpret_cast<std::uintptr_t>(rows.data()) % 64 / sizeof(double);
  double* const aligned = rows.data() + (8 - misaligned) % 8;
  const HypervolumeWorkspace workspace{aligned, order.data(), nodes.data(), blocks.data(), extents.stride};
  return HYPEREGO_DISPATCH(hypervolume_of_extents, extents.values.data(), static_cast<int>(count), extents.objectives,
                           workspace);
}

bool covers(const double* a, const double* b, int objectives) {
  return std::equal(a, a + objectives, b, [](double x, double y) { return x >= y; });
}

}  // namespace

double dominated_volume(const Extents& extents) {
  if (extents.count() == 0) return 0;
  switch (extents.objectives) {
    case 1:
      return volume_one(extents);
    case 2:
      return volume_two(extents);
    case 3:
      return volume_three(extents);
    default:
      return volume_many(extents);
  }
}

double exclusive_volume(const double* point, const Extents& others) {
  Extents limited(others.objectives);
  for (std::size_t i = 0; i < others.count(); ++i) {
    const double* other = others.row(i);
    if (covers(other, point, others.objectives)) return 0;
    double* row = limited.append();
    std::transform(other, other + others.objectives, point, row, [](double a, double b) { return std::min(a, b); });
  }
  const double box = std::accumulate(point, point + others.objectives, 1.0, std::multiplies<>());
  return std::max(0.0, box - dominated_volume(limited));
}

}  // namespace hyperego::detail
