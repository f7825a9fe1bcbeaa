#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/gaussian_process/kernel.hpp>

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace hyperego;

namespace {

double matern(double r) {
  const double s = std::sqrt(5.0) * r;
  return (1.0 + s + s * s / 3.0) * std::exp(-s);
}

double by_definition(const std::vector<FeatureKind>& kinds, KernelForm form, double signal_variance,
                     const Eigen::VectorXd& length_scales, const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  double product = signal_variance;
  double squares = 0;
  for (Eigen::Index l = 0; l < a.size(); ++l) {
    const double r = std::abs(a[l] - b[l]) / length_scales[l];
    if (kinds[static_cast<std::size_t>(l)] == FeatureKind::categorical) {
      product *= a[l] == b[l] ? 1.0 : std::exp(-1.0 / length_scales[l]);
    } else if (form == KernelForm::product) {
      product *= matern(r);
    } else {
      squares += r * r;
    }
  }
  return form == KernelForm::product ? product : product * matern(std::sqrt(squares));
}

}  // namespace

TEST_CASE("covariances are those of the definition, far below and above one length scale") {
  // 19 features so that more than one group of factors is multiplied; 300 points so that more than one block is filled.
  std::vector<FeatureKind> kinds(19, FeatureKind::numeric);
  kinds[3] = kinds[11] = FeatureKind::categorical;
  Rng rng(3, "kernel");
  Eigen::MatrixXd X(19, 300);
  for (Eigen::Index i = 0; i < 300; ++i) {
    for (Eigen::Index l = 0; l < 19; ++l) {
      X(l, i) = kinds[static_cast<std::size_t>(l)] == FeatureKind::numeric ? rng.uniform()
                                                                           : static_cast<double>(rng.below(4));
    }
  }
  Eigen::VectorXd log_scales(19);
  for (Eigen::Index l = 0; l < 19; ++l) log_scales[l] = 0.4 * static_cast<double>(l) - 2.0;
  for (const KernelForm form : {KernelForm::product, KernelForm::joint}) {
    const Kernel kernel(kinds, form, 0.7, log_scales);
    const auto points = kernel.points(X);
    const auto few = kernel.points(X.leftCols(7));
    const Eigen::MatrixXd K = kernel.covariance(points, few);
    Eigen::MatrixXd lower = Eigen::MatrixXd::Zero(300, 300);
    kernel.lower_covariance(points, lower);
    for (Eigen::Index j = 0; j < 7; ++j) {
      for (Eigen::Index i = 0; i < 300; ++i) {
        const double expected =
            by_definition(kinds, form, std::exp(0.7), log_scales.array().exp().matrix(), X.col(i), X.col(j));
        CHECK(std::abs(K(i, j) - expected) <= 1e-13 * expected);
        if (i >= j) CHECK(lower(i, j) == K(i, j));
      }
    }
    CHECK(lower(0, 1) == 0.0);
  }
}

TEST_CASE("factors multiply to the product kernel") {
  const std::vector<FeatureKind> kinds{FeatureKind::numeric, FeatureKind::categorical};
  const Kernel kernel(kinds, KernelForm::product, 0.5, Eigen::Vector2d(-0.3, 0.2));
  Eigen::MatrixXd X(2, 2);
  X << 0.1, 0.8, 0.0, 2.0;
  const auto points = kernel.points(X);
  CHECK(kernel.covariance(points, points)(0, 1) ==
        doctest::Approx(std::exp(0.5) * kernel.factor(0, 0.1, 0.8) * kernel.factor(1, 0.0, 2.0)).epsilon(1e-14));
  CHECK(kernel.factor(1, 2.0, 2.0) == 1.0);
}

TEST_CASE("extreme length scales give zeros and ones, never NaN") {
  const std::vector<FeatureKind> kinds(10, FeatureKind::numeric);
  Eigen::MatrixXd X(10, 2);
  X << Eigen::VectorXd::Zero(10), Eigen::VectorXd::Ones(10);
  for (const KernelForm form : {KernelForm::product, KernelForm::joint}) {
    const Kernel narrow(kinds, form, 0.0, Eigen::VectorXd::Constant(10, -20.0));
    const Kernel wide(kinds, form, 0.0, Eigen::VectorXd::Constant(10, 20.0));
    const double far = narrow.covariance(narrow.points(X), narrow.points(X))(0, 1);
    CHECK(far >= 0.0);
    CHECK(far < 1e-100);
    CHECK(wide.covariance(wide.points(X), wide.points(X))(0, 1) == doctest::Approx(1.0));
  }
}

TEST_CASE("kernel misuse is named") {
  CHECK_THROWS_WITH_AS(Kernel({FeatureKind::numeric}, KernelForm::product, 0.0, Eigen::VectorXd::Zero(2)),
                       doctest::Contains("log_length_scales"), InvalidInput);
  CHECK_THROWS_AS(Kernel({FeatureKind::numeric}, KernelForm::product, 21.0, Eigen::VectorXd::Zero(1)), InvalidInput);
  CHECK(kernel_form_from("joint", "kernel") == KernelForm::joint);
  CHECK_THROWS_AS((void)kernel_form_from("rbf", "kernel"), InvalidInput);
}
