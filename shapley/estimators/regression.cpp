#include <hyperego/core/error.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/detail/least_squares.hpp>

#include <cmath>
#include <string>

namespace hyperego::detail {
namespace {

/// FBII is the closest game in the mean over all coalitions, with an intercept; SV and FSII are the closest under the
/// Shapley kernel that are exact on ∅ and N.
bool is_fitted_everywhere(InteractionIndex index) { return index == InteractionIndex::fbii; }

// The weight of all coalitions of a size together. ∅ and N have none in either fit: the control variate leaves nothing
// of them, and with all other coalitions played a fit without them is that with them.
std::vector<double> weight_of_sizes(InteractionIndex index, int players) {
  std::vector<double> weights(static_cast<std::size_t>(players + 1), 0.0);
  for (int l = 1; l < players; ++l) {
    weights[static_cast<std::size_t>(l)] =
        is_fitted_everywhere(index) ? std::ldexp(static_cast<double>(binomial_coefficient(players, l)), -players)
                                    : 1.0 / (static_cast<double>(l) * (players - l));
  }
  return weights;
}

// One column for every interaction and, where `intercept`, a last one of ones.
Eigen::MatrixXd features_of(const std::vector<Coalition>& coalitions, const std::vector<Coalition>& interactions,
                            bool intercept) {
  const auto width = static_cast<Eigen::Index>(interactions.size());
  Eigen::MatrixXd features =
      Eigen::MatrixXd::Ones(static_cast<Eigen::Index>(coalitions.size()), width + (intercept ? 1 : 0));
  for (Eigen::Index c = 0; c < width; ++c) {
    const Coalition interaction = interactions[static_cast<std::size_t>(c)];
    for (Eigen::Index r = 0; r < features.rows(); ++r) {
      features(r, c) = is_subset(interaction, coalitions[static_cast<std::size_t>(r)]) ? 1.0 : 0.0;
    }
  }
  return features;
}

}  // namespace

void estimate_by_regression(EstimatorTask& task) {
  const int players = task.game.players();
  const InteractionValues& result = task.estimate.values;
  const auto width = static_cast<Eigen::Index>(result.interactions.size());
  const bool everywhere = is_fitted_everywhere(result.index);
  const std::vector<double> weight = weight_of_sizes(result.index, players);
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
        allocate_sizes(players, budget, weight, std::vector<bool>(static_cast<std::size_t>(players + 1), false));
    const RegressionSample sample = draw_for_regression(task, samples, counts, task.options.control_order);
    Eigen::VectorXd weights(static_cast<Eigen::Index>(sample.coalitions.size()));
    for (std::size_t i = 0; i < sample.coalitions.size(); ++i) {
      const int l = sample.sizes[i];
      weights[static_cast<Eigen::Index>(i)] =
          weight[static_cast<std::size_t>(l)] * sample.per[i] / static_cast<double>(binomial_coefficient(players, l));
    }
    const GroupedNormalEquations equations(features_of(sample.coalitions, result.interactions, everywhere), weights,
                                           sample.values, Eigen::MatrixXd(weights.size(), 0), sample.group);
    bool ridge = false;
    jackknife(task, sample, [&](int without) -> Eigen::VectorXd {
      const Eigen::VectorXd solution = solve_normal_equations(equations.gram(without), equations.right(without),
                                                              everywhere ? nullptr : &total, ridge);
      if (everywhere && without < 0) {
        task.estimate.values.empty_interaction = task.game.baseline() + solution[width];
      }
      return solution.head(width);
    });
    task.estimate.note = ridge ? "the coalitions do not determine all interactions; a ridge of 1e-10 was added" : "";
    if (task.target_met()) return;
  }
}

}  // namespace hyperego::detail
