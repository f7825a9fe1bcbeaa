#include <hyperego/benchmark/suite.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/study_options.hpp>
#include <hyperego/yahpo_bridge/catalogue.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace hyperego {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::int64_t most_trials = 1'000'000;

TrialBudget read_budget(const JsonReader& reader) {
  if (reader.is_number()) return {.base = static_cast<double>(reader.integer(4, most_trials)), .per_root_dimension = 0};
  reader.allow_members({"base", "per_root_dimension"});
  return {.base = reader.member("base").number(4, most_trials),
          .per_root_dimension = reader.member("per_root_dimension").number(0, most_trials)};
}

ordered_json json_of(const TrialBudget& budget) {
  if (budget.per_root_dimension == 0 && budget.base == std::floor(budget.base)) {
    return static_cast<std::int64_t>(budget.base);
  }
  return {{"base", budget.base}, {"per_root_dimension", budget.per_root_dimension}};
}

Eigen::VectorXd vector_of(const std::vector<double>& values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

ordered_json json_of(const Eigen::VectorXd& values) { return std::vector<double>(values.begin(), values.end()); }

void read_bounds(const JsonReader& reader, TaskDefinition& task) {
  if (!reader.is_object()) {
    const std::string word = reader.word({"statistics", "front", "sobol"});
    task.bounds = word == "statistics" ? BoundsSource::statistics
                  : word == "front"    ? BoundsSource::front
                                       : BoundsSource::sobol;
    const bool is_yahpo = std::holds_alternative<YahpoEvaluation>(task.evaluation);
    if (is_yahpo && word == "front") reader.fail("no front is known for YAHPO; expected \"statistics\" or \"sobol\"");
    if (!is_yahpo && word == "statistics") {
      reader.fail(
          "there are statistics for YAHPO only; expected \"front\", \"sobol\", or {\"ideal\": …, \"nadir\": …}");
    }
    return;
  }
  reader.allow_members({"ideal", "nadir"});
  task.bounds = BoundsSource::given;
  task.ideal = vector_of(reader.member("ideal").numbers());
  task.nadir = vector_of(reader.member("nadir").numbers());
  if (task.ideal.size() != task.nadir.size()) reader.fail("\"ideal\" and \"nadir\" differ in length");
  if (task.ideal.size() == 0) reader.fail("is empty; give one value for each objective");
  if ((task.ideal.array() == task.nadir.array()).any()) {
    reader.fail("\"ideal\" and \"nadir\" are equal in an objective; there is nothing to divide by");
  }
}

ProblemEvaluation read_problem_task(const JsonReader& reader) {
  ProblemEvaluation evaluation;
  read_options(reader, options_of(evaluation), {"name", "trials", "bounds", "best_hypervolume", "problem"});
  evaluation.problem = reader.member("problem").string();
  return evaluation;
}

YahpoEvaluation read_yahpo_task(const JsonReader& reader, const fs::path& folder) {
  reader.allow_members(
      {"name", "trials", "bounds", "best_hypervolume", "yahpo", "instance", "objectives", "data", "irrelevant"});
  YahpoEvaluation evaluation{.scenario = reader.member("yahpo").string()};
  const JsonReader instance = reader.member("instance");  // people write numbers
  evaluation.instance = to_string(value_from_json(instance.json(), instance.where()));
  if (const auto objectives = reader.find("objectives")) {
    evaluation.objectives = objectives->strings();
    if (evaluation.objectives.empty()) objectives->fail("there is no objective; name at least one");
    const std::set<std::string> names(evaluation.objectives.begin(), evaluation.objectives.end());
    if (names.size() != evaluation.objectives.size()) objectives->fail("names an objective twice");
  }
  if (const auto data = reader.find("data")) {
    evaluation.data = fs::weakly_canonical(fs::absolute(folder.empty() ? fs::path(".") : folder) / data->string());
  }
  evaluation.scenario =
      yahpo_scenario_at_hand(evaluation.data ? evaluation.data->string() : std::string{}, evaluation.scenario);
  return evaluation;
}

std::string customary_name(const TaskDefinition& task) {
  if (const auto* yahpo = std::get_if<YahpoEvaluation>(&task.evaluation))
    return yahpo->scenario + "-" + yahpo->instance + (task.irrelevant > 0 ? "+" + std::to_string(task.irrelevant) : "");
  const auto& problem = std::get<ProblemEvaluation>(task.evaluation);
  std::string name = problem.problem;
  if (problem.relevant) name += "-" + std::to_string(*problem.relevant);
  if (problem.variables) name += (problem.relevant ? "of" : "-") + std::to_string(*problem.variables);
  if (problem.objectives) name += "-" + std::to_string(*problem.objectives);
  return name;
}

TaskDefinition read_task(const JsonReader& reader, const fs::path& folder) {
  TaskDefinition task;
  task.where = reader.where();
  if (!reader.is_object()) reader.fail("expected an object");
  const bool is_yahpo = reader.find("yahpo").has_value();
  if (is_yahpo && reader.find("problem")) reader.fail("has both \"problem\" and \"yahpo\"; keep the one that is meant");
  if (is_yahpo) {
    task.evaluation = read_yahpo_task(reader, folder);
    if (const auto more = reader.find("irrelevant")) task.irrelevant = static_cast<std::size_t>(more->integer(0, 1000));
  } else {
    task.evaluation = read_problem_task(reader);
  }
  task.name = reader.string_or("name", customary_name(task));
  if (const auto trials = reader.find("trials")) task.budget = read_budget(*trials);
  if (const auto bounds = reader.find("bounds")) read_bounds(*bounds, task);
  if (const auto best = reader.find("best_hypervolume")) task.best_hypervolume = best->number(1e-300, 1e300);
  return task;
}

std::vector<std::uint64_t> read_seeds(const JsonReader& reader) {
  std::vector<std::uint64_t> seeds;
  if (reader.is_object()) {
    reader.allow_members({"first", "count"});
    const std::int64_t first = reader.member("first").integer(0);
    const std::int64_t count = reader.member("count").integer(1, 10000);
    for (std::int64_t i = 0; i < count; ++i) seeds.push_back(static_cast<std::uint64_t>(first + i));
    return seeds;
  }
  for (const JsonReader& element : reader.elements()) {
    const auto seed = static_cast<std::uint64_t>(element.integer(0));
    if (std::find(seeds.begin(), seeds.end(), seed) != seeds.end()) element.fail("is listed twice");
    seeds.push_back(seed);
  }
  if (seeds.empty()) reader.fail("there is no seed; list at least one");
  return seeds;
}

/// Names become folders, so they must differ there, whatever the file system makes of upper and lower case.
void require_distinct(const std::vector<std::string>& names, const JsonReader& reader, const std::string& member) {
  std::set<std::string> folders;
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::string folder = folder_name(names[i]);
    std::transform(folder.begin(), folder.end(), folder.begin(),
                   [](unsigned char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); });
    const JsonReader element = reader.elements()[i];
    if (names[i].empty()) element.fail("\"" + member + "\" is empty");
    if (!folders.insert(folder).second) {
      element.fail("\"" + names[i] + "\" cannot be told from another one; give it a \"" + member + "\" of its own");
    }
  }
}

template <typename Item, typename NameOf>
void keep_named(std::vector<Item>& items, const std::vector<std::string>& kept, const std::string& what,
                NameOf name_of) {
  if (kept.empty()) return;
  std::vector<std::string> known;
  for (const Item& item : items) known.push_back(name_of(item));
  for (const std::string& name : kept) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw InvalidInput(what, "\"" + name + "\" is not in the suite" + expected_name(name, known));
    }
  }
  std::erase_if(items,
                [&](const Item& item) { return std::find(kept.begin(), kept.end(), name_of(item)) == kept.end(); });
}

}  // namespace

std::uint64_t TrialBudget::trials(std::size_t searched) const {
  return static_cast<std::uint64_t>(std::ceil(base + per_root_dimension * std::sqrt(static_cast<double>(searched))));
}

std::string_view to_string(BoundsSource source) {
  switch (source) {
    case BoundsSource::statistics:
      return "statistics";
    case BoundsSource::front:
      return "front";
    case BoundsSource::sobol:
      return "sobol";
    case BoundsSource::given:
      return "given";
  }
  return "given";
}

std::optional<TaskDefinition> relevant_alone(const TaskDefinition& task) {
  TaskDefinition alone = task;
  alone.irrelevant = 0;
  if (auto* problem = std::get_if<ProblemEvaluation>(&alone.evaluation)) {
    if (!problem->relevant) return std::nullopt;
    problem->variables = problem->relevant;
    problem->relevant.reset();
    return alone;
  }
  return task.irrelevant > 0 ? std::optional(alone) : std::nullopt;
}

void BenchmarkSuite::select(const std::vector<std::string>& tasks_kept,
                            const std::vector<std::string>& optimizers_kept) {
  keep_named(tasks, tasks_kept, "--tasks", [](const TaskDefinition& task) { return task.name; });
  keep_named(optimizers, optimizers_kept, "--optimizers", [](const CompetingOptimizer& o) { return o.label; });
  const auto is_baseline = [&](const CompetingOptimizer& optimizer) { return optimizer.label == baseline; };
  if (std::none_of(optimizers.begin(), optimizers.end(), is_baseline)) baseline = optimizers.front().label;
}

BenchmarkSuite read_suite(const fs::path& file) {
  return suite_from_json(read_json_file(file), file.string(), file.parent_path());
}

BenchmarkSuite suite_from_json(const ordered_json& json, const std::string& where, const fs::path& folder) {
  const JsonReader reader(json, where);
  reader.allow_members({"hyperego_benchmark", "name", "description", "seeds", "trials", "initial_trials", "reference",
                        "baseline", "optimizers", "tasks"});
  const JsonReader version = reader.member("hyperego_benchmark");
  if (version.integer() != 1) {
    version.fail("format " + version.json().dump() + " is not known; this program reads format 1");
  }
  BenchmarkSuite suite;
  suite.name = reader.string_or("name", suite.name);
  if (suite.name.empty()) reader.member("name").fail("is empty; give the suite a name or remove the member");
  (void)reader.string_or("description", "");
  suite.seeds = read_seeds(reader.member("seeds"));
  if (const auto trials = reader.find("trials")) suite.budget = read_budget(*trials);
  if (const auto initial = reader.find("initial_trials")) {
    suite.initial_trials = static_cast<std::size_t>(initial->integer(1, most_trials));
  }
  suite.reference = reader.number_or("reference", suite.reference, 1e-6, 1e6);

  const JsonReader optimizers = reader.member("optimizers");
  std::vector<std::string> labels;
  for (const JsonReader& element : optimizers.elements()) {
    suite.optimizers.push_back(read_competitor(element));
    labels.push_back(suite.optimizers.back().label);
  }
  if (labels.empty()) optimizers.fail("there is no optimizer; name at least one");
  require_distinct(labels, optimizers, "label");

  const JsonReader tasks = reader.member("tasks");
  std::vector<std::string> names;
  for (const JsonReader& element : tasks.elements()) {
    suite.tasks.push_back(read_task(element, folder));
    names.push_back(suite.tasks.back().name);
  }
  if (names.empty()) tasks.fail("there is no task; give at least one");
  require_distinct(names, tasks, "name");

  suite.baseline = reader.string_or("baseline", labels.front());
  if (std::find(labels.begin(), labels.end(), suite.baseline) == labels.end()) {
    reader.member("baseline")
        .fail("\"" + suite.baseline + "\" is no optimizer of the suite" + expected_name(suite.baseline, labels));
  }
  return suite;
}

ordered_json to_json(const BenchmarkSuite& suite) {
  ordered_json json{{"hyperego_benchmark", 1}, {"name", suite.name}, {"seeds", suite.seeds}};
  json["trials"] = json_of(suite.budget);
  if (suite.initial_trials) json["initial_trials"] = *suite.initial_trials;
  json["reference"] = suite.reference;
  json["baseline"] = suite.baseline;
  json["optimizers"] = ordered_json::array();
  for (const CompetingOptimizer& optimizer : suite.optimizers) json["optimizers"].push_back(to_json(optimizer));
  json["tasks"] = ordered_json::array();
  for (const TaskDefinition& task : suite.tasks) {
    ordered_json entry{{"name", task.name}};
    if (const auto* yahpo = std::get_if<YahpoEvaluation>(&task.evaluation)) {
      entry["yahpo"] = yahpo->scenario;
      entry["instance"] = yahpo->instance;
      if (!yahpo->objectives.empty()) entry["objectives"] = yahpo->objectives;
      if (yahpo->data) entry["data"] = yahpo->data->string();
      if (task.irrelevant > 0) entry["irrelevant"] = task.irrelevant;
    } else {
      const auto& problem = std::get<ProblemEvaluation>(task.evaluation);
      entry["problem"] = problem.problem;
      const ordered_json plain = json_of_options(ProblemEvaluation{});
      const ordered_json own = json_of_options(problem);
      for (const auto& [name, value] : own.items()) {
        if (value != plain.at(name)) entry[name] = value;
      }
    }
    if (task.budget) entry["trials"] = json_of(*task.budget);
    if (task.bounds == BoundsSource::given) {
      entry["bounds"] = {{"ideal", json_of(task.ideal)}, {"nadir", json_of(task.nadir)}};
    } else if (task.bounds) {
      entry["bounds"] = to_string(*task.bounds);
    }
    if (task.best_hypervolume) entry["best_hypervolume"] = *task.best_hypervolume;
    json["tasks"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace hyperego
