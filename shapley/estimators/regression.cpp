#include <hyperego/core/error.hpp>
#include <hyperego/shapley/coalition_enumeration.hpp>
#include <hyperego/shapley/detail/least_squares.hpp>

#include <algorithm>
#include <string>

namespace hyperego::detail {
namespace {

// The Shapley kernel per size, all coalitions of the size together.
std::vector<double> kernel_of_sizes(int players) {
  std::vector<double> kernel(static_cast<std::size_t>(players + 1), 0.0);
  for (int l = 1; l < players; ++l)
    kernel[static_cast<std::size_t>(l)] = 1.0 / (static_cast<double>(l) * (players - l));
  return kernel;
}

}  // namespace

void estimate_by_regression(EstimatorTask& task) {
  const int players = task.game.players();
  const InteractionValues& result = task.estimate.values;
  const auto width = static_cast<Eigen::Index>(result.interactions.size());
  const std::vector<double> kernel = kernel_of_sizes(players);
  const std::size_t least = result.interactions.size() + static_cast<std::size_t>(players) + 1;
  if (task.budget() < least) {
    throw InvalidInput("budget", "a fit of " + std::to_string(width) + " interactions of " + std::to_string(players) +
                                     " players needs at least " + std::to_string(least + task.game.evaluated() - 2) +
                                     " coalitions");
  }
  CoalitionSamples samples(players, task.options.seed, task.options.paired);
  const double total = 0;  // the control variate takes all of the grand coalition
  for (const std::size_t budget : task.stages(least)) {
    const auto counts =
        allocate_sizes(players, budget, kernel, std::vector<bool>(static_cast<std::size_t>(players + 1), false));
    const RegressionSample sample = draw_for_regression(task, samples, counts, task.options.control_order);
    const auto rows = static_cast<Eigen::Index>(sample.coalitions.size());
    Eigen::MatrixXd features(rows, width);
    Eigen::VectorXd weights(rows);
    for (Eigen::Index r = 0; r < rows; ++r) {
      const auto row = static_cast<std::size_t>(r);
      const int l = sample.sizes[row];
      weights[r] =
          kernel[static_cast<std::size_t>(l)] * sample.per[row] / static_cast<double>(binomial_coefficient(players, l));
      for (Eigen::Index c = 0; c < width; ++c) {
        features(r, c) =
            is_subset(result.interactions[static_cast<std::size_t>(c)], sample.coalitions[row]) ? 1.0 : 0.0;
      }
    }
    const GroupedNormalEquations equations(features, weights, sample.values, Eigen::MatrixXd(rows, 0), sample.group);
    bool ridge = false;
    jackknife(task, sample, [&](int without) {
      return solve_normal_equations(equations.gram(without), equations.right(without), &total, ridge);
    });
    task.estimate.note = ridge ? "the coalitions do not determine all interactions; a ridge of 1e-10 was added" : "";
    if (task.target_met()) return;
  }
}

}  // namespace hyperego::detail
