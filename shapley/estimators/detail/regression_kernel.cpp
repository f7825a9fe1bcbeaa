// Eigen compiled once per instruction set (its namespace is renamed, see cmake/HyperegoRoom.cmake), behind plain
// pointers.
#include <hyperego/shapley/estimators/detail/regression_kernel.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Core>

namespace hyperego::detail::HYPEREGO_ISA {

void regression_gram(const double* phi, std::ptrdiff_t rows, std::ptrdiff_t width, double* gram) {
  const Eigen::Map<const Eigen::MatrixXd> features(phi, rows, width);
  Eigen::Map<Eigen::MatrixXd> result(gram, width, width);
  result.setZero();
  if (rows > 0) result.selfadjointView<Eigen::Lower>().rankUpdate(features.transpose());
}

bool regression_cholesky(double* a, std::ptrdiff_t n) {
  Eigen::Ref<Eigen::MatrixXd> matrix = Eigen::Map<Eigen::MatrixXd>(a, n, n);
  const Eigen::LLT<Eigen::Ref<Eigen::MatrixXd>> factor(matrix);
  return factor.info() == Eigen::Success;
}

void regression_solve(const double* l, std::ptrdiff_t n, double* b, std::ptrdiff_t m) {
  const Eigen::Map<const Eigen::MatrixXd> factor(l, n, n);
  Eigen::Map<Eigen::MatrixXd> right(b, n, m);
  factor.triangularView<Eigen::Lower>().solveInPlace(right);
  factor.triangularView<Eigen::Lower>().transpose().solveInPlace(right);
}

}  // namespace hyperego::detail::HYPEREGO_ISA
