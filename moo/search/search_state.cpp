#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/search/initial_design.hpp>
#include <hyperego/moo/search/search_state.hpp>

#include <algorithm>
#include <string>
#include <utility>

namespace hyperego {
namespace {

/// A forest's splits and cells list every choice.
void refuse_forest_over_many_choices(const SearchSpace& space) {
  constexpr std::size_t most_choices = 10000;
  for (const std::size_t i : space.searched()) {
    if (!space[i].is_categorical() || space[i].cardinality() <= most_choices) continue;
    throw InvalidInput("optimizer/surrogate", "a random forest splits at most " + std::to_string(most_choices) +
                                                  " choices, and \"" + space[i].name + "\" has " +
                                                  std::to_string(space[i].cardinality()) +
                                                  "; take \"gp\", or the optimizer \"random\"");
  }
}

}  // namespace

SearchState::SearchState(OptimizationProblem given, const ParEgoOptions& chosen)
    : problem(std::move(given)), options(chosen), domain(problem.domain()), history(problem.objectives) {
  options.validate();
  if (options.model == ParEgoOptions::Model::random_forest) refuse_forest_over_many_choices(*problem.space);
  if (options.preference && options.preference->lowest.size() != static_cast<Eigen::Index>(problem.objectives.size())) {
    throw InvalidInput("preference", "needs a range for every objective");
  }
  if (options.priors) prior = ExpertPrior::of(*problem.space);
  std::size_t count =
      options.initial_trials.value_or(default_initial_trials(problem.space->searched().size(), problem.budget));
  for (const Trial& trial : problem.earlier) history.learn(trial);
  if (!problem.earlier.empty()) {
    for (Configuration& configuration : spread_over_front(history, (count + 1) / 2)) {
      problem.initial_configurations.push_back(std::move(configuration));
    }
    count -= std::min(count, history.completed().size());
  }
  initial = initial_design(problem, count, prior ? &*prior : nullptr);
}

std::uint64_t SearchState::trials_after_design(std::uint64_t trial) const {
  return trial - std::min<std::uint64_t>(trial, initial.size());
}

std::vector<Configuration> SearchState::pending() const {
  std::vector<Configuration> configurations;
  for (const auto& [number, configuration] : history.pending()) configurations.push_back(configuration);
  return configurations;
}

std::vector<Configuration> SearchState::front_members(const Eigen::MatrixXd& objectives) const {
  std::vector<Configuration> members;
  for (const Eigen::Index i : non_dominated(objectives)) {
    members.push_back(history.completed()[static_cast<std::size_t>(i)]);
  }
  return members;
}

}  // namespace hyperego
