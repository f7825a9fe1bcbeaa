#pragma once

#include <Eigen/Core>

namespace hyperego::detail {

/// side^dimensions.
[[nodiscard]] inline Eigen::Index grid_size(int dimensions, Eigen::Index side) {
  Eigen::Index size = 1;
  for (int i = 0; i < dimensions; ++i) size *= side;
  return size;
}

/// The most values per axis so that the grid has at most `count` points; at least 2.
[[nodiscard]] inline Eigen::Index grid_side(int dimensions, Eigen::Index count) {
  if (dimensions == 1) return count;
  Eigen::Index side = 2;
  while (grid_size(dimensions, side + 1) <= count) ++side;
  return side;
}

/// Point number `index` of the grid that has `values` on each axis.
[[nodiscard]] inline Eigen::VectorXd grid_point(const Eigen::VectorXd& values, int dimensions, Eigen::Index index) {
  Eigen::VectorXd point(dimensions);
  for (Eigen::Index& rest = index; double& coordinate : point) {
    coordinate = values(rest % values.size());
    rest /= values.size();
  }
  return point;
}

}  // namespace hyperego::detail
