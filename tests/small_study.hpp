#pragma once

#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/runner.hpp>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hyperego::test {

/// Three hyperparameters, two objectives, random search.
inline StudySpecification small_study(std::uint64_t trials = 12, std::size_t workers = 1, bool synchronous = true) {
  StudySpecification study;
  study.name = "test";
  study.space = std::make_shared<const SearchSpace>(
      std::vector{make_float("x", 0, 1), make_integer("k", 1, 8),
                  make_categorical("c", {std::string("a"), std::string("b,\"c\"")})});
  study.objectives = {{.name = "loss"}, {.name = "score", .direction = Direction::maximize}};
  study.optimizer = std::make_shared<const nlohmann::ordered_json>(nlohmann::ordered_json{{"name", "random"}});
  study.limits.trials = trials;
  study.workers = workers;
  study.synchronous = synchronous;
  study.seed = 3;
  return study;
}

/// The same with a model.
inline StudySpecification small_parego_study(std::uint64_t trials,
                                             const nlohmann::ordered_json& members = nlohmann::ordered_json::object()) {
  StudySpecification study = small_study(trials);
  nlohmann::ordered_json options{
      {"name", "parego"}, {"initial_trials", 5}, {"acquisition", {{"random_candidates", 60}, {"starts", 1}}}};
  options.update(members);
  study.optimizer = std::make_shared<const nlohmann::ordered_json>(std::move(options));
  return study;
}

inline std::vector<double> small_objectives(const Configuration& configuration) {
  return {configuration[0] + configuration[2], configuration[0] * configuration[1]};
}

inline RunSummary run(Study& study, ObjectiveFunction function = small_objectives) {
  StopSignal stop;
  const auto evaluator = function_evaluator(std::move(function), study.specification().objectives.size());
  return run_study(study, *evaluator, stop, nullptr, {.back_off_s = 0});
}

inline RunSummary run_in(const std::filesystem::path& directory, const StudySpecification& study, OpenMode mode,
                         ObjectiveFunction function = small_objectives) {
  Study opened(study, directory, mode);
  return run(opened, std::move(function));
}

}  // namespace hyperego::test
