#include <hyperego/benchmark/star_discrepancy.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>

#include <algorithm>
#include <bit>
#include <numeric>
#include <string>
#include <utility>

namespace hyperego {
namespace {

constexpr Eigen::Index most_points = 64;
constexpr Eigen::Index most_features = 4;

void check_points(const Eigen::MatrixXd& points) {
  if (points.cols() < 1 || points.cols() > most_features) {
    throw InvalidInput("points", "have " + std::to_string(points.cols()) + " coordinates; give 1 to 4");
  }
  if (!((points.array() >= 0) && (points.array() <= 1)).all()) {
    throw InvalidInput("points", "have a coordinate outside [0, 1]; scale them first");
  }
}

/// Of one feature: where a box may end, and which points it then holds (bit i: point i), with and without its boundary.
struct Edge {
  double end = 1;
  std::uint64_t closed = 0, open = 0;
};

std::vector<Edge> edges_of(const Eigen::MatrixXd& points, Eigen::Index feature) {
  std::vector<double> ends{1};
  for (Eigen::Index i = 0; i < points.rows(); ++i) ends.push_back(points(i, feature));
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  std::vector<Edge> edges;
  for (const double end : ends) {
    Edge edge{.end = end};
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
      const std::uint64_t bit = std::uint64_t{1} << static_cast<unsigned>(i);
      if (points(i, feature) <= end) edge.closed |= bit;
      if (points(i, feature) < end) edge.open |= bit;
    }
    edges.push_back(edge);
  }
  return edges;
}

/// All boxes that begin with the given one in the first features.
double worst_box(const std::vector<std::vector<Edge>>& edges, std::size_t feature, double volume, const Edge& inside,
                 double share) {
  if (feature == edges.size()) {
    return std::max(share * std::popcount(inside.closed) - volume, volume - share * std::popcount(inside.open));
  }
  double worst = 0;
  for (const Edge& edge : edges[feature]) {
    const Edge both{.closed = inside.closed & edge.closed, .open = inside.open & edge.open};
    worst = std::max(worst, worst_box(edges, feature + 1, volume * edge.end, both, share));
  }
  return worst;
}

Eigen::MatrixXd rows_of(const Eigen::MatrixXd& points, const std::vector<std::size_t>& rows) {
  Eigen::MatrixXd chosen(static_cast<Eigen::Index>(rows.size()), points.cols());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    chosen.row(static_cast<Eigen::Index>(i)) = points.row(static_cast<Eigen::Index>(rows[i]));
  }
  return chosen;
}

/// The first `count` rows of `order` exchanged for later ones until no exchange lowers the discrepancy, which it
/// returns.
double exchange(const Eigen::MatrixXd& points, std::size_t count, std::vector<std::size_t>& order) {
  const auto of_first = [&] {
    return star_discrepancy(rows_of(points, {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count)}));
  };
  double best = of_first();
  for (bool better = true; better;) {
    better = false;
    for (std::size_t inside = 0; inside < count; ++inside) {
      for (std::size_t outside = count; outside < order.size(); ++outside) {
        std::swap(order[inside], order[outside]);
        const double discrepancy = of_first();
        if (discrepancy < best - 1e-12) {
          best = discrepancy;
          better = true;
        } else {
          std::swap(order[inside], order[outside]);
        }
      }
    }
  }
  return best;
}

}  // namespace

double star_discrepancy(const Eigen::MatrixXd& points) {
  check_points(points);
  if (points.rows() < 1 || points.rows() > most_points) {
    throw InvalidInput("points", "are " + std::to_string(points.rows()) + "; give 1 to 64");
  }
  std::vector<std::vector<Edge>> edges;
  for (Eigen::Index f = 0; f < points.cols(); ++f) edges.push_back(edges_of(points, f));
  const std::uint64_t all = ~std::uint64_t{0} >> static_cast<unsigned>(most_points - points.rows());
  return worst_box(edges, 0, 1, {.closed = all, .open = all}, 1.0 / static_cast<double>(points.rows()));
}

std::vector<std::size_t> low_discrepancy_subset(const Eigen::MatrixXd& points, std::size_t count, std::uint64_t seed,
                                                int starts) {
  check_points(points);
  const auto n = static_cast<std::size_t>(points.rows());
  if (count < 1 || count > std::min<std::size_t>(n, most_points)) {
    throw InvalidInput("count", "is " + std::to_string(count) + "; give 1 to " +
                                    std::to_string(std::min<std::size_t>(n, most_points)));
  }
  double best = 2;
  std::vector<std::size_t> subset;
  for (int start = 0; start < starts; ++start) {
    Rng rng(seed, "low discrepancy", static_cast<std::uint64_t>(start));
    std::vector<std::size_t> order(n);
    std::iota(order.begin(), order.end(), std::size_t{0});
    for (std::size_t i = 0; i + 1 < n; ++i) std::swap(order[i], order[i + rng.below(n - i)]);
    const double discrepancy = exchange(points, count, order);
    if (discrepancy >= best - 1e-12) continue;
    best = discrepancy;
    subset.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count));
  }
  std::sort(subset.begin(), subset.end());
  return subset;
}

}  // namespace hyperego
