#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/study/detail/placed_at.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/yahpo_bridge/problem.hpp>
#include <hyperego/yahpo_bridge/scenario.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
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
  YahpoEvaluator(YahpoProblem problem, std::optional<Fidelity> fidelity)
      : problem_(std::move(problem)), fidelity_(std::move(fidelity)) {}

  Outcome evaluate(std::uint64_t trial, const Configuration& configuration, std::uint64_t trial_seed) override {
    EvaluationChannel nobody;
    return run({trial, configuration, trial_seed}, nobody);
  }

  Outcome run(const PendingTrial& trial, EvaluationChannel& /*channel*/) override {
    Outcome outcome;
    outcome.objectives = fidelity_ ? problem_at(trial.fidelity.value_or(fidelity_->full)).evaluate(trial.configuration)
                                   : problem_.evaluate(trial.configuration);
    return checked_outcome(std::move(outcome), problem_.objectives().size());
  }

 private:
  [[nodiscard]] YahpoProblem problem_at(double value) const {
    return problem_.at(fidelity_->name, fidelity_->integer ? Value(std::int64_t{std::llround(value)}) : Value(value));
  }

  YahpoProblem problem_;
  std::optional<Fidelity> fidelity_;
};

}  // namespace

EvaluatorDomain yahpo_domain(const YahpoEvaluation& evaluation, const std::string& where) {
  const YahpoProblem problem = problem_of(evaluation, {}, where);
  return {std::make_shared<const SearchSpace>(problem.space()), problem.objectives()};
}

Fidelity yahpo_fidelity(const YahpoEvaluation& evaluation, const std::string& name, const std::string& where) {
  const YahpoProblem problem = problem_of(evaluation, {}, where);
  std::vector<std::string> names;
  for (const YahpoFidelity& fidelity : problem.scenario().fidelities()) names.push_back(fidelity.name);
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    throw InvalidInput(where, "YAHPO scenario " + evaluation.scenario + " has no fidelity \"" + name + "\"" +
                                  expected_name(name, names));
  }
  const SearchSpace& whole = problem.scenario().space();
  const Hyperparameter& domain = whole[whole.index_of(name)];
  if (const auto* real = std::get_if<FloatDomain>(&domain.domain)) {
    return {.name = name, .least = real->lower, .full = real->upper, .log = real->log};
  }
  if (const auto* number = std::get_if<IntegerDomain>(&domain.domain)) {
    return {.name = name,
            .least = static_cast<double>(number->lower),
            .full = static_cast<double>(number->upper),
            .integer = true,
            .log = number->log};
  }
  throw InvalidInput(where, "\"" + name + "\" is " + domain.describe() + ", which has no order; take another fidelity");
}

std::unique_ptr<Evaluator> yahpo_evaluator(const YahpoEvaluation& evaluation,
                                           const std::shared_ptr<const SearchSpace>& space,
                                           const std::vector<Objective>& objectives,
                                           const std::optional<Fidelity>& fidelity, const std::string& where) {
  std::vector<std::string> targets;
  for (const Objective& objective : objectives) targets.push_back(objective.name);
  YahpoProblem problem = problem_of(evaluation, targets, where);
  if (to_configspace_json(*space) != to_configspace_json(problem.space())) {
    throw InvalidInput(
        where,
        "the study's space differs from that of the YAHPO data; remove \"space\", or use the data it was made from");
  }
  return std::make_unique<YahpoEvaluator>(std::move(problem), fidelity);
}

}  // namespace hyperego
