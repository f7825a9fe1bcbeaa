#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/detail/dominated_volume.hpp>
#include <hyperego/moo/front/hypervolume.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace hyperego {
namespace {

using Points = Eigen::Ref<const Eigen::MatrixXd>;
using Vector = Eigen::Ref<const Eigen::VectorXd>;

void check_reference(const Vector& reference) {
  if (reference.size() == 0) throw InvalidInput("reference", "is empty; give one value per objective");
  if (!reference.allFinite())
    throw InvalidInput("reference", "has a value that is not finite; give a finite bound per objective");
}

void check_width(const char* where, Eigen::Index width, const Vector& reference) {
  if (width == reference.size()) return;
  throw InvalidInput(where, "has " + std::to_string(width) + " objectives, the reference has " +
                                std::to_string(reference.size()) + "; give one reference value per objective");
}

/// Powers of two by which extents are divided so that none, and no product of them, leaves double precision. They are
/// 1, and nothing changes, for values of less than about 2^(900 / m).
class Units {
 public:
  explicit Units(const Vector& reference) : reference_(reference), largest_(reference.cwiseAbs()) {}

  /// Points outside the reference do not count: they would make the others small for nothing.
  void cover(const Points& points) {
    if (points.cols() != largest_.size()) return;
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
      if (!(points.row(i).transpose().array() < reference_.array()).all() || !points.row(i).allFinite()) continue;
      largest_ = largest_.cwiseMax(points.row(i).transpose().cwiseAbs());
    }
  }

  [[nodiscard]] double extent(Eigen::Index c, double reference, double value) const {
    const int power = this->power(c);
    if (power == 0) return reference - value;
    return std::ldexp(reference, -power) - std::ldexp(value, -power);
  }
  /// The volume in the points' own units, at most the largest number.
  [[nodiscard]] double own(double volume) const {
    int powers = 0;
    for (Eigen::Index c = 0; c < largest_.size(); ++c) powers += power(c);
    return powers == 0 ? volume : std::min(std::ldexp(volume, powers), std::numeric_limits<double>::max());
  }

 private:
  [[nodiscard]] int power(Eigen::Index c) const {
    const int exponent = largest_[c] > 0 ? std::ilogb(largest_[c]) : 0;
    return exponent < 900 / static_cast<int>(largest_.size()) ? 0 : exponent + 2;
  }

  Eigen::VectorXd reference_;
  Eigen::VectorXd largest_;
};

/// Appends r − f when that is positive everywhere, and says whether it did.
template <typename Row>
bool append_extent(detail::Extents& extents, const Row& row, const Vector& reference, const Units& units,
                   const char* where) {
  bool inside = true;
  for (Eigen::Index c = 0; c < reference.size(); ++c) {
    if (std::isnan(row(c)) || row(c) == -std::numeric_limits<double>::infinity()) {
      throw InvalidInput(where, "a coordinate is NaN or minus infinity; leave such points out");
    }
    inside = inside && row(c) < reference(c);
  }
  if (!inside) return false;
  double* extent = extents.append();
  for (Eigen::Index c = 0; c < reference.size(); ++c) extent[c] = units.extent(c, reference(c), row(c));
  return true;
}

/// The extents, and for each the row of `points` it came from.
std::vector<Eigen::Index> fill(detail::Extents& extents, const Points& points, const Vector& reference,
                               const Units& units, const char* where) {
  std::vector<Eigen::Index> rows;
  if (points.rows() == 0) return rows;
  check_width(where, points.cols(), reference);
  extents.values.reserve(static_cast<std::size_t>(points.rows() * extents.stride));
  rows.reserve(static_cast<std::size_t>(points.rows()));
  for (Eigen::Index i = 0; i < points.rows(); ++i) {
    if (append_extent(extents, points.row(i), reference, units, where)) rows.push_back(i);
  }
  return rows;
}

bool weakly_dominated(const detail::Extents& extents, std::size_t i) {
  for (std::size_t j = 0; j < extents.count(); ++j) {
    if (j != i && std::equal(extents.row(j), extents.row(j) + extents.objectives, extents.row(i),
                             [](double a, double b) { return a >= b; })) {
      return true;
    }
  }
  return false;
}

/// Two objectives in O(n log n); `result` starts at zero.
void contributions_two(const detail::Extents& extents, const std::vector<Eigen::Index>& rows, Eigen::VectorXd& result) {
  std::vector<std::size_t> order(extents.count());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const double* p = extents.row(a);
    const double* q = extents.row(b);
    return p[0] != q[0] ? p[0] > q[0] : (p[1] != q[1] ? p[1] > q[1] : a < b);
  });
  // Sweeping down the first extent, the highest point so far alone covers what lies above the second highest.
  double covered = 0;         // largest second extent so far
  double second_covered = 0;  // largest second extent of all but the current front point
  std::size_t current = extents.count();
  double current_x = 0;
  double area = 0;
  const auto slice = [&](double x) {
    area += (current_x - x) * (covered - second_covered);
    current_x = x;
  };
  for (const std::size_t i : order) {
    const double x = extents.row(i)[0];
    const double y = extents.row(i)[1];
    if (current != extents.count()) slice(x);
    if (y > covered) {
      if (current != extents.count()) result(rows[current]) = area;
      current = i;
      current_x = x;
      area = 0;
      second_covered = covered;
      covered = y;
    } else if (y > second_covered) {
      second_covered = y;
    }
  }
  if (current != extents.count()) {
    slice(0);
    result(rows[current]) = area;
  }
}

}  // namespace

double hypervolume(const Points& points, const Vector& reference) {
  check_reference(reference);
  detail::Extents extents(static_cast<int>(reference.size()));
  Units units(reference);
  units.cover(points);
  fill(extents, points, reference, units, "points");
  return units.own(detail::dominated_volume(extents));
}

Eigen::VectorXd hypervolume_contributions(const Points& points, const Vector& reference) {
  check_reference(reference);
  detail::Extents extents(static_cast<int>(reference.size()));
  Units units(reference);
  units.cover(points);
  const auto rows = fill(extents, points, reference, units, "points");
  Eigen::VectorXd result = Eigen::VectorXd::Zero(points.rows());
  if (extents.objectives == 2) {
    contributions_two(extents, rows, result);
    return result.unaryExpr([&](double volume) { return units.own(volume); });
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (weakly_dominated(extents, i)) continue;
    detail::Extents others(extents.objectives);
    others.values = extents.values;
    const auto begin = others.values.begin() + static_cast<std::ptrdiff_t>(i) * extents.stride;
    others.values.erase(begin, begin + extents.stride);
    result(rows[i]) = units.own(detail::exclusive_volume(extents.row(i), others));
  }
  return result;
}

double hypervolume_improvement(const Vector& point, const Points& front, const Vector& reference) {
  check_reference(reference);
  check_width("point", point.size(), reference);
  detail::Extents extents(static_cast<int>(reference.size()));
  Units units(reference);
  units.cover(front);
  units.cover(point.transpose());
  fill(extents, front, reference, units, "front");
  detail::Extents candidate(extents.objectives);
  if (!append_extent(candidate, point, reference, units, "point")) return 0;
  return units.own(detail::exclusive_volume(candidate.row(0), extents));
}

}  // namespace hyperego
