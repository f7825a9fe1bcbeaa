#include <hyperego/core/error.hpp>
#include <hyperego/study/detail/trial_command.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <cstring>
#include <unistd.h>
#include <utility>

namespace hyperego::detail {
namespace {

namespace fs = std::filesystem;

/// The kernel refuses a single argument or variable beyond 128 KiB.
constexpr std::size_t longest_variable = 100000;
constexpr std::size_t message_tail = 500;

bool is_program(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && ::access(file.c_str(), X_OK) == 0;
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

std::vector<std::string> placeholder_names(const StudySpecification& study) {
  std::vector<std::string> names{"trial", "seed"};
  for (const Hyperparameter& hyperparameter : study.space->hyperparameters()) names.push_back(hyperparameter.name);
  if (study.fidelity) names.push_back(study.fidelity->name);
  if (continues_training(study)) names.insert(names.end(), {"checkpoint_from", "checkpoint_to"});
  return names;
}

/// What looks like a placeholder: {word}. Other braces are the program's own business.
std::vector<std::string> words_in_braces(const std::string& text) {
  std::vector<std::string> words;
  for (std::size_t open = text.find('{'); open != std::string::npos; open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    if (close == std::string::npos) break;
    const std::string word = text.substr(open + 1, close - open - 1);
    const bool is_word = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
    });
    if (is_word) words.push_back(word);
  }
  return words;
}

}  // namespace

TrialCommand::TrialCommand(CommandEvaluation evaluation, const StudySpecification& study, const PendingTrial& trial,
                           const std::optional<Checkpoint>& checkpoint)
    : environment_(std::move(evaluation.environment)) {
  std::map<std::string, std::string> values{{"trial", std::to_string(trial.trial)},
                                            {"seed", std::to_string(trial.seed)}};
  std::map<std::string, std::string> variables;
  std::map<std::string, std::string> in_capitals;
  const auto set = [&](const std::string& name, const std::string& value) {
    values[name] = value;
    if (value.size() > longest_variable || value.find('\0') != std::string::npos) return;
    variables[variable_name(name)] = value;
    in_capitals[upper_case(variable_name(name))] = value;
  };
  for (std::size_t i = 0; i < study.space->size(); ++i) {
    const Hyperparameter& hyperparameter = (*study.space)[i];
    if (trial.configuration.is_set(i)) {
      set(hyperparameter.name, to_string(hyperparameter.value_of(trial.configuration[i])));
    } else {
      values[hyperparameter.name] = {};
    }
  }
  const nlohmann::ordered_json configuration = study.space->to_json(trial.configuration);
  nlohmann::ordered_json input{{"trial", trial.trial}, {"configuration", configuration}};
  if (study.fidelity) {
    input["fidelity"] = fidelity_json(trial, study);
    set(study.fidelity->name, input["fidelity"].at(study.fidelity->name).dump());
  }
  if (checkpoint) {
    const std::string from = checkpoint->from ? checkpoint->from->string() : std::string{};
    input["checkpoint"] = {{"from", nullptr}, {"to", checkpoint->to.string()}};
    if (checkpoint->from) input["checkpoint"]["from"] = from;
    set("checkpoint_from", from);
    set("checkpoint_to", checkpoint->to.string());
  }
  input["seed"] = trial.seed;
  variables.merge(in_capitals);  // "x" in capitals never takes the place of an "X"
  for (auto& [variable, value] : variables) environment_[variable] = std::move(value);
  for (const std::string& argument : evaluation.command) arguments_.push_back(filled(argument, values));
  environment_["HYPEREGO_TRIAL"] = std::to_string(trial.trial);
  environment_["HYPEREGO_SEED"] = std::to_string(trial.seed);
  const std::string text = configuration.dump();
  if (text.size() <= longest_variable) environment_["HYPEREGO_CONFIGURATION"] = text;
  input_ = input.dump() + "\n";
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

void check_placeholders(const CommandEvaluation& evaluation, const StudySpecification& study,
                        const std::string& where) {
  const auto names = placeholder_names(study);
  for (std::size_t i = 0; i < evaluation.command.size(); ++i) {
    for (const std::string& name : words_in_braces(evaluation.command[i])) {
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      const std::string hint = did_you_mean(name, names);
      if (!hint.empty()) {
        throw InvalidInput(where + "/command/" + std::to_string(i),
                           "there is no hyperparameter \"" + name + "\"" + hint);
      }
    }
  }
}

std::vector<std::string> doubtful_placeholders(const CommandEvaluation& evaluation, const StudySpecification& study,
                                               const std::string& where) {
  const SearchSpace& space = *study.space;
  const auto names = placeholder_names(study);
  const auto is_name = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  std::vector<std::string> doubts;
  std::map<std::string, std::string> variables;
  for (const Hyperparameter& hyperparameter : space.hyperparameters()) {
    const auto [first, is_new] = variables.emplace(variable_name(hyperparameter.name), hyperparameter.name);
    if (is_new) continue;
    doubts.push_back(where + "/command: \"" + first->second + "\" and \"" + hyperparameter.name + "\" are both " +
                     first->first + " in the environment, which holds one of them; read the program's input instead");
  }
  for (std::size_t i = 0; i < evaluation.command.size(); ++i) {
    for (const std::string& name : words_in_braces(evaluation.command[i])) {
      const std::string place = where + "/command/" + std::to_string(i) + ": {" + name + "}";
      if (!is_name(name)) {
        doubts.push_back(place + " is no hyperparameter and reaches the program as it stands");
      } else if ((name == "trial" || name == "seed") && space.find(name)) {
        doubts.push_back(place + " is the hyperparameter of that name; the trial's own is in " +
                         upper_case(variable_name(name)));
      }
    }
  }
  for (const auto& [variable, value] : evaluation.environment) {
    for (const std::string& name : words_in_braces(value)) {
      if (!is_name(name)) continue;
      doubts.push_back(where + "/environment/" + variable + ": {" + name +
                       "} is filled in arguments of the command only; the program finds the value in " +
                       variable_name(name));
    }
  }
  return doubts;
}

std::string trimmed(const std::string& text) {
  const auto blank = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(blank);
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of(" \t\r\n\f\v");
  if (end == std::string::npos) return {};
  const std::size_t newline = text.rfind('\n', end);
  return text.substr(newline == std::string::npos ? 0 : newline + 1, end - newline);
}

std::string with_errors(const std::string& message, const std::string& errors) {
  const std::string tail = trimmed(errors.substr(errors.size() - std::min(errors.size(), message_tail)));
  return tail.empty() ? message : message + ": " + tail;
}

std::string signal_message(int signal) {
  const char* name = ::sigdescr_np(signal);
  return "it was ended by signal " + std::to_string(signal) + " (" + (name != nullptr ? name : "unknown") + ")";
}

std::string exit_message(int status) { return "it ended with exit status " + std::to_string(status); }

}  // namespace hyperego::detail
