// The transformations and shapes of the WFG toolkit, with the names and parameters of the paper:
// Huband, Hingston, Barone, While, "A Review of Multiobjective Test Problems and a Scalable Test Problem Toolkit",
// IEEE TEVC 10(5), 2006, tables X to XII. Everything maps [0, 1] to [0, 1]; results that leave it by rounding (at most
// 1e-10) are put back.
#pragma once

#include <Eigen/Core>

#include <span>

namespace hyperego::detail::wfg {

[[nodiscard]] double shift_linear(double y, double a);
[[nodiscard]] double shift_deceptive(double y, double a, double b, double c);
[[nodiscard]] double shift_multi_modal(double y, int a, double b, double c);
[[nodiscard]] double bias_flat(double y, double a, double b, double c);
[[nodiscard]] double bias_polynomial(double y, double alpha);
/// A = 0.98/49.98, B = 0.02, C = 50 throughout WFG; u is the reduction of the variables that y depends on.
[[nodiscard]] double bias_parameter(double y, double u);

[[nodiscard]] double reduce_mean(std::span<const double> y);
[[nodiscard]] double reduce_weighted(std::span<const double> y, std::span<const double> weights);
/// Non-separable reduction of degree `degree`.
[[nodiscard]] double reduce_non_separable(std::span<const double> y, int degree);

/// Shape m of M, both from 1; `x` holds the M − 1 position values.
[[nodiscard]] double shape_linear(const Eigen::VectorXd& x, int m);
[[nodiscard]] double shape_convex(const Eigen::VectorXd& x, int m);
[[nodiscard]] double shape_concave(const Eigen::VectorXd& x, int m);
/// Of the first position value, with alpha = 1 and five waves.
[[nodiscard]] double shape_mixed(double x);
/// Of the first position value, with alpha = beta = 1 and five regions.
[[nodiscard]] double shape_disconnected(double x);

}  // namespace hyperego::detail::wfg
