#include <hyperego/core/error.hpp>
#include <hyperego/core/rank_correlation.hpp>

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>

namespace hyperego {

std::vector<double> mean_ranks(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> ranks(values.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    while (end < order.size() && values[order[end]] == values[order[first]]) ++end;
    for (std::size_t k = first; k < end; ++k) ranks[order[k]] = static_cast<double>(first + end - 1) / 2;
    first = end;
  }
  return ranks;
}

double correlation(std::span<const double> a, std::span<const double> b) {
  if (a.size() != b.size()) {
    throw InvalidInput("b", "has " + std::to_string(b.size()) + " values for " + std::to_string(a.size()));
  }
  const auto n = static_cast<Eigen::Index>(a.size());
  const Eigen::Map<const Eigen::ArrayXd> x(a.data(), n);
  const Eigen::Map<const Eigen::ArrayXd> y(b.data(), n);
  if (n == 0) return 0;
  const double squares = (x - x.mean()).square().sum() * (y - y.mean()).square().sum();
  return squares > 0 ? ((x - x.mean()) * (y - y.mean())).sum() / std::sqrt(squares) : 0;
}

double rank_correlation(std::span<const double> a, std::span<const double> b) {
  return correlation(mean_ranks(a), mean_ranks(b));
}

}  // namespace hyperego
