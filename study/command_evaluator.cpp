#include <hyperego/core/error.hpp>
#include <hyperego/study/detail/process.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/outcome_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <map>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace hyperego {
namespace {

namespace fs = std::filesystem;
using detail::OwnedDescriptor;
using detail::ProcessResult;

/// The kernel refuses a single argument or variable beyond 128 KiB.
constexpr std::size_t longest_variable = 100000;
constexpr std::size_t message_tail = 500;

bool is_program(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
}

bool can_be_found(const std::string& program, const fs::path& directory) {
  if (program.find('/') != std::string::npos) return is_program(directory / program);
  const char* variable = std::getenv("PATH");
  std::string path = variable != nullptr ? variable : "/bin:/usr/bin";
  for (std::size_t start = 0; start <= path.size();) {
    const std::size_t end = std::min(path.find(':', start), path.size());
    if (is_program((end == start ? fs::path(".") : fs::path(path.substr(start, end - start))) / program)) return true;
    start = end + 1;
  }
  return false;
}

/// Replaces every {name} of a known name, in one pass, so that values are never looked into.
std::string filled(const std::string& text, const std::map<std::string, std::string>& values) {
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = text[i] == '{' ? text.find('}', i) : std::string::npos;
    bool replaced = false;
    // Names may hold braces themselves, so every closing one is tried.
    for (std::size_t close = end; close != std::string::npos && !replaced; close = text.find('}', close + 1)) {
      const auto value = values.find(text.substr(i + 1, close - i - 1));
      if (value == values.end()) continue;
      result += value->second;
      i = close + 1;
      replaced = true;
    }
    if (!replaced) result += text[i++];
  }
  return result;
}

std::string variable_name(const std::string& name) {
  std::string result = "HYPEREGO_";
  for (const char c : name) result += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
  return result;
}

std::string upper_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

/// The last `count` bytes of a file, or all of it.
std::string tail_of(int descriptor, std::size_t count) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) return {};
  const auto size = static_cast<std::size_t>(status.st_size);
  std::string text(std::min(size, count), '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t got =
        ::pread(descriptor, text.data() + done, text.size() - done, static_cast<off_t>(size - text.size() + done));
    if (got <= 0) break;
    done += static_cast<std::size_t>(got);
  }
  text.resize(done);
  return text;
}

std::string trimmed(const std::string& text) {
  const auto blank = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(blank);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string last_line_of(int descriptor) {
  constexpr std::size_t most = std::size_t{64} << 20U;
  for (std::size_t count = 4096;; count *= 16) {
    const std::string tail = tail_of(descriptor, count);
    std::string text = trimmed(tail);
    const std::size_t newline = text.rfind('\n');
    if (newline != std::string::npos) return text.substr(newline + 1);
    if (tail.size() < count || count >= most) return text;
  }
}

class CommandEvaluator final : public Evaluator {
 public:
  CommandEvaluator(CommandEvaluation evaluation, const StudySpecification& study, EvaluatorContext context)
      : evaluation_(std::move(evaluation)), study_(study), context_(std::move(context)) {
    for (char** variable = environ; *variable != nullptr; ++variable) {
      const std::string text = *variable;
      const std::string name = text.substr(0, text.find('='));
      environment_[name] = text.substr(std::min(name.size() + 1, text.size()));
    }
    for (const auto& [name, value] : evaluation_.environment) environment_[name] = value;
  }

  Outcome evaluate(std::uint64_t trial, const Configuration& configuration, std::uint64_t trial_seed) override {
    const OwnedDescriptor output = detail::output_file(log(trial, ".out"));
    const OwnedDescriptor errors = detail::output_file(log(trial, ".err"));
    const auto values = placeholders(trial, configuration, trial_seed);
    detail::ProcessRequest request;
    for (const std::string& argument : evaluation_.command) request.arguments.push_back(filled(argument, values));
    request.environment = environment(trial, configuration, trial_seed);
    request.directory = evaluation_.directory;
    request.input = request_json(trial, configuration, trial_seed).dump() + "\n";
    request.output = output.get();
    request.errors = errors.get();
    request.timeout_s = evaluation_.timeout_s;
    request.grace_s = evaluation_.grace_s;
    request.stop = context_.stop.get();
    return outcome_of(detail::run_process(request), output.get(), errors.get());
  }

 private:
  [[nodiscard]] std::optional<fs::path> log(std::uint64_t trial, const char* suffix) const {
    if (!context_.logs) return std::nullopt;
    return *context_.logs / (std::to_string(trial) + suffix);
  }

  [[nodiscard]] nlohmann::ordered_json request_json(std::uint64_t trial, const Configuration& configuration,
                                                    std::uint64_t seed) const {
    return {{"trial", trial}, {"configuration", study_.space->to_json(configuration)}, {"seed", seed}};
  }

  /// Inactive hyperparameters leave nothing in their place.
  [[nodiscard]] std::map<std::string, std::string> placeholders(std::uint64_t trial, const Configuration& configuration,
                                                                std::uint64_t seed) const {
    std::map<std::string, std::string> values{{"trial", std::to_string(trial)}, {"seed", std::to_string(seed)}};
    for (std::size_t i = 0; i < study_.space->size(); ++i) {
      const Hyperparameter& hyperparameter = (*study_.space)[i];
      values[hyperparameter.name] =
          configuration.is_set(i) ? to_string(hyperparameter.value_of(configuration[i])) : std::string{};
    }
    return values;
  }

  [[nodiscard]] std::vector<std::string> environment(std::uint64_t trial, const Configuration& configuration,
                                                     std::uint64_t seed) const {
    auto variables = environment_;
    for (std::size_t i = 0; i < study_.space->size(); ++i) {
      if (!configuration.is_set(i)) continue;
      const Hyperparameter& hyperparameter = (*study_.space)[i];
      const std::string value = to_string(hyperparameter.value_of(configuration[i]));
      if (value.size() > longest_variable || value.find('\0') != std::string::npos) continue;
      variables[variable_name(hyperparameter.name)] = value;
      variables[upper_case(variable_name(hyperparameter.name))] = value;
    }
    variables["HYPEREGO_TRIAL"] = std::to_string(trial);
    variables["HYPEREGO_SEED"] = std::to_string(seed);
    const std::string json = study_.space->to_json(configuration).dump();
    if (json.size() <= longest_variable) variables["HYPEREGO_CONFIGURATION"] = json;
    std::vector<std::string> result;
    for (const auto& [name, value] : variables) result.push_back(name + "=" + value);
    return result;
  }

  [[nodiscard]] Outcome outcome_of(const ProcessResult& result, int output, int errors) const {
    const auto with_errors = [&](const std::string& message) {
      const std::string tail = trimmed(tail_of(errors, message_tail));
      return tail.empty() ? message : message + ": " + tail;
    };
    switch (result.end) {
      case ProcessResult::End::not_started:
        return {.status = TrialStatus::failed, .message = result.message};
      case ProcessResult::End::no_resources:
        return {.status = TrialStatus::lost, .message = result.message};
      case ProcessResult::End::stopped:
        return {.status = TrialStatus::lost, .message = "it was stopped together with the study"};
      case ProcessResult::End::timed_out:
        return {.status = TrialStatus::timed_out,
                .message = with_errors("it took longer than timeout_s allows and was stopped")};
      case ProcessResult::End::signalled:
        return {.status = TrialStatus::failed,
                .message = with_errors("it was ended by signal " + std::to_string(result.code) + " (" +
                                       ::strsignal(result.code) + ")")};
      case ProcessResult::End::exited:
        break;
    }
    if (result.code != 0) {
      return {.status = TrialStatus::failed,
              .message = with_errors("it ended with exit status " + std::to_string(result.code))};
    }
    Outcome outcome = outcome_from_output(last_line_of(output), study_);
    if (outcome.status == TrialStatus::failed) outcome.message = with_errors(outcome.message);
    return outcome;
  }

  CommandEvaluation evaluation_;
  StudySpecification study_;
  EvaluatorContext context_;
  std::map<std::string, std::string> environment_;
};

/// "{learning_rat}" in an argument is most likely a typing error; braces that resemble no name are the program's own
/// business.
void check_placeholders(const CommandEvaluation& evaluation, const SearchSpace& space, const std::string& where) {
  std::vector<std::string> names{"trial", "seed"};
  for (const Hyperparameter& hyperparameter : space.hyperparameters()) names.push_back(hyperparameter.name);
  for (std::size_t i = 0; i < evaluation.command.size(); ++i) {
    const std::string& argument = evaluation.command[i];
    for (std::size_t open = argument.find('{'); open != std::string::npos; open = argument.find('{', open + 1)) {
      const std::size_t close = argument.find('}', open);
      if (close == std::string::npos) break;
      const std::string name = argument.substr(open + 1, close - open - 1);
      if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) continue;
      const bool is_word = std::all_of(name.begin(), name.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
      });
      const std::string hint = is_word ? did_you_mean(name, names) : std::string{};
      if (!hint.empty()) {
        throw InvalidInput(where + "/command/" + std::to_string(i),
                           "there is no hyperparameter \"" + name + "\"" + hint);
      }
    }
  }
}

}  // namespace

std::unique_ptr<Evaluator> command_evaluator(const CommandEvaluation& evaluation, const StudySpecification& study,
                                             const EvaluatorContext& context, const std::string& where) {
  const std::string& program = evaluation.command.front();
  if (program.find('{') == std::string::npos && !can_be_found(program, evaluation.directory)) {
    throw InvalidInput(where + "/command/0", "the program \"" + program +
                                                 "\" is not found; give its path (relative to " +
                                                 evaluation.directory.string() + ") or install it");
  }
  check_placeholders(evaluation, *study.space, where);
  return std::make_unique<CommandEvaluator>(evaluation, study, context);
}

}  // namespace hyperego
