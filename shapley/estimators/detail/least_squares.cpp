#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/detail/least_squares.hpp>
#include <hyperego/shapley/estimators/detail/regression_kernel.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego::detail {

RegressionSample draw_for_regression(EstimatorTask& task, CoalitionSamples& samples,
                                     const std::vector<std::size_t>& counts, int control_order) {
  const int players = task.game.players();
  RegressionSample sample{{}, {}, {}, {}, {}, ControlVariate(players)};
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
  std::vector<int> fold(sample.group);
  for (int& f : fold) f = f < 0 ? -1 : f % control_folds;
  const std::span<const double> values(sample.values.data(), sample.coalitions.size());
  sample.control = ControlVariate(players, {sample.coalitions, values, fold}, control_order, true,
                                  task.remainder(grand_coalition(players)));
  // By the mean model: a fit of the same order follows anyway, and folds judged by different models would look like
  // spread to the jackknife.
  for (std::size_t i = 0; i < fold.size(); ++i) {
    sample.values[static_cast<Eigen::Index>(i)] -= sample.control.value(sample.coalitions[i], -1);
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
    Eigen::MatrixXd gram(width, width);
    HYPEREGO_DISPATCH(regression_gram, phi.data(), count, width, gram.data());
    // Eigen's product kernels divide by the extents of what they multiply; nothing times nothing is left to us.
    Eigen::MatrixXd cross = Eigen::MatrixXd::Zero(width, columns.cols());
    Eigen::VectorXd right = Eigen::VectorXd::Zero(width);
    if (count > 0) {
      if (columns.cols() > 0) cross.noalias() = phi.transpose() * other;
      right.noalias() = phi.transpose() * y;
    }
    gram_.parts.push_back(std::move(gram));
    cross_.parts.push_back(std::move(cross));
    right_.parts.emplace_back(std::move(right));
  }
  for (Parts* parts : {&gram_, &cross_, &right_}) {
    parts->sampled = parts->parts[1];
    for (std::size_t g = 2; g < parts->parts.size(); ++g) parts->sampled += parts->parts[g];
  }
}

Eigen::MatrixXd GroupedNormalEquations::combined(const Parts& parts, int without) {
  if (without < 0) return parts.parts[0] + parts.sampled;
  const double scale = static_cast<double>(jackknife_groups) / (jackknife_groups - 1);
  return parts.parts[0] + scale * (parts.sampled - parts.parts[static_cast<std::size_t>(without) + 1]);
}

Eigen::VectorXd solve_normal_equations(const Eigen::MatrixXd& gram, const Eigen::VectorXd& right, const double* sum,
                                       bool& ridge) {
  const Eigen::Index n = gram.rows();
  const double mean = gram.trace() / static_cast<double>(n);
  Eigen::MatrixXd factor = gram;
  bool singular = !HYPEREGO_DISPATCH(regression_cholesky, factor.data(), n);
  // Pivots of a matrix of full rank are far above the rounding errors of its entries.
  if (!singular) singular = !(factor.diagonal().cwiseAbs2().minCoeff() > 1e-13 * mean);
  if (singular) {
    ridge = true;
    factor = gram;
    factor.diagonal().array() += 1e-10 * mean;
    if (!HYPEREGO_DISPATCH(regression_cholesky, factor.data(), n)) {
      factor = gram;
      factor.diagonal().array() += 1e-6 * mean;
      static_cast<void>(HYPEREGO_DISPATCH(regression_cholesky, factor.data(), n));
    }
  }
  Eigen::MatrixXd solution(n, 2);
  solution << right, Eigen::VectorXd::Ones(n);
  HYPEREGO_DISPATCH(regression_solve, factor.data(), n, solution.data(), sum == nullptr ? 1 : 2);
  if (sum == nullptr) return solution.col(0);
  // The Lagrange condition: move along (ΦᵀWΦ)⁻¹ 1 until the sum is met.
  return solution.col(0) + solution.col(1) * ((*sum - solution.col(0).sum()) / solution.col(1).sum());
}

void jackknife(EstimatorTask& task, const RegressionSample& sample,
               const std::function<Eigen::VectorXd(int without)>& solve) {
  const Eigen::VectorXd all = solve(-1);
  task.estimate.values.values.assign(all.data(), all.data() + all.size());
  sample.control.add_index(task.weights, task.estimate.values);
  task.estimate.control_order = sample.control.order();
  task.estimate.standard_errors.assign(static_cast<std::size_t>(all.size()), 0.0);
  if (std::all_of(sample.group.begin(), sample.group.end(), [](int group) { return group < 0; })) return;
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
