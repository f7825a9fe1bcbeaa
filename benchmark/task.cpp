#include <hyperego/benchmark/task.hpp>
#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/sobol.hpp>
#include <hyperego/moo/front/hypervolume.hpp>
#include <hyperego/moo/front/pareto.hpp>
#include <hyperego/moo/search/initial_design.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/yahpo_bridge/problem.hpp>
#include <hyperego/yahpo_bridge/scenario.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <exception>
#include <map>
#include <utility>

namespace hyperego {
namespace {

using Scenarios = std::map<std::pair<std::string, std::string>, std::shared_ptr<const YahpoScenario>>;

/// Rows of a known front: enough for a regret of 1e-3 of two objectives, few enough for the hypervolume of five.
Eigen::Index front_size(int objectives) { return objectives == 2 ? 2000 : objectives == 3 ? 1500 : 330; }

/// The space with so many more hyperparameters behind its own: a float, a float on a logarithmic scale, an integer and
/// a categorical in turn.
std::shared_ptr<const SearchSpace> with_irrelevant(const SearchSpace& space, std::size_t count) {
  if (count == 0) return std::make_shared<const SearchSpace>(space);
  nlohmann::ordered_json json = to_configspace_json(space);
  for (std::size_t i = 0; i < count; ++i) {
    nlohmann::ordered_json more{{"name", "irrelevant" + std::to_string(i + 1)}};
    if (i % 4 == 0) more.update({{"type", "uniform_float"}, {"lower", 0.0}, {"upper", 1.0}, {"log", false}});
    if (i % 4 == 1) more.update({{"type", "uniform_float"}, {"lower", 1e-4}, {"upper", 1.0}, {"log", true}});
    if (i % 4 == 2) more.update({{"type", "uniform_int"}, {"lower", 1}, {"upper", 100}, {"log", false}});
    if (i % 4 == 3) more.update({{"type", "categorical"}, {"choices", {"a", "b", "c", "d"}}});
    json["hyperparameters"].push_back(std::move(more));
  }
  return std::make_shared<const SearchSpace>(space_from_configspace_json(json, "irrelevant"));
}

void prepare_yahpo(const TaskDefinition& definition, Scenarios& scenarios, BenchmarkTask& task) {
  const auto& evaluation = std::get<YahpoEvaluation>(definition.evaluation);
  (void)yahpo_metadata(evaluation.scenario);  // an unknown scenario is worth saying before missing data
  const auto directory =
      yahpo_data_directory(evaluation.data ? evaluation.data->string() : std::string{}, evaluation.scenario);
  auto& scenario = scenarios[{directory.string(), evaluation.scenario}];
  if (!scenario) {
    scenario = std::make_shared<const YahpoScenario>(YahpoScenario::load(directory, evaluation.scenario));
  }
  std::vector<std::string> targets = evaluation.objectives;
  for (const YahpoSuiteEntry& entry : scenario->suite()) {
    if (evaluation.objectives.empty() && entry.instance == evaluation.instance) targets = entry.targets;
  }
  if (targets.empty()) {
    throw InvalidInput("objectives", "is missing, and the instance is no entry of YAHPO's multi-objective suite");
  }
  const YahpoProblem problem(scenario, evaluation.instance, targets);
  task.space = with_irrelevant(problem.space(), definition.irrelevant);
  task.objectives = problem.objectives();
  task.evaluate = [problem, d = problem.space().size()](const Configuration& configuration) {
    if (configuration.size() == d) return problem.evaluate(configuration);
    Configuration relevant(d);
    for (std::size_t i = 0; i < d; ++i) {
      if (configuration.is_set(i)) relevant.set(i, configuration[i]);
    }
    return problem.evaluate(relevant);
  };
  task.bounds = definition.bounds.value_or(BoundsSource::statistics);
  if (task.bounds != BoundsSource::statistics) return;
  const auto m = static_cast<Eigen::Index>(targets.size());
  task.lower.resize(m);
  task.upper.resize(m);
  for (Eigen::Index j = 0; j < m; ++j) {
    const Objective& objective = task.objectives[static_cast<std::size_t>(j)];
    const auto range = scenario->range(objective.name, evaluation.instance);
    if (!range) throw InvalidInput("bounds", "there are no statistics of \"" + objective.name + "\"; use \"sobol\"");
    const double a = to_minimised(objective, range->min);
    const double b = to_minimised(objective, range->max);
    task.lower[j] = std::min(a, b);
    task.upper[j] = std::max(a, b);
  }
}

Problem prepare_problem(const TaskDefinition& definition, BenchmarkTask& task) {
  const auto& evaluation = std::get<ProblemEvaluation>(definition.evaluation);
  Problem problem = make_problem(evaluation);
  EvaluatorDomain domain = problem_domain(evaluation, definition.where);
  task.space = std::move(domain.space);
  task.has_defaults = false;
  task.objectives = std::move(domain.objectives);
  task.evaluate = [problem](const Configuration& configuration) {
    std::vector<double> x(configuration.size());  // the codes of floats and integers are their values
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = configuration[i];
    return problem.evaluate(x);
  };
  const bool known = problem.ideal() && problem.nadir();
  task.bounds = definition.bounds.value_or(known ? BoundsSource::front : BoundsSource::sobol);
  if (task.bounds == BoundsSource::front) {
    if (!known) throw InvalidInput("bounds", "ideal and nadir of " + problem.name() + " are not known; use \"sobol\"");
    task.lower = *problem.ideal();
    task.upper = *problem.nadir();
  }
  return problem;
}

void sample_bounds(BenchmarkTask& task) {
  SobolSequence points(task.space->size(), 0);
  const auto m = static_cast<Eigen::Index>(task.objectives.size());
  Eigen::MatrixXd values(static_cast<Eigen::Index>(bounds_sample), m);
  Eigen::Index used = 0;
  for (std::uint64_t i = 0; i < bounds_sample; ++i) {
    const Configuration configuration = task.space->decode(points.next());
    if (task.space->is_forbidden(configuration)) continue;
    const Eigen::VectorXd raw = task.evaluate(configuration);
    if (raw.allFinite()) values.row(used++) = to_minimised(task.objectives, raw).transpose();
  }
  if (used == 0)
    throw InvalidInput("bounds", "no point of the sample has finite objectives; give \"ideal\" and \"nadir\"");
  const Eigen::MatrixXd sample = values.topRows(used);
  task.lower = ideal_point(sample);
  task.upper = nadir_point(sample);
  // One point that dominates all others leaves no range.
  for (Eigen::Index j = 0; j < m; ++j) {
    if (task.upper[j] > task.lower[j]) continue;
    task.upper[j] = sample.col(j).maxCoeff();
    if (task.upper[j] <= task.lower[j]) task.upper[j] = task.lower[j] + 1;
  }
}

void set_bounds(const TaskDefinition& definition, BenchmarkTask& task) {
  if (task.bounds == BoundsSource::sobol) sample_bounds(task);
  if (task.bounds != BoundsSource::given) return;
  if (definition.ideal.size() != static_cast<Eigen::Index>(task.objectives.size())) {
    throw InvalidInput("bounds", "have " + std::to_string(definition.ideal.size()) + " values for " +
                                     std::to_string(task.objectives.size()) + " objectives");
  }
  task.lower = to_minimised(task.objectives, definition.ideal);
  task.upper = to_minimised(task.objectives, definition.nadir);
  if ((task.lower.array() >= task.upper.array()).any()) {
    throw InvalidInput("bounds", "\"ideal\" is not better than \"nadir\" in every objective");
  }
}

void set_front(const Problem& problem, BenchmarkTask& task) {
  if (problem.front_knowledge() == FrontKnowledge::unknown) return;
  const Eigen::MatrixXd front = problem.pareto_front(front_size(problem.number_of_objectives()));
  task.front.resize(front.rows(), front.cols());
  for (Eigen::Index i = 0; i < front.rows(); ++i)
    task.front.row(i) = task.normalised(front.row(i).transpose()).transpose();
  if (!task.best_hypervolume) {
    task.best_hypervolume = hypervolume(task.front, Eigen::VectorXd::Constant(front.cols(), task.reference));
  }
}

/// `task` on the space and function of `alone`.
std::shared_ptr<const BenchmarkTask> ceiling_of(const BenchmarkTask& task, const TaskDefinition& alone,
                                                Scenarios& scenarios) {
  BenchmarkTask relevant;
  if (std::holds_alternative<YahpoEvaluation>(alone.evaluation)) {
    prepare_yahpo(alone, scenarios, relevant);
  } else {
    prepare_problem(alone, relevant);
  }
  BenchmarkTask ceiling = task;
  ceiling.space = relevant.space;
  ceiling.evaluate = relevant.evaluate;
  ceiling.initial_trials = default_initial_trials(ceiling.space->searched().size(), ceiling.trials);
  return std::make_shared<const BenchmarkTask>(std::move(ceiling));
}

void prepare(const BenchmarkSuite& suite, const TaskDefinition& definition, Scenarios& scenarios, BenchmarkTask& task) {
  task.name = definition.name;
  task.reference = suite.reference;
  task.best_hypervolume = definition.best_hypervolume;
  std::optional<Problem> problem;
  if (std::holds_alternative<YahpoEvaluation>(definition.evaluation)) {
    prepare_yahpo(definition, scenarios, task);
  } else {
    problem = prepare_problem(definition, task);
  }
  set_bounds(definition, task);
  const std::size_t searched = task.space->searched().size();
  task.trials = definition.budget.value_or(suite.budget).trials(searched);
  task.initial_trials = suite.initial_trials.value_or(default_initial_trials(searched, task.trials));
  if (task.initial_trials > task.trials) {
    throw InvalidInput("trials", "is " + std::to_string(task.trials) + ", fewer than the " +
                                     std::to_string(task.initial_trials) + " initial ones");
  }
  if (problem) set_front(*problem, task);
  if (const auto alone = relevant_alone(definition)) task.relevant_alone = ceiling_of(task, *alone, scenarios);
}

}  // namespace

Outcome BenchmarkTask::outcome(const Configuration& configuration) const {
  Outcome outcome;
  try {
    outcome.objectives = evaluate(configuration);
  } catch (const std::exception& error) {
    return {.status = TrialStatus::failed, .message = error.what()};
  }
  return checked_outcome(std::move(outcome), objectives.size());
}

Eigen::VectorXd BenchmarkTask::normalised(const Eigen::VectorXd& raw) const {
  return (to_minimised(objectives, raw) - lower).cwiseQuotient(upper - lower);
}

OptimizationProblem BenchmarkTask::problem(std::uint64_t seed) const {
  OptimizationProblem result{
      .space = space, .objectives = objectives, .initial_configurations = {}, .budget = trials, .seed = seed};
  if (!has_defaults) {
    const Configuration first = space->decode(SobolSequence(space->size(), seed).next());
    std::vector<Hyperparameter> variables;
    for (std::size_t i = 0; i < space->size(); ++i) {
      variables.push_back((*space)[i]);
      variables.back().default_code = first[i];
    }
    result.space = std::make_shared<const SearchSpace>(std::move(variables));
  }
  result.initial_configurations = initial_design(result, initial_trials);
  return result;
}

std::vector<BenchmarkTask> prepare_tasks(const BenchmarkSuite& suite) {
  Scenarios scenarios;
  std::vector<BenchmarkTask> tasks(suite.tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const std::string& where = suite.tasks[i].where;
    try {
      prepare(suite, suite.tasks[i], scenarios, tasks[i]);
    } catch (const InvalidInput& error) {
      const std::string text = error.what();
      if (where.empty() || text.rfind(where, 0) == 0) throw;
      throw InvalidInput(where, text);
    }
  }
  return tasks;
}

}  // namespace hyperego
