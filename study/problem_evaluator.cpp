#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/moo/problems/registry.hpp>
#include <hyperego/study/detail/placed_at.hpp>
#include <hyperego/study/evaluators.hpp>

#include <nlohmann/json.hpp>

#include <string>
#include <utility>

namespace hyperego {
namespace {

Problem problem_of(const ProblemEvaluation& evaluation, const std::string& where) {
  return detail::placed_at(where, [&] { return make_problem(evaluation); });
}

class ProblemEvaluator final : public Evaluator {
 public:
  explicit ProblemEvaluator(Problem problem) : problem_(std::move(problem)) {}

  Outcome evaluate(std::uint64_t /*trial*/, const Configuration& configuration, std::uint64_t /*trial_seed*/) override {
    // The codes of floats and integers are their values.
    std::vector<double> x(configuration.size());
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = configuration[i];
    Outcome outcome;
    outcome.objectives = problem_.evaluate(x);
    return checked_outcome(std::move(outcome), static_cast<std::size_t>(problem_.number_of_objectives()));
  }

 private:
  Problem problem_;
};

}  // namespace

Problem make_problem(const ProblemEvaluation& evaluation) {
  return make_problem(evaluation.problem, evaluation.variables, evaluation.objectives,
                      {.relevant = evaluation.relevant, .shift = evaluation.shift});
}

EvaluatorDomain problem_domain(const ProblemEvaluation& evaluation, const std::string& where) {
  const Problem problem = problem_of(evaluation, where);
  std::vector<Hyperparameter> variables;
  for (int i = 0; i < problem.number_of_variables(); ++i) {
    const std::string name = "x" + std::to_string(i + 1);
    variables.push_back(problem.binary() ? make_integer(name, 0, 1)
                                         : make_float(name, problem.lower()[i], problem.upper()[i]));
  }
  EvaluatorDomain domain;
  domain.space = std::make_shared<const SearchSpace>(std::move(variables));
  for (int i = 0; i < problem.number_of_objectives(); ++i) {
    domain.objectives.push_back({.name = "f" + std::to_string(i + 1)});
  }
  return domain;
}

std::unique_ptr<Evaluator> problem_evaluator(const ProblemEvaluation& evaluation,
                                             const std::shared_ptr<const SearchSpace>& space,
                                             const std::string& where) {
  Problem problem = problem_of(evaluation, where);
  if (to_configspace_json(*space) != to_configspace_json(*problem_domain(evaluation, where).space)) {
    throw InvalidInput(where, "the study's space differs from the problem's own; remove \"space\"");
  }
  return std::make_unique<ProblemEvaluator>(std::move(problem));
}

}  // namespace hyperego
