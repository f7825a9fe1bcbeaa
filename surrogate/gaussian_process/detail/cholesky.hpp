#pragma once

#include <Eigen/Core>

namespace hyperego::detail {

// Thin calls of the kernels in linear_algebra.hpp; matrices are lower triangles, what is above the diagonal is ignored.

/// Factors covariance + (noise + jitter) I, with jitter 0 first and then 1e-10, 1e-9, … times the mean of the diagonal
/// until it succeeds. Returns the jitter that was added. @throws Error where 1e-2 is not enough (an entry is not
/// finite).
double factorize_with_jitter(const Eigen::MatrixXd& covariance, double noise, Eigen::MatrixXd& factor);

/// False where `matrix` is not positive definite; it is then garbage.
bool cholesky_in_place(Eigen::Ref<Eigen::MatrixXd> matrix);
void solve_lower_in_place(const Eigen::MatrixXd& factor, Eigen::Ref<Eigen::MatrixXd> right);
void solve_lower_transposed_in_place(const Eigen::MatrixXd& factor, Eigen::Ref<Eigen::MatrixXd> right);
/// (L Lᵀ)⁻¹ b in place of b.
void solve_in_place(const Eigen::MatrixXd& factor, Eigen::Ref<Eigen::MatrixXd> right);
/// Lower triangle of (L Lᵀ)⁻¹ in place of L.
void invert_in_place(Eigen::MatrixXd& factor);
/// L⁻¹ in place of L.
void invert_lower_in_place(Eigen::MatrixXd& factor);
/// out += scale · Aᵀ B.
void add_transposed_product(const Eigen::Ref<const Eigen::MatrixXd>& a, const Eigen::Ref<const Eigen::MatrixXd>& b,
                            double scale, Eigen::Ref<Eigen::MatrixXd> out);
/// w_ij ← (α_i α_j − w_ij) k_ij, i ≥ j.
void gradient_weights_in_place(Eigen::MatrixXd& inverse, const Eigen::MatrixXd& covariance,
                               const Eigen::VectorXd& alpha);

}  // namespace hyperego::detail
