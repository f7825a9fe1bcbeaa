#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/study/evaluators.hpp>
#include <hyperego/study/specification.hpp>
#include <hyperego/study/study_options.hpp>
#include <hyperego/yahpo_bridge/catalogue.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace hyperego {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

fs::path absolute_path(const std::string& text, const fs::path& folder) {
  const fs::path path = fs::absolute(folder.empty() ? fs::path(".") : folder) / text;
  std::error_code error;  // a path too long for the system, or a circle of links: whoever uses it complains
  const fs::path canonical = fs::weakly_canonical(path, error);
  return error ? path.lexically_normal() : canonical;
}

/// The members of a command evaluator that are no numbers.
void read_command(const JsonReader& reader, const fs::path& folder, CommandEvaluation& evaluation) {
  const JsonReader command = reader.member("command");
  evaluation.command = command.strings();
  if (evaluation.command.empty() || evaluation.command.front().empty()) {
    command.fail("names no program; expected [\"program\", \"argument\", …]");
  }
  for (const std::string& argument : evaluation.command) {
    if (argument.find('\0') != std::string::npos)
      command.fail("an argument holds a zero byte, which no program can be given");
  }
  const auto synonym = reader.find("working_directory");
  if (synonym && reader.find("directory")) {
    synonym->fail("means the same as \"directory\", which is there as well; remove one of them");
  }
  evaluation.directory = absolute_path(synonym ? synonym->string() : reader.string_or("directory", "."), folder);
  if (const auto first = reader.find("began_with")) evaluation.began_with = first->strings();
  if (const auto environment = reader.find("environment")) {
    for (const auto& [name, value] : environment->members()) {
      if (name.empty() || name.find('=') != std::string::npos || name.find('\0') != std::string::npos) {
        value.fail("\"" + name + "\" cannot be the name of an environment variable");
      }
      if (value.string().find('\0') != std::string::npos) value.fail("holds a zero byte, which no variable can");
      evaluation.environment[name] = value.string();
    }
  }
}

/// "partition": "gpu", "nodes": 1, "exclusive": true → options of sbatch.
std::vector<std::pair<std::string, std::string>> read_sbatch_options(const JsonReader& reader) {
  const std::set<std::string> ours{"array", "a",     "parsable", "job-name", "J",       "output",
                                   "o",     "error", "e",        "wrap",     "wait",    "W",
                                   "input", "i",     "help",     "usage",    "version", "test-only"};
  std::vector<std::pair<std::string, std::string>> options;
  for (const auto& [name, value] : reader.members()) {
    const bool is_option =
        !name.empty() && name.front() != '-' &&
        name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") == std::string::npos;
    if (!is_option) value.fail("is no option of sbatch; write its long name without the dashes in front");
    if (ours.count(name) > 0) value.fail("is an option that hyperego sets itself; remove it");
    if (value.json().is_boolean()) {
      if (value.boolean()) options.emplace_back(name, "");
      continue;
    }
    const std::string text =
        value.is_string() ? value.string() : to_string(value_from_json(value.json(), value.where()));
    if (text.empty() || text.find_first_of(std::string("\0\n", 2)) != std::string::npos) {
      value.fail("expected text, a number, or true for an option without a value");
    }
    options.emplace_back(name, text);
  }
  return options;
}

SlurmEvaluation read_slurm(const JsonReader& reader, const fs::path& folder) {
  SlurmEvaluation evaluation;
  read_options(reader, options_of(evaluation),
               {"slurm", "command", "directory", "working_directory", "environment", "began_with"});
  read_command(reader, folder, evaluation.command);
  for (const auto& [name, value] : evaluation.command.environment) {
    const bool is_name = name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
                             std::string::npos &&
                         (name.front() < '0' || name.front() > '9');
    if (!is_name) reader.member("environment").fail("\"" + name + "\" is a name that no shell can export to a job");
  }
  evaluation.options = read_sbatch_options(reader.member("slurm"));
  return evaluation;
}

ProblemEvaluation read_problem(const JsonReader& reader) {
  ProblemEvaluation evaluation;
  read_options(reader, options_of(evaluation), {"problem"});
  evaluation.problem = reader.member("problem").string();
  return evaluation;
}

/// Instances and the values of categorical fidelities are strings, but people write numbers.
Value scalar(const JsonReader& reader) { return value_from_json(reader.json(), reader.where()); }

YahpoEvaluation read_yahpo(const JsonReader& reader, const fs::path& folder) {
  reader.allow_members({"yahpo", "instance", "objectives", "fidelity", "data"});
  YahpoEvaluation evaluation;
  evaluation.scenario = reader.member("yahpo").string();
  evaluation.instance = to_string(scalar(reader.member("instance")));
  if (const auto objectives = reader.find("objectives")) {
    evaluation.objectives = objectives->strings();
    if (evaluation.objectives.empty()) objectives->fail("there is no objective; name at least one");
    std::set<std::string> seen;
    for (const std::string& name : evaluation.objectives) {
      if (!seen.insert(name).second) objectives->fail("\"" + name + "\" is named twice; remove one of them");
    }
  }
  if (const auto fidelity = reader.find("fidelity")) {
    for (const auto& [name, value] : fidelity->members()) evaluation.fidelity.emplace_back(name, scalar(value));
  }
  if (const auto data = reader.find("data")) evaluation.data = absolute_path(data->string(), folder);
  evaluation.scenario =
      yahpo_scenario_at_hand(evaluation.data ? evaluation.data->string() : std::string{}, evaluation.scenario);
  return evaluation;
}

Evaluation read_evaluation(const JsonReader& reader, const fs::path& folder) {
  std::vector<std::string> kinds;
  if (reader.find("slurm")) return read_slurm(reader, folder);
  for (const char* kind : {"command", "problem", "yahpo", "external"}) {
    if (reader.find(kind)) kinds.emplace_back(kind);
  }
  if (kinds.size() > 1)
    reader.fail("has both \"" + kinds[0] + "\" and \"" + kinds[1] + "\"; keep the one that is meant");
  if (kinds.empty()) {
    for (const auto& [name, member] : reader.members()) {
      member.fail("unknown member" +
                  expected_name(name, std::vector<std::string>{"command", "slurm", "problem", "yahpo", "external"}));
    }
    reader.fail("is empty; expected one of \"command\", \"slurm\", \"problem\", \"yahpo\", \"external\"");
  }
  if (kinds[0] == "command") {
    CommandEvaluation evaluation;
    read_options(reader, options_of(evaluation),
                 {"command", "directory", "working_directory", "environment", "began_with"});
    read_command(reader, folder, evaluation);
    return evaluation;
  }
  if (kinds[0] == "problem") return read_problem(reader);
  if (kinds[0] == "yahpo") return read_yahpo(reader, folder);
  reader.allow_members({"external"});
  if (!reader.member("external").boolean())
    reader.member("external").fail("expected true, or another evaluator instead");
  return ExternalEvaluation{};
}

/// The space and objectives that the evaluator brings; nothing for commands and external evaluation.
std::optional<EvaluatorDomain> domain_of(const Evaluation& evaluation, const std::string& where) {
  if (const auto* problem = std::get_if<ProblemEvaluation>(&evaluation)) return problem_domain(*problem, where);
  if (const auto* yahpo = std::get_if<YahpoEvaluation>(&evaluation)) return yahpo_domain(*yahpo, where);
  return std::nullopt;
}

std::shared_ptr<const SearchSpace> read_space(const JsonReader& study, const fs::path& folder,
                                              const std::optional<EvaluatorDomain>& domain,
                                              std::vector<std::string>& remarks) {
  const auto reader = study.find("space");
  if (!reader) {
    if (!domain) study.fail("member \"space\" is missing");
    return domain->space;
  }
  const fs::path file = reader->is_string() ? folder / reader->string() : fs::path();
  const std::string where = reader->is_string() ? file.string() : reader->where();
  std::vector<std::string> passed_over;
  SearchSpace space =
      space_from_configspace_json(reader->is_string() ? read_json_file(file) : reader->json(), where, &passed_over);
  if (!passed_over.empty()) remarks.push_back(where + ": " + remark_on(passed_over));
  if (domain && to_configspace_json(space) != to_configspace_json(*domain->space)) {
    reader->fail("differs from the space that the evaluator brings; remove it");
  }
  return std::make_shared<const SearchSpace>(std::move(space));
}

/// `known`: the objectives that the evaluator can give, which then must be among them and agree in direction.
Objective read_objective(const JsonReader& reader, const std::optional<EvaluatorDomain>& domain) {
  Objective objective;
  if (reader.is_string()) {
    objective.name = reader.string();
  } else {
    reader.allow_members({"name", "direction", "transform", "reference", "bounds"});
    objective.name = reader.member("name").string();
  }
  std::optional<Direction> known;
  if (domain) {
    std::vector<std::string> names;
    for (const Objective& candidate : domain->objectives) {
      names.push_back(candidate.name);
      if (candidate.name == objective.name) known = candidate.direction;
    }
    if (!known) {
      reader.fail("the evaluator has no objective \"" + objective.name + "\"" + expected_name(objective.name, names));
    }
    objective.direction = *known;
  }
  if (reader.is_string()) return objective;
  if (const auto direction = reader.find("direction")) {
    objective.direction =
        direction->word({"minimize", "maximize"}) == "maximize" ? Direction::maximize : Direction::minimize;
    if (known && *known != objective.direction) {
      direction->fail("\"" + objective.name + "\" is to be " +
                      (*known == Direction::maximize ? "maximized" : "minimized") +
                      " according to its evaluator; remove \"direction\"");
    }
  }
  if (const auto transform = reader.find("transform")) {
    if (transform->word({"none", "log"}) == "log") objective.transform = Objective::Transform::log;
  }
  if (const auto reference = reader.find("reference")) objective.reference = reference->number();
  if (const auto bounds = reader.find("bounds")) {
    const auto ends = bounds->elements();
    if (ends.size() != 2) bounds->fail("must be [lower, upper], either of which may be null");
    if (!ends[0].json().is_null()) objective.lower = ends[0].number();
    if (!ends[1].json().is_null()) objective.upper = ends[1].number();
  }
  return objective;
}

/// The names that the evaluator itself is asked for: those of a YAHPO evaluator, all of a built-in problem's.
std::vector<std::string> names_from(const Evaluation& evaluation, const std::optional<EvaluatorDomain>& domain) {
  if (const auto* yahpo = std::get_if<YahpoEvaluation>(&evaluation)) return yahpo->objectives;
  std::vector<std::string> names;
  if (domain) {
    for (const Objective& objective : domain->objectives) names.push_back(objective.name);
  }
  return names;
}

std::vector<Objective> read_objectives(const JsonReader& study, const Evaluation& evaluation,
                                       const std::optional<EvaluatorDomain>& domain) {
  const std::vector<std::string> named = names_from(evaluation, domain);
  const auto reader = study.find("objectives");
  std::vector<Objective> objectives;
  if (reader) {
    for (const JsonReader& element : reader->elements()) {
      objectives.push_back(read_objective(element, domain));
      const auto same = [&](const Objective& other) { return other.name == objectives.back().name; };
      if (std::count_if(objectives.begin(), objectives.end(), same) > 1) {
        element.fail("objective \"" + objectives.back().name + "\" is given twice; remove one of them");
      }
      if (!named.empty() && std::find(named.begin(), named.end(), objectives.back().name) == named.end()) {
        element.fail("the evaluator is not asked for \"" + objectives.back().name +
                     "\"; name the same objectives in both places");
      }
    }
    if (objectives.empty()) reader->fail("there is no objective; name at least one");
    for (const std::string& name : named) {
      const auto same = [&](const Objective& objective) { return objective.name == name; };
      if (std::none_of(objectives.begin(), objectives.end(), same)) {
        reader->fail("\"" + name + "\" is missing, which the evaluator gives; name the same objectives in both places");
      }
    }
    return objectives;
  }
  if (named.empty()) study.fail("there is no objective; name at least one in \"objectives\"");
  for (std::size_t i = 0; i < named.size(); ++i) {
    const ordered_json name = named[i];
    const bool is_yahpo = std::holds_alternative<YahpoEvaluation>(evaluation);
    objectives.push_back(read_objective(
        JsonReader(name, study.where() + "/evaluator" + (is_yahpo ? "/objectives/" + std::to_string(i) : "")), domain));
  }
  return objectives;
}

Constraint read_constraint(const JsonReader& reader) {
  reader.allow_members({"name", "lower", "upper"});
  Constraint constraint{.name = reader.member("name").string()};
  if (const auto lower = reader.find("lower")) constraint.lower = lower->number();
  if (const auto upper = reader.find("upper")) constraint.upper = upper->number();
  return constraint;
}

/// Where the evaluator knows the fidelity, its domain is what is left out of "range", "integer" and "log".
std::optional<Fidelity> read_fidelity(const JsonReader& study, const Evaluation& evaluation, StudySource source) {
  const auto reader = study.find("fidelity");
  if (!reader) return std::nullopt;
  Fidelity fidelity;
  const auto* yahpo = std::get_if<YahpoEvaluation>(&evaluation);
  if (yahpo != nullptr && source == StudySource::user) {
    const JsonReader name = reader->member("name");
    for (const auto& [fixed, value] : yahpo->fidelity) {
      if (fixed == name.string()) {
        name.fail("is fixed by the evaluator's own \"fidelity\"; remove it there");
      }
    }
    fidelity = yahpo_fidelity(*yahpo, name.string(), name.where());
  } else {
    for (const char* member : {"name", "range"}) (void)reader->member(member);
  }
  const Fidelity domain = fidelity;
  read_options(*reader, options_of(fidelity));
  if (yahpo != nullptr && source == StudySource::user) {
    if (fidelity.least < domain.least || fidelity.full > domain.full) {
      reader->member("range").fail("reaches beyond [" + number_text(domain.least, 6) + ", " +
                                   number_text(domain.full, 6) + "], which YAHPO has");
    }
    if (domain.integer && !fidelity.integer) reader->member("integer").fail("YAHPO has whole numbers only");
  }
  return fidelity;
}

/// The cost is the limit then: as many trials as the cheapest allow.
std::uint64_t most_trials(const Fidelity& fidelity, double cost) {
  const double cheapest = std::max(fidelity.declared_cost(fidelity.least), 1e-4);
  return static_cast<std::uint64_t>(std::clamp(std::ceil(cost / cheapest), 1.0, 1e6));
}

Limits read_limits(const JsonReader& study, const std::optional<Fidelity>& fidelity) {
  auto reader = study.find("limits");
  if (const auto synonym = study.find("budget")) {
    if (reader) synonym->fail("means the same as \"limits\", which is there as well; remove one of them");
    reader = synonym;
  }
  Limits limits;
  if (!reader) return limits;
  const std::vector<Option> options = options_of(limits);
  if (reader->is_number()) {
    read_option(*reader, options.front());  // of trials
  } else {
    read_options(*reader, options);
    if (limits.cost && fidelity && !reader->find("trials")) limits.trials = most_trials(*fidelity, *limits.cost);
  }
  return limits;
}

std::shared_ptr<const ordered_json> read_optimizer(const JsonReader& study) {
  const auto reader = study.find("optimizer");
  ordered_json options = ordered_json::object();
  if (reader && reader->is_string()) {
    options["name"] = reader->string();
  } else if (reader) {
    (void)reader->members();  // must be an object; make_optimizer() checks what is in it
    options = reader->json();
  }
  return std::make_shared<const ordered_json>(std::move(options));
}

void apply(const StudyOverrides& overrides, StudySpecification& study) {
  if (overrides.trials) study.limits.trials = *overrides.trials;
  if (overrides.workers) study.workers = *overrides.workers;
  if (overrides.threads) study.threads = *overrides.threads;
  if (overrides.seed) study.seed = *overrides.seed;
}

/// A file as run says everything itself.
std::optional<EvaluatorDomain> domain_for(const JsonReader& reader, const Evaluation& evaluation, StudySource source) {
  if (source == StudySource::recorded && reader.find("space") && reader.find("objectives")) return std::nullopt;
  return domain_of(evaluation, reader.where() + "/evaluator");
}

}  // namespace

StudySpecification study_from_json(const ordered_json& json, const std::string& where, const fs::path& folder,
                                   const StudyOverrides& overrides, StudySource source) {
  const JsonReader reader(json, where);
  StudySpecification study;
  read_options(reader, options_of(study),
               {"hyperego", "name", "space", "objectives", "constraints", "fidelity", "evaluator",
                "initial_configurations", "warm_start", "optimizer", "limits", "budget"});
  if (const auto version = reader.find("hyperego"); version && version->integer() != 1) {
    version->fail("format " + version->json().dump() + " is not known; this program reads format 1");
  }
  study.where = where;
  study.name = reader.string_or("name", study.name);
  if (study.name.empty()) reader.member("name").fail("is empty; give the study a name or remove the member");
  if (const auto evaluator = reader.find("evaluator")) study.evaluation = read_evaluation(*evaluator, folder);
  const std::optional<EvaluatorDomain> domain = domain_for(reader, study.evaluation, source);
  study.space = read_space(reader, folder, domain, study.remarks);
  study.objectives = read_objectives(reader, study.evaluation, domain);
  if (auto* yahpo = std::get_if<YahpoEvaluation>(&study.evaluation)) {
    yahpo->objectives.clear();
    for (const Objective& objective : study.objectives) yahpo->objectives.push_back(objective.name);
  }
  if (const auto constraints = reader.find("constraints")) {
    for (const JsonReader& element : constraints->elements()) study.constraints.push_back(read_constraint(element));
    if (domain && !study.constraints.empty()) constraints->fail("this evaluator gives no constraints; remove them");
  }
  if (const auto initial = reader.find("initial_configurations")) {
    for (const JsonReader& element : initial->elements()) {
      study.initial_configurations.push_back(
          study.space->legal_configuration_from_json(element.json(), element.where()));
    }
  }
  if (const auto earlier = reader.find("warm_start")) {
    for (const JsonReader& element : earlier->elements()) {
      if (element.string().empty()) element.fail("is empty; name the run directory of an earlier study");
      study.warm_start.push_back(absolute_path(element.string(), folder));
    }
  }
  study.optimizer = read_optimizer(reader);
  study.fidelity = read_fidelity(reader, study.evaluation, source);
  study.limits = read_limits(reader, study.fidelity);
  apply(overrides, study);
  study.validate();
  return study;
}

StudySpecification read_study(const fs::path& file, const StudyOverrides& overrides, StudySource source) {
  return study_from_json(read_json_file(file), file.string(), file.parent_path(), overrides, source);
}

}  // namespace hyperego
