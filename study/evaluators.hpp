#pragma once

#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/moo/problems/problem.hpp>
#include <hyperego/study/evaluator.hpp>
#include <hyperego/study/specification.hpp>
#include <hyperego/study/stop_signal.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

/// What an evaluator knows of itself: its space, and all the objectives it can give with their directions.
struct EvaluatorDomain {
  std::shared_ptr<const SearchSpace> space;
  std::vector<Objective> objectives;
};

/// The problem itself. @throws InvalidInput naming the member.
[[nodiscard]] Problem make_problem(const ProblemEvaluation& evaluation);

/// x1 … xD on the problem's bounds (binary variables as integers 0 and 1), f1 … fM to be minimised.
/// @throws InvalidInput naming `where` and the member for an unknown problem or sizes that it does not come in.
[[nodiscard]] EvaluatorDomain problem_domain(const ProblemEvaluation& evaluation, const std::string& where);

/// The scenario's space without instance and fidelity, and all its targets.
/// @throws InvalidInput naming `where` and the member for an unknown scenario, instance or fidelity, or where the data
/// are missing.
[[nodiscard]] EvaluatorDomain yahpo_domain(const YahpoEvaluation& evaluation, const std::string& where);

/// What the scenario says of one of its fidelities: range, integer, log. @throws InvalidInput naming `where` for an
/// unknown one or one that is no number.
[[nodiscard]] Fidelity yahpo_fidelity(const YahpoEvaluation& evaluation, const std::string& name,
                                      const std::string& where);

/// The values of all objectives at a configuration, in the study's order. An exception is a failed trial. Called from
/// several threads at the same time where the study has several workers.
using ObjectiveFunction = std::function<std::vector<double>(const Configuration& configuration)>;

/// Evaluates a function of this program. A wrong number of values or one that is not finite is a failed trial.
[[nodiscard]] std::unique_ptr<Evaluator> function_evaluator(ObjectiveFunction function,
                                                            std::size_t number_of_objectives);

/// What evaluators may use while they run.
struct EvaluatorContext {
  /// Where command evaluators keep TRIAL.out and TRIAL.err; nowhere unless given.
  std::optional<std::filesystem::path> logs = {};
  /// Where a Slurm evaluator keeps its jobs, so that a resumed run finds them; it cannot run without.
  std::optional<std::filesystem::path> jobs = {};
  /// Where command evaluators keep checkpoints, a folder for each trial.
  std::optional<std::filesystem::path> checkpoints = {};
  /// Ends running programs when it is raised; their trials are `lost`.
  std::shared_ptr<const StopSignal> stop = {};
  /// Is told in a sentence what is no part of any trial, as what keeps trials from being evaluated; from any thread.
  std::function<void(const std::string& sentence)> note = {};
};

/// Why nothing can be evaluated at the moment, as the evaluator that keeps its jobs in `jobs` says it to whoever looks
/// on; empty where nothing stands in the way.
[[nodiscard]] std::string reason_for_waiting(const std::filesystem::path& jobs);

/// The evaluator that the study describes; null for external ones.
/// @throws InvalidInput naming the member: missing data or program, a space that is not the evaluator's own.
[[nodiscard]] std::unique_ptr<Evaluator> make_evaluator(const StudySpecification& study,
                                                        const EvaluatorContext& context = {});

/// What of the study's command is allowed but most likely not meant, one sentence each.
[[nodiscard]] std::vector<std::string> doubts_about_command(const StudySpecification& study);

[[nodiscard]] std::unique_ptr<Evaluator> problem_evaluator(const ProblemEvaluation& evaluation,
                                                           const std::shared_ptr<const SearchSpace>& space,
                                                           const std::string& where);
[[nodiscard]] std::unique_ptr<Evaluator> yahpo_evaluator(const YahpoEvaluation& evaluation,
                                                         const std::shared_ptr<const SearchSpace>& space,
                                                         const std::vector<Objective>& objectives,
                                                         const std::optional<Fidelity>& fidelity,
                                                         const std::string& where);
[[nodiscard]] std::unique_ptr<Evaluator> command_evaluator(const CommandEvaluation& evaluation,
                                                           const StudySpecification& study,
                                                           const EvaluatorContext& context, const std::string& where);

[[nodiscard]] std::unique_ptr<Evaluator> slurm_evaluator(const SlurmEvaluation& evaluation,
                                                         const StudySpecification& study,
                                                         const EvaluatorContext& context, const std::string& where);

}  // namespace hyperego
