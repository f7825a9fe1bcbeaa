#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/study/specification.hpp>
#include <hyperego/study/study_options.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

ordered_json json_of(const Objective& objective) {
  ordered_json json{{"name", objective.name},
                    {"direction", objective.direction == Direction::maximize ? "maximize" : "minimize"},
                    {"transform", objective.transform == Objective::Transform::log ? "log" : "none"}};
  if (objective.reference) json["reference"] = *objective.reference;
  if (objective.lower || objective.upper) {
    json["bounds"] = {objective.lower ? ordered_json(*objective.lower) : ordered_json(nullptr),
                      objective.upper ? ordered_json(*objective.upper) : ordered_json(nullptr)};
  }
  return json;
}

ordered_json json_of(const Constraint& constraint) {
  ordered_json json{{"name", constraint.name}};
  if (std::isfinite(constraint.lower)) json["lower"] = constraint.lower;
  if (std::isfinite(constraint.upper)) json["upper"] = constraint.upper;
  return json;
}

ordered_json json_of(const Fidelity& fidelity) {
  ordered_json json{{"name", fidelity.name},
                    {"range", {fidelity.least, fidelity.full}},
                    {"integer", fidelity.integer},
                    {"log", fidelity.log},
                    {"training", fidelity.training == Fidelity::Training::continues ? "continues" : "restarts"}};
  if (fidelity.cost_is_measured) {
    json["cost"] = "measured";
  } else if (fidelity.cost_power == 1 && fidelity.cost_setup == 0) {
    json["cost"] = "proportional";
  } else {
    json["cost"] = {{"power", fidelity.cost_power}, {"setup", fidelity.cost_setup}};
  }
  return json;
}

/// What cannot be evaluated at less than full, or leaves nothing to go on from.
void check_evaluator(const StudySpecification& study) {
  const std::string place = study.where + "/fidelity";
  if (std::holds_alternative<ProblemEvaluation>(study.evaluation)) {
    throw InvalidInput(place, "built-in problems have no fidelity; remove it, or take another evaluator");
  }
}

/// Where what is measured would not be the trial's own.
void check_measurement(const StudySpecification& study) {
  const CommandEvaluation* command = command_of(study.evaluation);
  if (command == nullptr || !command->measure.is_any()) return;
  const std::string place = study.where + "/evaluator/measure";
  if (std::holds_alternative<SlurmEvaluation>(study.evaluation)) {
    throw InvalidInput(place, "tasks of Slurm run elsewhere, where nothing is measured; remove it");
  }
  if (command->measure.energy && study.workers > 1) {
    throw InvalidInput(place + "/energy_j", "counters of the machine cannot tell " + std::to_string(study.workers) +
                                                " trials at the same time apart; set \"workers\" to 1, or remove it");
  }
  if (!continues_training(study)) return;
  const std::vector<std::string> names = command->measure.names();
  for (const Objective& objective : study.objectives) {
    if (std::find(names.begin(), names.end(), objective.name) == names.end()) continue;
    throw InvalidInput(place, "\"" + objective.name +
                                  "\" of a trial that goes on from a checkpoint is that of its last "
                                  "part only; let training restart, or name the objective otherwise");
  }
}

void check_fidelity(const StudySpecification& study, const std::set<std::string>& names) {
  if (!study.fidelity) {
    if (study.limits.cost) {
      throw InvalidInput(study.where + "/limits/cost",
                         "is in full evaluations, and the study has no \"fidelity\"; add one, or limit \"trials\"");
    }
    return;
  }
  const std::string place = study.where + "/fidelity";
  study.fidelity->validate(place);
  const std::string& name = study.fidelity->name;
  if (study.space->find(name)) {
    throw InvalidInput(place + "/name", "\"" + name +
                                            "\" is a hyperparameter as well, which cannot be both searched and chosen "
                                            "by cost; remove it from the space, or name another fidelity");
  }
  if (names.count(name) > 0) {
    throw InvalidInput(place + "/name", "\"" + name + "\" is an objective or a constraint as well; rename one of them");
  }
  for (const char* word : {"trial", "seed", "checkpoint_from", "checkpoint_to"}) {
    if (name == word)
      throw InvalidInput(place + "/name", "\"" + name + "\" has a meaning of its own; take another name");
  }
  check_evaluator(study);
}

struct EvaluationJson {
  ordered_json operator()(const ExternalEvaluation&) const { return {{"external", true}}; }
  ordered_json operator()(const CommandEvaluation& evaluation) const {
    const ordered_json options = json_of_options(evaluation);
    ordered_json json{{"command", evaluation.command},
                      {"timeout_s", options.at("timeout_s")},
                      {"grace_s", options.at("grace_s")},
                      {"directory", evaluation.directory.string()},
                      {"environment", evaluation.environment}};
    // Younger than the format: left out at their defaults, so that the study.json of an older run reads the same.
    if (evaluation.memory_mb) json["memory_mb"] = *evaluation.memory_mb;
    if (!evaluation.began_with.empty()) json["began_with"] = evaluation.began_with;
    if (evaluation.output_mb != CommandEvaluation{}.output_mb) json["output_mb"] = evaluation.output_mb;
    if (evaluation.measure.is_any()) {
      json["measure"] = json_of_options(evaluation.measure);
      json["measure"]["powercap_root"] = evaluation.measure.powercap_root.string();
    }
    if (evaluation.keep_checkpoints) json["keep_checkpoints"] = true;
    return json;
  }
  ordered_json operator()(const SlurmEvaluation& evaluation) const {
    ordered_json options = ordered_json::object();
    for (const auto& [name, value] : evaluation.options) {
      options[name] = value.empty() ? ordered_json(true) : ordered_json(value);
    }
    ordered_json json{{"slurm", options}};
    json.update((*this)(evaluation.command));
    json["cancel_on_interrupt"] = evaluation.cancel_on_interrupt;
    return json;
  }
  ordered_json operator()(const ProblemEvaluation& evaluation) const {
    ordered_json json{{"problem", evaluation.problem}};
    json.update(json_of_options(evaluation));
    // Younger than the format, as above.
    if (!evaluation.relevant) json.erase("relevant");
    if (evaluation.shift == 0) json.erase("shift");
    return json;
  }
  ordered_json operator()(const YahpoEvaluation& evaluation) const {
    ordered_json json{
        {"yahpo", evaluation.scenario}, {"instance", evaluation.instance}, {"objectives", evaluation.objectives}};
    json["fidelity"] = ordered_json::object();
    for (const auto& [name, value] : evaluation.fidelity) json["fidelity"][name] = to_json(value);
    if (evaluation.data) json["data"] = evaluation.data->string();
    return json;
  }
};

/// All names that are taken.
std::set<std::string> check_names(const StudySpecification& study, const std::string& where) {
  std::set<std::string> names;
  for (const Hyperparameter& hyperparameter : study.space->hyperparameters()) names.insert(hyperparameter.name);
  const auto check = [&](const std::string& name, const std::string& place) {
    if (name.empty()) throw InvalidInput(place, "a name is empty; give every objective and constraint one");
    if (!names.insert(name).second) {
      throw InvalidInput(place,
                         "the name \"" + name +
                             "\" is used twice among hyperparameters, objectives and constraints; rename one of them");
    }
  };
  for (std::size_t i = 0; i < study.objectives.size(); ++i) {
    check(study.objectives[i].name, where + "/objectives/" + std::to_string(i));
  }
  for (std::size_t i = 0; i < study.constraints.size(); ++i) {
    check(study.constraints[i].name, where + "/constraints/" + std::to_string(i));
  }
  return names;
}

}  // namespace

void StudySpecification::validate() const {
  if (space == nullptr) throw InvalidInput(where + "/space", "is missing; describe the hyperparameters");
  if (space->size() == 0) throw InvalidInput(where + "/space", "has no hyperparameters; add at least one");
  if (objectives.empty()) throw InvalidInput(where + "/objectives", "there is no objective; name at least one");
  check_fidelity(*this, check_names(*this, where));
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    const Objective& objective = objectives[i];
    if (objective.lower && objective.upper && !(*objective.lower < *objective.upper)) {
      throw InvalidInput(where + "/objectives/" + std::to_string(i) + "/bounds",
                         "the lower one must be less than the upper one");
    }
    const std::string place = where + "/objectives/" + std::to_string(i) + "/reference";
    if (!objective.reference) continue;
    if (!std::isfinite(*objective.reference)) throw InvalidInput(place, "must be a finite number");
    if (objective.transform == Objective::Transform::log && *objective.reference <= 0) {
      throw InvalidInput(place, "must be above 0, as the objective is on a log scale");
    }
  }
  for (std::size_t i = 0; i < constraints.size(); ++i) {
    const Constraint& constraint = constraints[i];
    const std::string place = where + "/constraints/" + std::to_string(i);
    if (!(constraint.lower <= constraint.upper)) throw InvalidInput(place, "lower must not exceed upper");
    if (std::isinf(constraint.lower) && std::isinf(constraint.upper))
      throw InvalidInput(place, "needs lower, upper or both");
  }
  for (std::size_t i = 0; i < initial_configurations.size(); ++i) {
    const Legality legality = space->check(initial_configurations[i]);
    if (!legality) throw InvalidInput(where + "/initial_configurations/" + std::to_string(i), legality.reason);
  }
  check_options_of(limits, where + "/limits");
  check_options_of(*this, where);
  if (const CommandEvaluation* command = command_of(evaluation)) {
    if (command->command.empty() || command->command.front().empty()) {
      throw InvalidInput(where + "/evaluator/command", "names no program");
    }
    check_options_of(*command, where + "/evaluator");
    check_measurement(*this);
  }
}

std::vector<std::string> Measurement::names() const {
  std::vector<std::string> names;
  if (seconds) names = {"seconds", "processor_seconds", "peak_memory_mb"};
  if (energy) names.insert(names.end(), {"energy_j", "energy_total_j"});
  return names;
}

const CommandEvaluation* command_of(const Evaluation& evaluation) {
  if (const auto* slurm = std::get_if<SlurmEvaluation>(&evaluation)) return &slurm->command;
  return std::get_if<CommandEvaluation>(&evaluation);
}

CommandEvaluation* command_of(Evaluation& evaluation) {
  if (auto* slurm = std::get_if<SlurmEvaluation>(&evaluation)) return &slurm->command;
  return std::get_if<CommandEvaluation>(&evaluation);
}

ordered_json to_json(const StudySpecification& study) {
  ordered_json json{{"hyperego", 1}, {"name", study.name}, {"space", to_configspace_json(*study.space)}};
  json["objectives"] = ordered_json::array();
  for (const Objective& objective : study.objectives) json["objectives"].push_back(json_of(objective));
  json["constraints"] = ordered_json::array();
  for (const Constraint& constraint : study.constraints) json["constraints"].push_back(json_of(constraint));
  if (study.fidelity) json["fidelity"] = json_of(*study.fidelity);
  json["evaluator"] = std::visit(EvaluationJson{}, study.evaluation);
  json["initial_configurations"] = ordered_json::array();
  for (const Configuration& configuration : study.initial_configurations) {
    json["initial_configurations"].push_back(study.space->to_json(configuration));
  }
  // Younger than the format: left out where there is none, so that older studies stay what they are.
  for (const auto& directory : study.warm_start) json["warm_start"].push_back(directory.string());
  json["optimizer"] = study.optimizer ? *study.optimizer : ordered_json::object();
  json["limits"] = json_of_options(study.limits);
  if (!study.limits.cost) json["limits"].erase("cost");
  json.update(json_of_options(study));
  return json;
}

ordered_json identity_json(const StudySpecification& study) {
  ordered_json json = to_json(study);
  for (const char* member : {"limits", "workers", "synchronous", "threads", "max_failures"}) json.erase(member);
  for (const char* member : {"timeout_s", "grace_s", "directory", "environment", "memory_mb", "output_mb",
                             "keep_checkpoints", "slurm", "cancel_on_interrupt", "data"})
    json["evaluator"].erase(member);
  if (const CommandEvaluation* command = command_of(study.evaluation); command && !command->began_with.empty()) {
    json["evaluator"]["command"] = command->began_with;
    json["evaluator"].erase("began_with");
  }
  // Places may change, and what was taken from them is kept.
  for (std::size_t i = 0; i < study.warm_start.size(); ++i) {
    json["warm_start"][i] = study.warm_start[i].filename().string();
  }
  return json;
}

std::string identity(const StudySpecification& study) { return digest(identity_json(study).dump()); }

bool continues_training(const StudySpecification& study) {
  return study.fidelity && study.fidelity->has_choice() && study.fidelity->training == Fidelity::Training::continues;
}

OptimizationProblem optimization_problem(const StudySpecification& study) {
  const bool has_choice = study.fidelity && study.fidelity->has_choice();
  return {.space = study.space,
          .objectives = study.objectives,
          .initial_configurations = study.initial_configurations,
          .budget = study.limits.trials,
          .seed = study.seed,
          .constraints = study.constraints,
          .fidelity = has_choice ? study.fidelity : std::nullopt,
          .cost_budget = study.limits.cost};
}

std::string folder_name(const std::string& study_name) {
  std::string name;
  for (const char c : study_name) {
    const bool keeps = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
    if (keeps) {
      name += c;
    } else if (name.empty() || name.back() != '-') {
      name += '-';
    }
  }
  constexpr std::size_t longest = 100;  // file systems take names of 255 bytes, and a seed follows
  if (name.size() > longest) name = name.substr(0, longest) + "-" + digest(study_name);
  return name.find_first_not_of(".-") == std::string::npos ? "study" : name;
}

std::string digest(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result(16, '0');
  for (std::size_t i = 0; i < 16; ++i) result[i] = digits[hash >> (60 - 4 * i) & 15U];
  return result;
}

}  // namespace hyperego
