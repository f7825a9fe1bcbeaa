#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/sobol.hpp>
#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/search/initial_design.hpp>

#include <algorithm>
#include <limits>
#include <unordered_set>

namespace hyperego {

std::size_t default_initial_trials(std::size_t searched, std::uint64_t budget) {
  const std::uint64_t wanted = std::min<std::uint64_t>(2 * searched + 2, budget / 4);
  return static_cast<std::size_t>(std::max<std::uint64_t>(wanted, 4));
}

std::vector<Configuration> initial_design(const OptimizationProblem& problem, std::size_t count,
                                          const ExpertPrior* prior) {
  const SearchSpace& space = *problem.space;
  const Slice domain = problem.domain();
  std::vector<Configuration> design;
  std::unordered_set<Configuration, ConfigurationHash> taken;
  const auto add = [&](const Configuration& configuration) {
    if (!space.is_forbidden(configuration) && taken.insert(configuration).second) design.push_back(configuration);
  };
  for (const Configuration& configuration : problem.initial_configurations) add(domain.project(configuration));
  if (design.size() < count) add(domain.project(space.default_configuration()));
  if (prior != nullptr && design.size() < count) add(domain.decode(prior->mode(space)));
  if (design.size() >= count) return design;
  if (space.size() > SobolSequence::largest_dimension) {
    throw InvalidInput("space/hyperparameters",
                       "are " + std::to_string(space.size()) + ", and an initial design of Sobol' points has at most " +
                           std::to_string(SobolSequence::largest_dimension) +
                           " dimensions; leave hyperparameters out, or take the optimizer \"random\"");
  }
  SobolSequence points(space.size(), problem.seed);
  SobolSequence believed(space.size(), Rng(problem.seed, "prior-design")());
  // Small or heavily constrained spaces repeat themselves; a hundred points for each wanted one are enough to notice.
  for (std::size_t tries = 0; design.size() < count && tries < 100 * count; ++tries) {
    const bool from_prior = prior != nullptr && tries % 2 == 0;
    add(domain.decode(from_prior ? prior->quantile(believed.next()) : points.next()));
  }
  return design;
}

std::vector<Configuration> spread_over_front(const TrialHistory& history, std::size_t count) {
  const Eigen::MatrixXd objectives = history.minimised();
  if (objectives.rows() == 0) return {};
  const std::vector<Eigen::Index> front = non_dominated(objectives);
  Eigen::MatrixXd points(static_cast<Eigen::Index>(front.size()), objectives.cols());
  for (std::size_t k = 0; k < front.size(); ++k) points.row(static_cast<Eigen::Index>(k)) = objectives.row(front[k]);
  for (Eigen::Index j = 0; j < points.cols(); ++j) {
    // Halves, as the difference of two large numbers need not be one.
    points.col(j) *= 0.5;
    const double lowest = points.col(j).minCoeff();
    const double range = points.col(j).maxCoeff() - lowest;
    points.col(j) = (points.col(j).array() - lowest) / (range > 0 ? range : 1);
  }

  std::vector<Configuration> taken;
  Eigen::VectorXd distance = Eigen::VectorXd::Constant(points.rows(), std::numeric_limits<double>::infinity());
  const auto take = [&](Eigen::Index k) {
    if (distance[k] < 0 || taken.size() >= count) return;
    taken.push_back(history.completed()[static_cast<std::size_t>(front[static_cast<std::size_t>(k)])]);
    for (Eigen::Index i = 0; i < points.rows(); ++i) {
      const Eigen::VectorXd difference = (points.row(i) - points.row(k)).transpose();
      distance[i] = std::min(distance[i], difference.squaredNorm());
    }
    distance[k] = -1;
  };
  for (Eigen::Index j = 0; j < points.cols(); ++j) {
    Eigen::Index best = 0;
    (void)points.col(j).minCoeff(&best);
    take(best);
  }
  while (taken.size() < std::min(count, front.size())) {
    Eigen::Index farthest = 0;
    (void)distance.maxCoeff(&farthest);
    take(farthest);
  }
  return taken;
}

}  // namespace hyperego
