#include <hyperego/core/error.hpp>
#include <hyperego/study/detail/evaluation_marks.hpp>
#include <hyperego/study/detail/marked_processes.hpp>
#include <hyperego/study/detail/output_capture.hpp>
#include <hyperego/study/detail/process.hpp>
#include <hyperego/study/detail/result_file.hpp>
#include <hyperego/study/detail/trial_command.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/outcome_json.hpp>
#include <hyperego/study/resource_shortage.hpp>

#include <unistd.h>
#include <utility>

namespace hyperego {
namespace {

namespace fs = std::filesystem;
using detail::OutputCapture;
using detail::ProcessResult;

constexpr double bytes_per_mb = 1 << 20;

class CommandEvaluator final : public Evaluator {
 public:
  CommandEvaluator(CommandEvaluation evaluation, const StudySpecification& study, EvaluatorContext context)
      : evaluation_(std::move(evaluation)),
        study_(study),
        context_(std::move(context)),
        marks_(context_.logs, context_.note) {
    for (char** variable = environ; *variable != nullptr; ++variable) {
      const std::string text = *variable;
      const std::string name = text.substr(0, text.find('='));
      environment_[name] = text.substr(std::min(name.size() + 1, text.size()));
    }
    inherited_marks_ = environment_[detail::mark_variable];
  }

  Outcome evaluate(std::uint64_t trial, const Configuration& configuration, std::uint64_t trial_seed) override {
    const detail::TrialCommand command(evaluation_, study_, trial, configuration, trial_seed);
    try {
      const auto limit = output_limit();
      const detail::ResultFile result_file(context_.logs, std::to_string(trial));
      OutputCapture output(log(trial, ".out"), limit);
      OutputCapture errors(log(trial, ".err"), limit);
      detail::ProcessRequest request;
      request.arguments = command.arguments();
      request.mark = marks_.next();
      request.environment = environment(command, request.mark, result_file);
      request.directory = evaluation_.directory;
      request.input = command.input();
      request.output_capture = &output;
      request.error_capture = &errors;
      request.timeout_s = evaluation_.timeout_s;
      request.grace_s = evaluation_.grace_s;
      request.stop = context_.stop.get();
      if (evaluation_.memory_mb) {
        request.memory_limit = static_cast<std::uint64_t>(*evaluation_.memory_mb * bytes_per_mb);
      }
      return outcome_of(detail::run_process(request), output, errors, result_file);
    } catch (const ResourceShortage&) {
      throw;
    } catch (const Error& error) {
      // No room for a log says nothing about the configuration.
      return {.status = TrialStatus::lost, .message = error.what()};
    }
  }

 private:
  [[nodiscard]] std::optional<fs::path> log(std::uint64_t trial, const char* suffix) const {
    if (!context_.logs) return std::nullopt;
    return *context_.logs / (std::to_string(trial) + suffix);
  }

  [[nodiscard]] std::size_t output_limit() const {
    return static_cast<std::size_t>(evaluation_.output_mb * bytes_per_mb);
  }

  [[nodiscard]] std::vector<std::string> environment(const detail::TrialCommand& command, const std::string& mark,
                                                     const detail::ResultFile& result_file) const {
    auto variables = environment_;
    for (const auto& [name, value] : command.environment()) variables[name] = value;
    variables[detail::result_variable] = result_file.path().string();
    variables[detail::mark_variable] = inherited_marks_ + mark;
    std::vector<std::string> result;
    result.reserve(variables.size());
    for (const auto& [name, value] : variables) result.push_back(name + "=" + value);
    return result;
  }

  [[nodiscard]] Outcome outcome_of(const ProcessResult& result, const OutputCapture& output,
                                   const OutputCapture& errors, const detail::ResultFile& result_file) const {
    const auto failed = [&](const std::string& message) {
      return Outcome{.status = TrialStatus::failed, .message = detail::with_errors(message, errors.tail())};
    };
    switch (result.end) {
      case ProcessResult::End::not_started:
        return {.status = TrialStatus::failed, .message = result.message};
      case ProcessResult::End::no_resources:
        fail_to_get("", "no process for the program", result.code);
      case ProcessResult::End::stopped:
        return {.status = TrialStatus::lost, .message = "it was stopped together with the study"};
      case ProcessResult::End::timed_out:
        return {.status = TrialStatus::timed_out,
                .message = detail::with_errors("it took longer than timeout_s allows and was stopped", errors.tail())};
      case ProcessResult::End::signalled:
        return failed(detail::signal_message(result.code));
      case ProcessResult::End::exited:
        break;
    }
    if (result.code != 0) return failed(detail::exit_message(result.code));
    if (const auto written = result_file.read(output_limit())) {
      if (written->size() > output_limit())
        return failed("the file that HYPEREGO_RESULT names is longer than output_mb");
      Outcome outcome = outcome_from_result_file(*written, study_);
      if (outcome.status == TrialStatus::failed) outcome.message = detail::with_errors(outcome.message, errors.tail());
      return outcome;
    }
    const std::string line = detail::last_line(output.tail());
    if (!output.is_whole() && line.size() + 1 >= detail::trimmed(output.tail()).size()) {
      return failed("the last line of its output is longer than what is kept of it; raise output_mb, or print less");
    }
    Outcome outcome = outcome_from_output(line, study_);
    if (outcome.status == TrialStatus::failed) outcome.message = detail::with_errors(outcome.message, errors.tail());
    return outcome;
  }

  CommandEvaluation evaluation_;
  StudySpecification study_;
  EvaluatorContext context_;
  std::map<std::string, std::string> environment_;
  std::string inherited_marks_;
  detail::EvaluationMarks marks_;
};

}  // namespace

std::unique_ptr<Evaluator> command_evaluator(const CommandEvaluation& evaluation, const StudySpecification& study,
                                             const EvaluatorContext& context, const std::string& where) {
  const std::string& program = evaluation.command.front();
  if (program.find('{') == std::string::npos && !detail::can_be_found(program, evaluation.directory)) {
    throw InvalidInput(where + "/command/0", "the program \"" + program +
                                                 "\" is not found; give its path (relative to " +
                                                 evaluation.directory.string() + ") or install it");
  }
  detail::check_placeholders(evaluation, *study.space, where);
  return std::make_unique<CommandEvaluator>(evaluation, study, context);
}

}  // namespace hyperego
