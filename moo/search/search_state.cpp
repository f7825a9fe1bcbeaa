#include <hyperego/core/error.hpp>
#include <hyperego/moo/fidelity/look.hpp>
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
    : problem(std::move(given)),
      options(chosen),
      domain(problem.domain()),
      history(problem.objectives),
      partial(problem.objectives,
              options.fidelity == ParEgoOptions::Fidelities::full ? std::nullopt : problem.fidelity) {
  options.validate();
  if (has_fidelities() && options.model == ParEgoOptions::Model::random_forest &&
      options.fidelity == ParEgoOptions::Fidelities::model) {
    throw InvalidInput("optimizer/surrogate",
                       "a random forest knows no fidelities; take \"gp\", or \"fidelity\": \"hyperband\" or \"full\"");
  }
  if (options.model == ParEgoOptions::Model::random_forest) refuse_forest_over_many_choices(*problem.space);
  if (options.preference && options.preference->lowest.size() != static_cast<Eigen::Index>(problem.objectives.size())) {
    throw InvalidInput("preference", "needs a range for every objective");
  }
  if (options.priors) prior = ExpertPrior::of(*problem.space);
  std::size_t count = options.initial_trials.value_or(planned_initial_trials());
  for (const Trial& trial : problem.earlier) {
    if (!trial.fidelity) history.learn(trial);
    partial.learn(trial);
  }
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

/// As without a cost, or 4 d + 4 looks that cost no more than a tenth of what is planned.
std::size_t SearchState::planned_initial_trials() const {
  const std::size_t searched = problem.space->searched().size();
  if (!problem.cost_budget) return default_initial_trials(searched, problem.budget);
  const auto planned = static_cast<std::uint64_t>(std::min(*problem.cost_budget, 1e9));
  if (!has_fidelities()) return default_initial_trials(searched, std::min(problem.budget, planned));
  constexpr double share = 0.1;
  const double look = problem.fidelity->declared_cost(design_fidelity(*problem.fidelity));
  const double affordable = share * *problem.cost_budget / std::max(look, 1e-6);
  const auto wanted = static_cast<double>(4 * searched + 4);
  return static_cast<std::size_t>(std::max(4.0, std::min(wanted, affordable)));
}

double SearchState::share_spent(std::uint64_t trial) const {
  if (problem.cost_budget) return partial.spent() / std::max(*problem.cost_budget, 1e-9);
  return static_cast<double>(trial) / static_cast<double>(std::max<std::uint64_t>(problem.budget, 1));
}

std::vector<Configuration> SearchState::pending() const {
  std::vector<Configuration> configurations;
  if (has_fidelities()) {
    for (const auto& [number, trial] : partial.pending()) {
      if (!trial.fidelity) configurations.push_back(trial.configuration);
    }
    return configurations;
  }
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
