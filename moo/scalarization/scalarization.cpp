#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/scalarization/penalties.hpp>
#include <hyperego/moo/scalarization/scalarization.hpp>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

namespace hyperego {

Eigen::MatrixXd modelled_objectives(std::span<const Objective> objectives, Eigen::MatrixXd minimised,
                                    std::vector<std::string>& notes) {
  const Eigen::MatrixXd raw = minimised;
  std::vector<Objective::Transform> scales(objectives.size(), Objective::Transform::none);
  for (std::size_t j = 0; j < objectives.size(); ++j) {
    const Objective& objective = objectives[j];
    if (objective.transform != Objective::Transform::log) continue;
    auto values = minimised.col(static_cast<Eigen::Index>(j));
    const double sign = objective.direction == Direction::maximize ? -1 : 1;
    if ((sign * values.array() <= 0).any()) {
      notes.push_back("objective " + objective.name +
                      " has values that are not positive; it is modelled without its logarithm");
      continue;
    }
    // Not Eigen's logarithm of a whole column, which rounds differently.
    for (double& value : values) value = sign * std::log(sign * value);
    scales[j] = Objective::Transform::log;
  }
  for (std::size_t j = 0; j < objectives.size(); ++j) {
    const auto column = static_cast<Eigen::Index>(j);
    const Eigen::Index drawn_in = draw_in_penalties(minimised.col(column), scales[j]);
    if (drawn_in == 0) continue;
    Eigen::Index farthest = 0;
    raw.col(column).cwiseAbs().maxCoeff(&farthest);
    std::ostringstream value;
    value << from_minimised(objectives[j], raw(farthest, column));
    notes.push_back("objective " + objectives[j].name +
                    ": values far outside the bulk of the others: " + std::to_string(drawn_in) + ", the farthest " +
                    value.str() + "; models see their order, not their size");
  }
  return minimised;
}

Eigen::MatrixXd Normalization::apply(const Eigen::MatrixXd& objectives) const {
  const Eigen::ArrayXd range = (nadir - ideal).array();
  return ((objectives.rowwise() - ideal.transpose()).array().rowwise() / range.transpose()).matrix();
}

Normalization normalize_by_front(const Eigen::MatrixXd& objectives, Eigen::Index undirected,
                                 std::span<const Objective> named) {
  constexpr double least_share = 0.2;
  Normalization result;
  result.ideal = objectives.colwise().minCoeff().transpose();
  result.nadir = result.ideal;
  for (const Eigen::Index i : non_dominated(objectives)) {
    result.nadir = result.nadir.cwiseMax(objectives.row(i).transpose());
  }
  for (Eigen::Index j = 0; j < objectives.cols(); ++j) {
    std::vector<double> values(static_cast<std::size_t>(undirected));
    for (Eigen::Index i = 0; i < undirected; ++i) values[static_cast<std::size_t>(i)] = objectives(i, j);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    const double least = least_share * (*middle - result.ideal[j]);
    double& nadir = result.nadir[j];
    const double worst = objectives.col(j).maxCoeff();
    // What models predict on a plateau differs in the last digits: that is no range.
    const double nothing = 1e-9 * (worst - result.ideal[j]);
    if (nadir - result.ideal[j] >= least && nadir - result.ideal[j] > nothing) continue;
    const std::string which =
        named.empty() ? "objective " + std::to_string(j + 1) : '"' + named[static_cast<std::size_t>(j)].name + '"';
    if (least > nothing) {
      nadir = result.ideal[j] + least;
      result.notes.push_back(which +
                             " hardly varies on the front; a share of its range over all trials is used instead");
    } else if (worst > result.ideal[j]) {
      nadir = worst;
      result.notes.push_back(which + " has one value in most trials; it is normalised by the range of all");
    } else {
      nadir = result.ideal[j] + 1;
      result.notes.push_back(which + " has one value in all trials; its range is taken as 1");
    }
  }
  return result;
}

Eigen::VectorXd augmented_chebyshev(const Eigen::MatrixXd& normalised, const Eigen::VectorXd& weights, double rho) {
  const Eigen::MatrixXd weighted = weights.asDiagonal() * normalised.transpose();  // a trial's terms side by side
  return weighted.colwise().maxCoeff().transpose() + rho * weighted.colwise().sum().transpose();
}

}  // namespace hyperego
