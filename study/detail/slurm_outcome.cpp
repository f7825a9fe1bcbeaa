#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/detail/slurm_outcome.hpp>
#include <hyperego/study/detail/trial_command.hpp>
#include <hyperego/study/outcome_json.hpp>

namespace hyperego::detail {
namespace {

std::string errors_of(const SlurmTask& task, const std::optional<std::filesystem::path>& logs) {
  const std::filesystem::path file = logs ? *logs / (std::to_string(task.ticket->trial) + ".err")
                                          : task.array->folder / (std::to_string(task.index) + ".err");
  try {
    return read_text_file(file);
  } catch (const InvalidInput&) {
    return {};
  }
}

/// Nothing where the program's own result says more.
std::optional<Outcome> ended_by_slurm(const SlurmTask& task, const std::string& job, const std::string& errors) {
  if (!task.state || (task.result && task.result->status <= 128)) return std::nullopt;
  const SlurmFate fate = task.state->fate;
  const std::string message = with_errors("Slurm ended job " + job + ": " + task.state->state, errors);
  if (fate == SlurmFate::timed_out) return Outcome{.status = TrialStatus::timed_out, .message = message};
  if (fate == SlurmFate::lost) return Outcome{.status = TrialStatus::lost, .message = message};
  if (task.result || fate != SlurmFate::failed) return std::nullopt;
  return Outcome{.status = TrialStatus::failed, .message = message};
}

Outcome outcome_of_result(const TaskResult& result, const CommandEvaluation& evaluation,
                          const StudySpecification& study, const std::string& errors) {
  const auto failed = [&](const std::string& message) {
    return Outcome{.status = TrialStatus::failed, .message = with_errors(message, errors)};
  };
  const auto& timeout = evaluation.timeout_s;
  // timeout(1) says 124, or that it had to kill.
  if (timeout && (result.status == 124 || (result.status == 137 && result.seconds >= *timeout))) {
    return {.status = TrialStatus::timed_out,
            .message = with_errors("it took longer than timeout_s allows and was stopped", errors)};
  }
  if (result.status > 128) return failed(signal_message(result.status - 128));
  if (result.status != 0) return failed(exit_message(result.status));
  Outcome outcome = result.is_file ? outcome_from_result_file(result.output, study)
                                   : outcome_from_output(last_line(result.output), study);
  if (outcome.status == TrialStatus::failed) outcome.message = with_errors(outcome.message, errors);
  return outcome;
}

}  // namespace

Outcome outcome_of(const SlurmTask& task, const CommandEvaluation& evaluation, const StudySpecification& study,
                   const std::optional<std::filesystem::path>& logs) {
  const std::string errors = errors_of(task, logs);
  const std::string job = task.array->job + "_" + std::to_string(task.index);
  if (const auto outcome = ended_by_slurm(task, job, errors)) return *outcome;
  if (!task.result) {
    return {.status = TrialStatus::lost,
            .message = task.state ? "job " + job + " has completed but its result has not appeared"
                                  : "Slurm no longer knows job " + job + ", and it has left no result"};
  }
  Outcome outcome = outcome_of_result(*task.result, evaluation, study, errors);
  outcome.seconds = task.result->seconds;
  return outcome;
}

}  // namespace hyperego::detail
