#include <hyperego/study/detail/trial_command.hpp>
#include <hyperego/study/evaluators.hpp>

namespace hyperego {

std::unique_ptr<Evaluator> make_evaluator(const StudySpecification& study, const EvaluatorContext& context) {
  const std::string place = study.where + "/evaluator";
  if (const auto* command = std::get_if<CommandEvaluation>(&study.evaluation)) {
    return command_evaluator(*command, study, context, place);
  }
  if (const auto* slurm = std::get_if<SlurmEvaluation>(&study.evaluation)) {
    return slurm_evaluator(*slurm, study, context, place);
  }
  if (const auto* problem = std::get_if<ProblemEvaluation>(&study.evaluation)) {
    return problem_evaluator(*problem, study.space, place);
  }
  if (const auto* yahpo = std::get_if<YahpoEvaluation>(&study.evaluation)) {
    return yahpo_evaluator(*yahpo, study.space, study.objectives, study.fidelity, place);
  }
  return nullptr;
}

std::vector<std::string> doubts_about_command(const StudySpecification& study) {
  const std::string place = study.where + "/evaluator";
  if (const auto* command = std::get_if<CommandEvaluation>(&study.evaluation)) {
    return detail::doubtful_placeholders(*command, study, place);
  }
  if (const auto* slurm = std::get_if<SlurmEvaluation>(&study.evaluation)) {
    return detail::doubtful_placeholders(slurm->command, study, place);
  }
  return {};
}

}  // namespace hyperego
