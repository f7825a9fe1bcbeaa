#pragma once

#include <Eigen/Core>

namespace hyperego::detail {

/// Directions of ascent inside the unit box from a BFGS model of the inverse curvature.
///
/// Coordinates that sit at a bound with a slope pointing outwards do not take part, and neither do their rows and
/// columns of the model (Bertsekas, SIAM J. Control 20(2), 1982), so that the direction stays one of ascent after
/// projection.
class ProjectedQuasiNewton {
 public:
  /// `first_step`: length of the longest coordinate of the first direction, while nothing is known of the curvature.
  ProjectedQuasiNewton(Eigen::Index dimension, double first_step)
      : inverse_(Eigen::MatrixXd::Identity(dimension, dimension)), first_step_(first_step) {}

  /// A direction of ascent at x for the given slope; 0 at a stationary point of the box.
  [[nodiscard]] Eigen::VectorXd direction(const Eigen::VectorXd& x, const Eigen::VectorXd& slope) const {
    Eigen::VectorXd free_slope = slope;
    for (Eigen::Index i = 0; i < x.size(); ++i) {
      if ((x(i) <= 0 && slope(i) < 0) || (x(i) >= 1 && slope(i) > 0)) free_slope(i) = 0;
    }
    const double steepest = free_slope.lpNorm<Eigen::Infinity>();
    if (!(steepest > 0)) return Eigen::VectorXd::Zero(x.size());
    if (!scaled_) return free_slope * (first_step_ / steepest);
    Eigen::VectorXd direction = inverse_ * free_slope;
    for (Eigen::Index i = 0; i < x.size(); ++i) {
      if (free_slope(i) == 0) direction(i) = 0;
    }
    if (direction.dot(free_slope) <= 1e-6 * direction.norm() * free_slope.norm())
      return free_slope * (first_step_ / steepest);
    const double longest = direction.lpNorm<Eigen::Infinity>();
    return longest > 0.5 ? Eigen::VectorXd(direction * (0.5 / longest)) : direction;
  }

  /// Learns from a step and the change of the slope along it. Steps of the wrong curvature teach nothing.
  void update(const Eigen::VectorXd& step, const Eigen::VectorXd& change_of_slope) {
    const Eigen::VectorXd y = -change_of_slope;
    const double sy = step.dot(y);
    if (sy <= 1e-10 * step.norm() * y.norm()) return;
    if (!scaled_) inverse_ *= sy / y.squaredNorm();
    scaled_ = true;
    const Eigen::VectorXd hy = inverse_ * y;
    inverse_ +=
        (1 + y.dot(hy) / sy) / sy * step * step.transpose() - (hy * step.transpose() + step * hy.transpose()) / sy;
  }

 private:
  Eigen::MatrixXd inverse_;
  double first_step_;
  bool scaled_ = false;
};

}  // namespace hyperego::detail
