#include <hyperego/moo/problems/sym_part.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace hyperego {
namespace {

constexpr double half_length = 1;
constexpr double tile_distance = 10;
constexpr double rotation = std::numbers::pi / 4;

/// −1, 0 or 1: the tile that a coordinate belongs to; everything beyond the outer tiles counts as theirs.
double tile(double coordinate, double half_width, double width) {
  const double steps = std::ceil((std::abs(coordinate) - half_width) / width);
  return std::copysign(std::min(steps, 1.0), coordinate);
}

}  // namespace

Eigen::VectorXd SymPart::evaluate(std::span<const double> x) const {
  double x1 = x[0];
  double x2 = x[1];
  if (rotated_) {
    x1 = std::cos(rotation) * x[0] + std::sin(rotation) * x[1];
    x2 = -std::sin(rotation) * x[0] + std::cos(rotation) * x[1];
  }
  // Tiles are `width` wide but shifted by the distance alone, as in pymoo; the paper shifts by the width.
  const double width = 2 * half_length + tile_distance;
  const double p1 = x1 - tile(x1, half_length + tile_distance / 2, width) * tile_distance;
  const double p2 = x2 - tile(x2, tile_distance / 2, tile_distance) * tile_distance;
  return Eigen::Vector2d((p1 + half_length) * (p1 + half_length) + p2 * p2,
                         (p1 - half_length) * (p1 - half_length) + p2 * p2);
}

Eigen::MatrixXd SymPart::pareto_front(Eigen::Index count) const {
  Eigen::MatrixXd front(count, 2);
  for (Eigen::Index i = 0; i < count; ++i) {
    const double t = 2 * half_length * static_cast<double>(i) / static_cast<double>(count - 1);
    front.row(i) << t * t, (2 * half_length - t) * (2 * half_length - t);
  }
  return front;
}

std::vector<std::pair<std::string, double>> SymPart::parameters() const {
  return {{"length", half_length},
          {"v_dist", tile_distance},
          {"h_dist", tile_distance},
          {"angle", rotated_ ? rotation : 0.0}};
}

}  // namespace hyperego
