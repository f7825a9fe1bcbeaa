#include <hyperego/shapley/coalition_enumeration.hpp>
#include <hyperego/shapley/detail/least_squares.hpp>

#include <Eigen/Cholesky>

#include <cmath>

namespace hyperego::detail {

RegressionSample draw_for_regression(EstimatorTask& task, CoalitionSamples& samples,
                                     const std::vector<std::size_t>& counts) {
  RegressionSample sample;
  const int players = task.game.players();
  for (int l = 1; l < players; ++l) {
    const std::size_t count = counts[static_cast<std::size_t>(l)];
    const auto all = binomial_coefficient(players, l);
    const std::vector<Coalition> coalitions = samples.first(l, count);
    for (std::size_t i = 0; i < coalitions.size(); ++i) {
      sample.coalitions.push_back(coalitions[i]);
      sample.sizes.push_back(l);
      sample.per.push_back(static_cast<double>(all) / static_cast<double>(count));
      sample.group.push_back(count == all ? -1 : static_cast<int>(i / 2 % jackknife_groups));
    }
  }
  task.game.evaluate(sample.coalitions);
  sample.values.resize(static_cast<Eigen::Index>(sample.coalitions.size()));
  for (std::size_t i = 0; i < sample.coalitions.size(); ++i) {
    sample.values[static_cast<Eigen::Index>(i)] = task.remainder(sample.coalitions[i]);
  }
  return sample;
}

GroupedNormalEquations::GroupedNormalEquations(const Eigen::MatrixXd& features, const Eigen::VectorXd& weights,
                                               const Eigen::VectorXd& values, const Eigen::MatrixXd& columns,
                                               const std::vector<int>& group) {
  const Eigen::Index width = features.cols();
  for (int g = -1; g < jackknife_groups; ++g) {
    std::vector<Eigen::Index> rows;
    for (std::size_t i = 0; i < group.size(); ++i) {
      if (group[i] == g) rows.push_back(static_cast<Eigen::Index>(i));
    }
    const auto count = static_cast<Eigen::Index>(rows.size());
    Eigen::MatrixXd phi(count, width);
    Eigen::MatrixXd other(count, columns.cols());
    Eigen::VectorXd y(count);
    for (Eigen::Index r = 0; r < count; ++r) {
      const Eigen::Index row = rows[static_cast<std::size_t>(r)];
      const double root = std::sqrt(weights[row]);
      phi.row(r) = root * features.row(row);
      other.row(r) = root * columns.row(row);
      y[r] = root * values[row];
    }
    // Eigen's product kernels divide by the extents of what they multiply; nothing times nothing is left to us.
    Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(width, width);
    Eigen::MatrixXd cross = Eigen::MatrixXd::Zero(width, columns.cols());
    Eigen::VectorXd right = Eigen::VectorXd::Zero(width);
    if (count > 0) {
      gram.selfadjointView<Eigen::Lower>().rankUpdate(phi.transpose());
      if (columns.cols() > 0) cross.noalias() = phi.transpose() * other;
      right.noalias() = phi.transpose() * y;
    }
    gram_.emplace_back(gram.selfadjointView<Eigen::Lower>());
    cross_.push_back(std::move(cross));
    right_.emplace_back(std::move(right));
  }
}

Eigen::MatrixXd GroupedNormalEquations::combined(const std::vector<Eigen::MatrixXd>& parts, int without) {
  Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(parts[0].rows(), parts[0].cols());
  for (int g = 0; g < jackknife_groups; ++g) {
    if (g != without) sum += parts[static_cast<std::size_t>(g) + 1];
  }
  if (without >= 0) sum *= static_cast<double>(jackknife_groups) / (jackknife_groups - 1);
  return sum + parts[0];
}

Eigen::VectorXd solve_normal_equations(const Eigen::MatrixXd& gram, const Eigen::VectorXd& right, const double* sum,
                                       bool& ridge) {
  Eigen::LDLT<Eigen::MatrixXd> factor(gram);
  if (factor.info() != Eigen::Success || !factor.isPositive() || !(factor.rcond() > 1e-15)) {
    ridge = true;
    const double mean = gram.trace() / static_cast<double>(gram.rows());
    factor.compute(gram + 1e-10 * mean * Eigen::MatrixXd::Identity(gram.rows(), gram.cols()));
  }
  Eigen::VectorXd solution = factor.solve(right);
  if (sum == nullptr) return solution;
  // The Lagrange condition: move along (ΦᵀWΦ)⁻¹ 1 until the sum is met.
  const Eigen::VectorXd direction = factor.solve(Eigen::VectorXd::Ones(gram.rows()));
  solution += direction * ((*sum - solution.sum()) / direction.sum());
  return solution;
}

void jackknife(EstimatorTask& task, bool sampled, const std::function<Eigen::VectorXd(int without)>& solve) {
  const Eigen::VectorXd all = solve(-1);
  task.estimate.values.values.assign(all.data(), all.data() + all.size());
  task.estimate.standard_errors.assign(static_cast<std::size_t>(all.size()), 0.0);
  if (!sampled) return;
  Eigen::MatrixXd replicates(all.size(), jackknife_groups);
  for (int g = 0; g < jackknife_groups; ++g) replicates.col(g) = solve(g);
  const Eigen::VectorXd mean = replicates.rowwise().mean();
  const Eigen::VectorXd squares = (replicates.colwise() - mean).rowwise().squaredNorm();
  for (Eigen::Index i = 0; i < all.size(); ++i) {
    task.estimate.standard_errors[static_cast<std::size_t>(i)] =
        std::sqrt(squares[i] * (jackknife_groups - 1) / jackknife_groups);
  }
}

}  // namespace hyperego::detail
