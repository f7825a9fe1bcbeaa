#include <hyperego/core/error.hpp>
#include <hyperego/study/detail/checkpoints.hpp>
#include <hyperego/study/detail/evaluation_marks.hpp>
#include <hyperego/study/detail/marked_processes.hpp>
#include <hyperego/study/detail/output_capture.hpp>
#include <hyperego/study/detail/powercap.hpp>
#include <hyperego/study/detail/process.hpp>
#include <hyperego/study/detail/result_file.hpp>
#include <hyperego/study/detail/trial_command.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/outcome_json.hpp>
#include <hyperego/study/resource_shortage.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string_view>
#include <thread>
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
    if (context_.checkpoints && continues_training(study_)) checkpoints_.emplace(*context_.checkpoints);
    for (char** variable = environ; *variable != nullptr; ++variable) {
      const std::string text = *variable;
      const std::string name = text.substr(0, text.find('='));
      environment_[name] = text.substr(std::min(name.size() + 1, text.size()));
    }
    inherited_marks_ = environment_[detail::mark_variable];
  }

  Outcome evaluate(std::uint64_t trial, const Configuration& configuration, std::uint64_t trial_seed) override {
    EvaluationChannel nobody;
    return run({trial, configuration, trial_seed}, nobody);
  }

  Outcome run(const PendingTrial& trial, EvaluationChannel& channel) override {
    try {
      const auto checkpoint = checkpoints_ ? std::optional(checkpoints_->prepared(trial)) : std::nullopt;
      const detail::TrialCommand command(evaluation_, study_, trial, checkpoint);
      const detail::ResultFile result_file(context_.logs, std::to_string(trial.trial));
      OutputCapture output(log(trial.trial, ".out"), output_limit());
      OutputCapture errors(log(trial.trial, ".err"), output_limit());
      std::string fault;  // of the first report that is none
      if (study_.fidelity) output.listen(reporter(channel, fault));
      const detail::ProcessRequest request = request_for(command, result_file, output, errors, channel);
      watch_idle_machine();
      const auto energy = window();
      const auto start = std::chrono::steady_clock::now();
      const ProcessResult result = detail::run_process(request);
      const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      const auto measured = measurements(result, seconds, energy.get());
      Outcome outcome = outcome_of(result, output, errors, result_file, measured);
      for (const auto& [name, value] : measured) {
        if (!is_asked_for(name)) outcome.measured[name] = value;
      }
      if (trial.continues && checkpoint && !checkpoint->from) {
        add_remark(outcome, "the checkpoint of trial " + std::to_string(*trial.continues) +
                                " is gone, so it was trained from the beginning");
      }
      if (!fault.empty()) add_remark(outcome, fault);
      return outcome;
    } catch (const ResourceShortage&) {
      throw;
    } catch (const Error& error) {
      // No room for a log says nothing about the configuration.
      return {.status = TrialStatus::lost, .message = error.what()};
    }
  }

 private:
  static void add_remark(Outcome& outcome, const std::string& remark) {
    outcome.message += (outcome.message.empty() ? "" : "; ") + remark;
  }

  [[nodiscard]] std::function<void(std::string_view)> reporter(EvaluationChannel& channel, std::string& fault) const {
    const auto start = std::chrono::steady_clock::now();
    return [this, &channel, &fault, start](std::string_view line) {
      std::string why;
      auto report = report_from_line(line, study_, why);
      if (fault.empty()) fault = why;
      if (!report) return;
      report->seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
      channel.report(*report);
    };
  }

  [[nodiscard]] detail::ProcessRequest request_for(const detail::TrialCommand& command,
                                                   const detail::ResultFile& result_file, OutputCapture& output,
                                                   OutputCapture& errors, const EvaluationChannel& channel) {
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
    request.own_stop = channel.stop();
    if (evaluation_.memory_mb) {
      request.memory_limit = static_cast<std::uint64_t>(*evaluation_.memory_mb * bytes_per_mb);
    }
    return request;
  }

  /// Once, before anything runs.
  void watch_idle_machine() {
    const Measurement& measure = evaluation_.measure;
    if (!measure.energy || idle_watts_) return;
    idle_watts_ = 0;
    if (measure.idle_s == 0) return;
    const auto idle = window();
    std::this_thread::sleep_for(std::chrono::duration<double>(measure.idle_s));
    idle_watts_ = idle->finish() / measure.idle_s;
  }

  [[nodiscard]] std::unique_ptr<detail::EnergyWindow> window() const {
    const Measurement& measure = evaluation_.measure;
    if (!measure.energy) return nullptr;
    return std::make_unique<detail::EnergyWindow>(measure.powercap_root, measure.period_s);
  }

  [[nodiscard]] std::map<std::string, double> measurements(const ProcessResult& result, double seconds,
                                                           detail::EnergyWindow* energy) const {
    std::map<std::string, double> measured;
    if (evaluation_.measure.seconds) {
      measured["seconds"] = seconds;
      measured["processor_seconds"] = result.processor_seconds;
      measured["peak_memory_mb"] = result.peak_memory_mb;
    }
    if (energy != nullptr) {
      const double joules = energy->finish();
      measured["energy_total_j"] = joules;
      measured["energy_j"] = std::max(0.0, joules - idle_watts_.value_or(0) * seconds);
    }
    return measured;
  }

  [[nodiscard]] bool is_asked_for(const std::string& name) const {
    const auto is_named = [&](const auto& thing) { return thing.name == name; };
    return std::any_of(study_.objectives.begin(), study_.objectives.end(), is_named) ||
           std::any_of(study_.constraints.begin(), study_.constraints.end(), is_named);
  }

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
                                   const OutputCapture& errors, const detail::ResultFile& result_file,
                                   const std::map<std::string, double>& measured) const {
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
      case ProcessResult::End::cut_short:
        return {.status = TrialStatus::stopped, .message = "it was not worth going on with"};
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
      Outcome outcome = outcome_from_result_file(*written, study_, measured);
      if (outcome.status == TrialStatus::failed) outcome.message = detail::with_errors(outcome.message, errors.tail());
      return outcome;
    }
    const std::string line = detail::last_line(output.tail());
    if (!output.is_whole() && line.size() + 1 >= detail::trimmed(output.tail()).size()) {
      return failed("the last line of its output is longer than what is kept of it; raise output_mb, or print less");
    }
    Outcome outcome = outcome_from_output(line, study_, measured);
    if (outcome.status == TrialStatus::failed) outcome.message = detail::with_errors(outcome.message, errors.tail());
    return outcome;
  }

  CommandEvaluation evaluation_;
  StudySpecification study_;
  EvaluatorContext context_;
  std::optional<detail::Checkpoints> checkpoints_;
  std::optional<double> idle_watts_;  // where joules are measured: by the one worker alone
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
  detail::check_placeholders(evaluation, study, where);
  if (evaluation.measure.energy) {
    try {
      (void)detail::PowercapCounters(evaluation.measure.powercap_root);
    } catch (const Error& error) {
      throw InvalidInput(where + "/measure/energy_j", error.what());
    }
  }
  return std::make_unique<CommandEvaluator>(evaluation, study, context);
}

}  // namespace hyperego
