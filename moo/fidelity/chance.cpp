#include <hyperego/core/sobol.hpp>
#include <hyperego/moo/fidelity/chance.hpp>

#include <boost/math/special_functions/erf.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego {

Eigen::MatrixXd normal_points(Eigen::Index count, Eigen::Index dimensions) {
  SobolSequence sequence(static_cast<std::size_t>(dimensions), 1);
  Eigen::MatrixXd points(count, dimensions);
  for (Eigen::Index k = 0; k < count; ++k) {
    const Eigen::VectorXd uniform = sequence.next();
    for (Eigen::Index j = 0; j < dimensions; ++j) {
      const double u = std::clamp(uniform[j], 1e-9, 1 - 1e-9);
      points(k, j) = std::sqrt(2.0) * boost::math::erf_inv(2 * u - 1);
    }
  }
  return points;
}

double chance_to_improve(std::span<const std::shared_ptr<const GaussianProcessSurrogate>> surrogates,
                         const Configuration& configuration, const Eigen::MatrixXd& front) {
  if (front.rows() == 0) return 1;
  constexpr Eigen::Index draws = 512;
  Eigen::MatrixXd values = normal_points(draws, front.cols());
  Eigen::MatrixXd known = front;
  for (Eigen::Index j = 0; j < front.cols(); ++j) {
    const GaussianProcessSurrogate& model = *surrogates[static_cast<std::size_t>(j)];
    const Prediction posterior = model.posterior(std::span(&configuration, 1)).on_model_scale();
    values.col(j) = posterior.mean[0] + std::sqrt(posterior.variance[0]) * values.col(j).array();
    for (double& value : known.col(j)) value = model.to_model(value).on_model_scale();
  }
  Eigen::Index improving = 0;
  for (Eigen::Index k = 0; k < draws; ++k) {
    bool is_dominated = false;
    for (Eigen::Index i = 0; i < known.rows() && !is_dominated; ++i) {
      is_dominated = (known.row(i).array() <= values.row(k).array()).all();
    }
    if (!is_dominated) ++improving;
  }
  return static_cast<double>(improving) / draws;
}

}  // namespace hyperego
