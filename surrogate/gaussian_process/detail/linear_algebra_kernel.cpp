// Eigen compiled once per instruction set (its namespace is renamed, see cmake/HyperegoRoom.cmake), behind plain
// pointers.
#include <hyperego/surrogate/gaussian_process/detail/linear_algebra.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Core>

namespace hyperego::detail::HYPEREGO_ISA {
namespace {

using Stride = Eigen::OuterStride<>;
using Matrix = Eigen::Map<Eigen::MatrixXd, 0, Stride>;
using ConstMatrix = Eigen::Map<const Eigen::MatrixXd, 0, Stride>;

constexpr std::ptrdiff_t base_size = 24;

// Columns from the right: column j of L⁻¹ needs only the columns to its right, which are done.
void invert_lower_base(double* l, std::ptrdiff_t n, std::ptrdiff_t ld) {
  for (std::ptrdiff_t j = n - 1; j >= 0; --j) {
    double column[base_size];
    double* lj = l + j * ld;
    const double inverse = 1.0 / lj[j];
    for (std::ptrdiff_t i = j + 1; i < n; ++i) {
      column[i] = -inverse * lj[i];
      lj[i] = 0.0;
    }
    lj[j] = inverse;
    for (std::ptrdiff_t k = j + 1; k < n; ++k) {
      const double* lk = l + k * ld;
      const double factor = column[k];
      for (std::ptrdiff_t i = k; i < n; ++i) lj[i] += factor * lk[i];
    }
  }
}

void invert_lower_recursive(double* l, std::ptrdiff_t n, std::ptrdiff_t ld) {
  if (n <= base_size) return invert_lower_base(l, n, ld);
  const std::ptrdiff_t h = (n / 2 + 7) / 8 * 8;
  invert_lower_recursive(l, h, ld);
  invert_lower_recursive(l + h * ld + h, n - h, ld);
  const Matrix top(l, h, h, Stride(ld));
  const Matrix bottom(l + h * ld + h, n - h, n - h, Stride(ld));
  Matrix corner(l + h, n - h, h, Stride(ld));
  Eigen::MatrixXd left = corner * top.triangularView<Eigen::Lower>();
  left *= -1.0;
  corner.noalias() = bottom.triangularView<Eigen::Lower>() * left;
}

// Lower triangle of AᵀA in place of the lower triangular A.
void gram_of_lower(double* a, std::ptrdiff_t n, std::ptrdiff_t ld) {
  if (n <= base_size) {
    for (std::ptrdiff_t j = 0; j < n; ++j) {
      for (std::ptrdiff_t i = j; i < n; ++i) {
        double sum = 0.0;
        for (std::ptrdiff_t k = i; k < n; ++k) sum += a[i * ld + k] * a[j * ld + k];
        a[j * ld + i] = sum;
      }
    }
    return;
  }
  const std::ptrdiff_t h = (n / 2 + 7) / 8 * 8;
  gram_of_lower(a, h, ld);
  Matrix top(a, h, h, Stride(ld));
  const Matrix bottom(a + h * ld + h, n - h, n - h, Stride(ld));
  Matrix corner(a + h, n - h, h, Stride(ld));
  top.selfadjointView<Eigen::Lower>().rankUpdate(corner.transpose());
  const Eigen::MatrixXd product = bottom.triangularView<Eigen::Lower>().transpose() * corner;
  corner = product;
  gram_of_lower(a + h * ld + h, n - h, ld);
}

}  // namespace

bool cholesky(double* a, std::ptrdiff_t n, std::ptrdiff_t ld) {
  Matrix matrix(a, n, n, Stride(ld));
  return Eigen::internal::llt_inplace<double, Eigen::Lower>::blocked(matrix) < 0;
}

void invert_lower(double* l, std::ptrdiff_t n, std::ptrdiff_t ld) { invert_lower_recursive(l, n, ld); }

void inverse_from_cholesky(double* l, std::ptrdiff_t n, std::ptrdiff_t ld) {
  invert_lower_recursive(l, n, ld);
  gram_of_lower(l, n, ld);
}

void solve_lower(const double* l, std::ptrdiff_t n, std::ptrdiff_t ld, double* b, std::ptrdiff_t m,
                 std::ptrdiff_t ldb) {
  const ConstMatrix factor(l, n, n, Stride(ld));
  if (m == 1) {
    Eigen::Map<Eigen::VectorXd> vector(b, n);
    factor.triangularView<Eigen::Lower>().solveInPlace(vector);
  } else {
    Matrix right(b, n, m, Stride(ldb));
    factor.triangularView<Eigen::Lower>().solveInPlace(right);
  }
}

void solve_lower_transposed(const double* l, std::ptrdiff_t n, std::ptrdiff_t ld, double* b, std::ptrdiff_t m,
                            std::ptrdiff_t ldb) {
  const ConstMatrix factor(l, n, n, Stride(ld));
  if (m == 1) {
    Eigen::Map<Eigen::VectorXd> vector(b, n);
    factor.triangularView<Eigen::Lower>().transpose().solveInPlace(vector);
  } else {
    Matrix right(b, n, m, Stride(ldb));
    factor.triangularView<Eigen::Lower>().transpose().solveInPlace(right);
  }
}

void add_transposed_product(const double* a, std::ptrdiff_t lda, const double* b, std::ptrdiff_t ldb, double scale,
                            double* c, std::ptrdiff_t ldc, std::ptrdiff_t n, std::ptrdiff_t m, std::ptrdiff_t k) {
  const ConstMatrix left(a, k, n, Stride(lda));
  const ConstMatrix right(b, k, m, Stride(ldb));
  Matrix out(c, n, m, Stride(ldc));
  out.noalias() += scale * (left.transpose() * right);
}

void gradient_weights(double* w, const double* k, const double* alpha, std::ptrdiff_t n, std::ptrdiff_t ld) {
  for (std::ptrdiff_t j = 0; j < n; ++j) {
    double* __restrict wj = w + j * ld;
    const double* __restrict kj = k + j * ld;
    const double alpha_j = alpha[j];
    for (std::ptrdiff_t i = j; i < n; ++i) wj[i] = (alpha[i] * alpha_j - wj[i]) * kj[i];
  }
}

}  // namespace hyperego::detail::HYPEREGO_ISA
