#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/gaussian_process/detail/cholesky.hpp>
#include <hyperego/surrogate/gaussian_process/detail/linear_algebra.hpp>

#include <cmath>

namespace hyperego::detail {

bool cholesky_in_place(Eigen::Ref<Eigen::MatrixXd> matrix) {
  return HYPEREGO_DISPATCH(cholesky, matrix.data(), matrix.rows(), matrix.outerStride());
}

double factorize_with_jitter(const Eigen::MatrixXd& covariance, double noise, Eigen::MatrixXd& factor) {
  const double scale = covariance.rows() > 0 ? covariance.diagonal().mean() : 1.0;
  double jitter = 0;
  for (;;) {
    factor = covariance;
    factor.diagonal().array() += noise + jitter;
    if (cholesky_in_place(factor)) return jitter;
    if (!(jitter < 1e-2 * scale)) {
      throw Error(
          "covariance",
          "cannot be factorised with any jitter up to 1e-2 of its diagonal; are all features and targets finite?");
    }
    jitter = jitter == 0 ? 1e-10 * scale : 10 * jitter;
  }
}

void solve_lower_in_place(const Eigen::MatrixXd& factor, Eigen::Ref<Eigen::MatrixXd> right) {
  if (right.size() == 0) return;
  HYPEREGO_DISPATCH(solve_lower, factor.data(), factor.rows(), factor.rows(), right.data(), right.cols(),
                    right.outerStride());
}

void solve_lower_transposed_in_place(const Eigen::MatrixXd& factor, Eigen::Ref<Eigen::MatrixXd> right) {
  if (right.size() == 0) return;
  HYPEREGO_DISPATCH(solve_lower_transposed, factor.data(), factor.rows(), factor.rows(), right.data(), right.cols(),
                    right.outerStride());
}

void solve_in_place(const Eigen::MatrixXd& factor, Eigen::Ref<Eigen::MatrixXd> right) {
  solve_lower_in_place(factor, right);
  solve_lower_transposed_in_place(factor, right);
}

void invert_in_place(Eigen::MatrixXd& factor) {
  HYPEREGO_DISPATCH(inverse_from_cholesky, factor.data(), factor.rows(), factor.rows());
}

void invert_lower_in_place(Eigen::MatrixXd& factor) {
  HYPEREGO_DISPATCH(invert_lower, factor.data(), factor.rows(), factor.rows());
}

void add_transposed_product(const Eigen::Ref<const Eigen::MatrixXd>& a, const Eigen::Ref<const Eigen::MatrixXd>& b,
                            double scale, Eigen::Ref<Eigen::MatrixXd> out) {
  if (out.size() == 0 || a.rows() == 0) return;
  HYPEREGO_DISPATCH(add_transposed_product, a.data(), a.outerStride(), b.data(), b.outerStride(), scale, out.data(),
                    out.outerStride(), out.rows(), out.cols(), a.rows());
}

void gradient_weights_in_place(Eigen::MatrixXd& inverse, const Eigen::MatrixXd& covariance,
                               const Eigen::VectorXd& alpha) {
  HYPEREGO_DISPATCH(gradient_weights, inverse.data(), covariance.data(), alpha.data(), inverse.rows(), inverse.rows());
}

}  // namespace hyperego::detail
