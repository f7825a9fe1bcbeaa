#include <hyperego/moo/scalarization.hpp>

#include <algorithm>

#include <hyperego/moo/pareto.hpp>

namespace hyperego {

Eigen::MatrixXd Normalization::apply(const Eigen::MatrixXd& objectives) const {
  const Eigen::ArrayXd range = (nadir - ideal).array();
  return ((objectives.colwise() - ideal).array().colwise() / range).matrix();
}

Normalization normalize_by_front(const Eigen::MatrixXd& objectives) {
  constexpr double least_share = 1e-3;
  const std::vector<Eigen::Index> front = non_dominated(objectives.transpose());
  Normalization result;
  result.ideal = objectives.rowwise().minCoeff();
  result.nadir = result.ideal;
  for (const Eigen::Index i : front) {
    result.nadir = result.nadir.cwiseMax(objectives.col(i));
  }
  const Eigen::VectorXd worst = objectives.rowwise().maxCoeff();
  for (Eigen::Index j = 0; j < objectives.rows(); ++j) {
    const double range_of_all = worst[j] - result.ideal[j];
    if (result.nadir[j] - result.ideal[j] > least_share * range_of_all) continue;
    const std::string which = "objective " + std::to_string(j + 1);
    if (range_of_all > 0) {
      result.nadir[j] = worst[j];
      result.notes.push_back(which + " hardly varies on the front; it is normalised by the range of all trials");
    } else {
      result.nadir[j] = result.ideal[j] + 1;
      result.notes.push_back(which + " has one value in all trials; its range is taken as 1");
    }
  }
  return result;
}

Eigen::VectorXd augmented_chebyshev(const Eigen::MatrixXd& normalised, const Eigen::VectorXd& weights, double rho) {
  const Eigen::MatrixXd weighted = weights.asDiagonal() * normalised;
  return weighted.colwise().maxCoeff().transpose() + rho * weighted.colwise().sum().transpose();
}

}  // namespace hyperego
