#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/study/detail/placed_at.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/yahpo_bridge/problem.hpp>
#include <hyperego/yahpo_bridge/scenario.hpp>

#include <nlohmann/json.hpp>

#include <map>
#include <utility>

namespace hyperego {
namespace {

std::string data_of(const YahpoEvaluation& evaluation) {
  return evaluation.data ? evaluation.data->string() : std::string{};
}

YahpoProblem problem_of(const YahpoEvaluation& evaluation, const std::vector<std::string>& targets,
                        const std::string& where) {
  return detail::placed_at(where, [&] {
    (void)yahpo_metadata(evaluation.scenario);  // an unknown scenario is worth saying before missing data
    const auto directory = yahpo_data_directory(data_of(evaluation), evaluation.scenario);
    const std::map<std::string, Value> fidelity(evaluation.fidelity.begin(), evaluation.fidelity.end());
    return YahpoProblem(std::make_shared<const YahpoScenario>(YahpoScenario::load(directory, evaluation.scenario)),
                        evaluation.instance, targets, fidelity);
  });
}

class YahpoEvaluator final : public Evaluator {
 public:
  explicit YahpoEvaluator(YahpoProblem problem) : problem_(std::move(problem)) {}

  Outcome evaluate(std::uint64_t /*trial*/, const Configuration& configuration, std::uint64_t /*trial_seed*/) override {
    Outcome outcome;
    outcome.objectives = problem_.evaluate(configuration);
    return checked_outcome(std::move(outcome), problem_.objectives().size());
  }

 private:
  YahpoProblem problem_;
};

}  // namespace

EvaluatorDomain yahpo_domain(const YahpoEvaluation& evaluation, const std::string& where) {
  const YahpoProblem problem = problem_of(evaluation, {}, where);
  return {std::make_shared<const SearchSpace>(problem.space()), problem.objectives()};
}

std::unique_ptr<Evaluator> yahpo_evaluator(const YahpoEvaluation& evaluation,
                                           const std::shared_ptr<const SearchSpace>& space,
                                           const std::vector<Objective>& objectives, const std::string& where) {
  std::vector<std::string> targets;
  for (const Objective& objective : objectives) targets.push_back(objective.name);
  YahpoProblem problem = problem_of(evaluation, targets, where);
  if (to_configspace_json(*space) != to_configspace_json(problem.space())) {
    throw InvalidInput(
        where,
        "the study's space differs from that of the YAHPO data; remove \"space\", or use the data it was made from");
  }
  return std::make_unique<YahpoEvaluator>(std::move(problem));
}

}  // namespace hyperego
