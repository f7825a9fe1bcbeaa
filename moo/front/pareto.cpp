#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/pareto.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace hyperego {
namespace {

using Points = Eigen::Ref<const Eigen::MatrixXd>;
using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

void refuse_nan(const Points& points) {
  if (points.hasNaN()) throw InvalidInput("points", "a coordinate is NaN; leave such points out");
}

void refuse_empty(const Points& points) {
  if (points.rows() == 0) throw InvalidInput("points", "is empty; give at least one point");
}

/// Row numbers in lexicographic order, equal rows by number: no row can be dominated by a later one.
std::vector<Eigen::Index> lexicographic_order(const RowMajor& points) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(points.rows()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) {
    for (Eigen::Index c = 0; c < points.cols(); ++c) {
      if (points(a, c) != points(b, c)) return points(a, c) < points(b, c);
    }
    return a < b;
  });
  return order;
}

/// For a lexicographically not later than b, so that only b can be worse: a dominates b.
bool dominates_in_order(const RowMajor& points, Eigen::Index a, Eigen::Index b) {
  bool equal = true;
  for (Eigen::Index c = 0; c < points.cols(); ++c) {
    if (points(a, c) > points(b, c)) return false;
    equal = equal && points(a, c) == points(b, c);
  }
  return !equal;
}

/// Two objectives in lexicographic order: a point is dominated unless its second value is a new minimum.
std::vector<Eigen::Index> non_dominated_two(const RowMajor& points, const std::vector<Eigen::Index>& order) {
  std::vector<Eigen::Index> kept;
  for (const Eigen::Index i : order) {
    const bool better = kept.empty() || points(i, 1) < points(kept.back(), 1);
    if (better || (points.row(i).array() == points.row(kept.back()).array()).all()) kept.push_back(i);
  }
  return kept;
}

std::vector<Eigen::Index> non_dominated_many(const RowMajor& points, const std::vector<Eigen::Index>& order) {
  std::vector<Eigen::Index> kept;
  for (const Eigen::Index i : order) {
    const auto dominating = [&](Eigen::Index k) { return dominates_in_order(points, k, i); };
    if (std::none_of(kept.begin(), kept.end(), dominating)) kept.push_back(i);
  }
  return kept;
}

}  // namespace

bool weakly_dominates(const Eigen::Ref<const Eigen::VectorXd>& a, const Eigen::Ref<const Eigen::VectorXd>& b) {
  return (a.array() <= b.array()).all();
}

bool dominates(const Eigen::Ref<const Eigen::VectorXd>& a, const Eigen::Ref<const Eigen::VectorXd>& b) {
  return weakly_dominates(a, b) && (a.array() < b.array()).any();
}

std::vector<Eigen::Index> non_dominated(const Points& points, EqualPoints equal) {
  refuse_nan(points);
  const RowMajor rows = points;
  const auto order = lexicographic_order(rows);
  auto kept = points.cols() == 2 ? non_dominated_two(rows, order) : non_dominated_many(rows, order);
  if (equal == EqualPoints::keep_first) {
    // Equal rows are neighbours in lexicographic order.
    const auto same = [&](Eigen::Index a, Eigen::Index b) {
      return (rows.row(a).array() == rows.row(b).array()).all();
    };
    kept.erase(std::unique(kept.begin(), kept.end(), same), kept.end());
  }
  std::sort(kept.begin(), kept.end());
  return kept;
}

std::vector<std::vector<Eigen::Index>> non_dominated_sort(const Points& points) {
  refuse_nan(points);
  const RowMajor rows = points;
  std::vector<std::vector<Eigen::Index>> fronts;
  for (const Eigen::Index i : lexicographic_order(rows)) {
    // Recent members are the likeliest to dominate, so each front is searched from its end. A front that dominates i is
    // preceded by fronts that do as well, which is what makes the binary search valid.
    const auto dominated_by = [&](const std::vector<Eigen::Index>& front) {
      return std::any_of(front.rbegin(), front.rend(), [&](Eigen::Index k) { return dominates_in_order(rows, k, i); });
    };
    const auto place = std::partition_point(fronts.begin(), fronts.end(), dominated_by);
    if (place == fronts.end()) {
      fronts.push_back({i});
    } else {
      place->push_back(i);
    }
  }
  for (auto& front : fronts) std::sort(front.begin(), front.end());
  return fronts;
}

Eigen::VectorXd crowding_distance(const Points& points) {
  refuse_nan(points);
  Eigen::VectorXd distance = Eigen::VectorXd::Zero(points.rows());
  if (points.rows() == 0) return distance;
  std::vector<Eigen::Index> order(static_cast<std::size_t>(points.rows()));
  for (Eigen::Index c = 0; c < points.cols(); ++c) {
    std::iota(order.begin(), order.end(), Eigen::Index{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](Eigen::Index a, Eigen::Index b) { return points(a, c) < points(b, c); });
    // The difference of two large numbers need not be one; that of their halves is.
    const double unit = std::isfinite(points(order.back(), c) - points(order.front(), c)) ? 1 : 0.5;
    const double range = unit * points(order.back(), c) - unit * points(order.front(), c);
    if (!(range > 0)) continue;
    distance(order.front()) = distance(order.back()) = std::numeric_limits<double>::infinity();
    for (std::size_t i = 1; i + 1 < order.size(); ++i) {
      distance(order[i]) += (unit * points(order[i + 1], c) - unit * points(order[i - 1], c)) / range;
    }
  }
  return distance;
}

Eigen::VectorXd ideal_point(const Points& points) {
  refuse_empty(points);
  return points.colwise().minCoeff();
}

Eigen::VectorXd nadir_point(const Points& points) {
  refuse_empty(points);
  const auto front = non_dominated(points);
  Eigen::VectorXd worst = points.row(front.front());
  for (const Eigen::Index i : front) worst = worst.cwiseMax(points.row(i).transpose());
  return worst;
}

}  // namespace hyperego
