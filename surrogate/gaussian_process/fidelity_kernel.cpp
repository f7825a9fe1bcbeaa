#include <hyperego/surrogate/gaussian_process/fidelity_kernel.hpp>

#include <cmath>

namespace hyperego {

FidelityKernel::FidelityKernel(const FidelityParameters& parameters)
    : inverse_square_(std::exp(-2.0 * parameters.log_length_scale)), drift_(std::exp(parameters.log_drift)) {}

double FidelityKernel::operator()(double distance, double other) const {
  const double difference = distance - other;
  return std::exp(-0.5 * difference * difference * inverse_square_) + drift_ * distance * other;
}

Eigen::VectorXd FidelityKernel::factors(const Eigen::VectorXd& distances, double distance) const {
  return distances.unaryExpr([&](double other) { return (*this)(other, distance); });
}

void FidelityKernel::multiply_lower(const Eigen::VectorXd& distances, Eigen::Ref<Eigen::MatrixXd> covariance) const {
  const Eigen::Index n = distances.size();
  for (Eigen::Index j = 0; j < n; ++j) {
    for (Eigen::Index i = j; i < n; ++i) covariance(i, j) *= (*this)(distances[i], distances[j]);
  }
}

Eigen::MatrixXd FidelityKernel::root(const Eigen::VectorXd& distances) const {
  constexpr double negligible = 1e-8;
  const Eigen::Index n = distances.size();
  Eigen::MatrixXd root(n, 1);
  root.col(0) = factors(distances, 0);
  Eigen::VectorXd left = distances.unaryExpr([&](double at) { return (*this)(at, at); });
  left -= root.col(0).cwiseAbs2();
  for (Eigen::Index pivot = 0; root.cols() < n && left.maxCoeff(&pivot) > negligible;) {
    Eigen::VectorXd column = factors(distances, distances[pivot]) - root * root.row(pivot).transpose();
    column /= std::sqrt(left[pivot]);
    left -= column.cwiseAbs2();
    root.conservativeResize(n, root.cols() + 1);
    root.rightCols(1) = column;
  }
  return root;
}

std::pair<double, double> FidelityKernel::contract_gradient(const Eigen::VectorXd& distances,
                                                            const Eigen::Ref<const Eigen::MatrixXd>& weights) const {
  const Eigen::Index n = distances.size();
  double by_length = 0;
  double by_drift = 0;
  for (Eigen::Index j = 0; j < n; ++j) {
    for (Eigen::Index i = j; i < n; ++i) {
      const double difference = distances[i] - distances[j];
      const double exponent = difference * difference * inverse_square_;
      const double near = std::exp(-0.5 * exponent);
      const double far = drift_ * distances[i] * distances[j];
      if (!(near + far > 0)) continue;
      const double weight = (i == j ? 0.5 : 1.0) * weights(i, j) / (near + far);
      by_length += weight * near * exponent;
      by_drift += weight * far;
    }
  }
  return {by_length, by_drift};
}

}  // namespace hyperego
