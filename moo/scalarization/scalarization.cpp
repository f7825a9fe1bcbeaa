#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/scalarization/penalties.hpp>
#include <hyperego/moo/scalarization/scalarization.hpp>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

namespace hyperego {

Eigen::MatrixXd modelled_objectives(std::span<const Objective> objectives, Eigen::MatrixXd minimised,
                                    std::vector<std::string>& notes) {
  const Eigen::MatrixXd raw = minimised;
  for (std::size_t j = 0; j < objectives.size(); ++j) {
    const Objective& objective = objectives[j];
    if (objective.transform != Objective::Transform::log) continue;
    auto row = minimised.row(static_cast<Eigen::Index>(j));
    const double sign = objective.direction == Direction::maximize ? -1 : 1;
    if ((sign * row.array() <= 0).any()) {
      notes.push_back("objective " + objective.name +
                      " has values that are not positive; it is modelled without its logarithm");
      continue;
    }
    row = sign * (sign * row.array()).log();
  }
  for (std::size_t j = 0; j < objectives.size(); ++j) {
    auto row = minimised.row(static_cast<Eigen::Index>(j));
    Eigen::VectorXd values = row.transpose();
    const DrawnIn drawn_in = draw_in_penalties(values);
    if (drawn_in.penalties + drawn_in.huge == 0) continue;
    row = values.transpose();
    Eigen::Index farthest = 0;
    raw.row(static_cast<Eigen::Index>(j)).cwiseAbs().maxCoeff(&farthest);
    const double sign = objectives[j].direction == Direction::maximize ? -1 : 1;
    std::ostringstream value;
    value << sign * raw(static_cast<Eigen::Index>(j), farthest);
    notes.push_back("objective " + objectives[j].name + ": values far outside the bulk of the others: " +
                    std::to_string(std::max(drawn_in.penalties, drawn_in.huge)) + ", the farthest " + value.str() +
                    "; models see their order, not their size");
  }
  return minimised;
}

Eigen::MatrixXd Normalization::apply(const Eigen::MatrixXd& objectives) const {
  const Eigen::ArrayXd range = (nadir - ideal).array();
  return ((objectives.colwise() - ideal).array().colwise() / range).matrix();
}

Normalization normalize_by_front(const Eigen::MatrixXd& objectives, Eigen::Index undirected) {
  constexpr double least_share = 0.2;
  Normalization result;
  result.ideal = objectives.rowwise().minCoeff();
  result.nadir = result.ideal;
  for (const Eigen::Index i : non_dominated(objectives.transpose())) {
    result.nadir = result.nadir.cwiseMax(objectives.col(i));
  }
  for (Eigen::Index j = 0; j < objectives.rows(); ++j) {
    std::vector<double> values(static_cast<std::size_t>(undirected));
    for (Eigen::Index i = 0; i < undirected; ++i) values[static_cast<std::size_t>(i)] = objectives(j, i);
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    const double least = least_share * (*middle - result.ideal[j]);
    double& nadir = result.nadir[j];
    const double worst = objectives.row(j).maxCoeff();
    // What models predict on a plateau differs in the last digits: that is no range.
    const double nothing = 1e-9 * (worst - result.ideal[j]);
    if (nadir - result.ideal[j] >= least && nadir - result.ideal[j] > nothing) continue;
    const std::string which = "objective " + std::to_string(j + 1);
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
  const Eigen::MatrixXd weighted = weights.asDiagonal() * normalised;
  return weighted.colwise().maxCoeff().transpose() + rho * weighted.colwise().sum().transpose();
}

}  // namespace hyperego
