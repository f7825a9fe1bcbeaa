#include <hyperego/core/error.hpp>
#include <hyperego/study/detail/worker_pool.hpp>
#include <hyperego/study/minimize.hpp>
#include <hyperego/study/pooled_front.hpp>
#include <hyperego/study/resource_shortage.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace hyperego {
namespace {

/// Outcomes of all suggestions, by number.
std::map<std::uint64_t, Outcome> outcomes_of(const std::vector<Suggestion>& suggestions, detail::WorkerPool& pool) {
  std::map<std::uint64_t, Outcome> outcomes;
  for (const Suggestion& suggestion : suggestions) pool.submit({suggestion.trial, suggestion.configuration});
  while (pool.busy() > 0) {
    for (EvaluationResult& result : pool.results_within()) {
      if (result.kind == EvaluationResult::Kind::no_room) throw ResourceShortage("", result.outcome.message);
      if (result.kind == EvaluationResult::Kind::refused) throw EvaluationRefused("", result.outcome.message);
      outcomes[result.trial] = std::move(result.outcome);
    }
  }
  return outcomes;
}

std::vector<std::size_t> front_of(const std::vector<Trial>& trials, const std::vector<Objective>& objectives) {
  PooledFront front(objectives);
  std::map<std::uint64_t, std::size_t> places;
  for (std::size_t i = 0; i < trials.size(); ++i) {
    const Trial& trial = trials[i];
    places[trial.number] = i;
    if (trial.outcome.status != TrialStatus::completed) continue;
    front.add(trial.number, trial.configuration, trial.outcome.objectives);
  }
  std::vector<std::size_t> members;
  for (const ParetoArchive::Member& member : front.archive().front()) members.push_back(places.at(member.id));
  return members;
}

}  // namespace

void MinimizeOptions::validate() const {
  if (trials < 1) throw InvalidInput("trials", "must be at least 1");
  if (workers < 1) throw InvalidInput("workers", "must be at least 1");
  optimizer.validate();
}

Minimized minimize(const std::shared_ptr<const SearchSpace>& space, const std::vector<Objective>& objectives,
                   const ObjectiveFunction& function, const MinimizeOptions& options) {
  options.validate();
  if (objectives.empty()) throw InvalidInput("objectives", "needs at least one objective");
  const auto optimizer = make_optimizer({.space = space,
                                         .objectives = objectives,
                                         .initial_configurations = {},
                                         .budget = options.trials,
                                         .seed = options.seed},
                                        options.optimizer);
  const std::unique_ptr<Evaluator> evaluator = function_evaluator(function, objectives.size());
  const StopSignal stop;
  detail::WorkerPool pool(options.workers, *evaluator, stop);
  Minimized result;
  while (result.trials.size() < options.trials) {
    const std::vector<Suggestion> batch =
        optimizer->ask(std::min<std::size_t>(options.workers, options.trials - result.trials.size()));
    if (batch.empty()) break;
    std::map<std::uint64_t, Outcome> outcomes = outcomes_of(batch, pool);
    for (const Suggestion& suggestion : batch) {
      result.trials.push_back({suggestion.trial, suggestion.configuration, std::move(outcomes.at(suggestion.trial))});
      optimizer->tell(result.trials.back());
    }
  }
  result.front = front_of(result.trials, objectives);
  return result;
}

}  // namespace hyperego
