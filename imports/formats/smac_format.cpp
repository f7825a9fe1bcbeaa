// SMAC3's output (smac/runhistory/runhistory.py): runhistory.json of 2.x and of 1.x, with configspace.json and
// scenario.json beside it where they are.
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/formats/detail/budgets.hpp>
#include <hyperego/imports/formats/detail/trial_format.hpp>
#include <hyperego/imports/table/column_names.hpp>
#include <hyperego/imports/table/python_json.hpp>
#include <hyperego/imports/table/table_builder.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <system_error>

namespace hyperego {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* history_name = "runhistory.json";
constexpr int deepest = 2;

/// Histories in a folder and those within it, as in smac3_output/NAME/SEED.
std::vector<fs::path> histories_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
    if (it.depth() >= deepest) it.disable_recursion_pending();
    std::error_code ignored;
    if (it->path().filename() == history_name && it->is_regular_file(ignored)) found.push_back(it->path());
  }
  std::sort(found.begin(), found.end());
  return found;
}

bool recognizes_smac(const TrialSource& source) {
  if (source.is_folder) return source.has(history_name) || !histories_in(source.path).empty();
  const std::string_view beginning = trimmed(source.beginning);
  if (beginning.empty() || beginning.front() != '{') return false;
  const bool is_named = source.path.filename() == history_name;
  // 2.x begins with "stats", 1.x with "data"; both have "configs", which may lie beyond the beginning.
  return is_named || (beginning.find("\"stats\"") < 16 && beginning.find("\"submitted\"") < 64) ||
         (beginning.find("\"data\"") < 16 && beginning.find("StatusType") != std::string_view::npos);
}

fs::path history_of(const TrialSource& source) {
  if (!source.is_folder) return source.path;
  if (source.has(history_name)) return source.path / history_name;
  const std::vector<fs::path> found = histories_in(source.path);
  if (found.size() == 1) return found.front();
  std::string list;
  for (std::size_t i = 0; i < found.size() && i < 12; ++i)
    list += (i > 0 ? ", " : "") + found[i].parent_path().string();
  throw InvalidInput(source.path.string(), "holds several runs of SMAC3; give one of " + list);
}

/// One run of a configuration.
struct Run {
  std::string configuration;  ///< its id
  ordered_json cost;
  std::optional<double> budget;
  TrialStatus status = TrialStatus::completed;
  std::string message;
  std::optional<double> seconds, ended;
};

/// smac.runhistory.enumerations.StatusType
std::pair<TrialStatus, const char*> status_of(std::int64_t code) {
  switch (code) {
    case 0:
      return {TrialStatus::running, "running"};
    case 1:
      return {TrialStatus::completed, "success"};
    case 3:
      return {TrialStatus::timed_out, "timeout"};
    case 4:
      return {TrialStatus::failed, "out of memory"};
    default:
      return {TrialStatus::failed, "crashed"};
  }
}

void take_smac_status(Run& run, const JsonReader& status) {
  if (status.is_number()) {
    const auto [known, word] = status_of(status.integer());
    run.status = known;
    run.message = word;
  } else {  // 1.x: {"__enum__": "StatusType.CRASHED"}
    const std::string word = status.is_object() ? status.member("__enum__").string() : status.string();
    const auto known = status_named(word);
    if (!known) status.fail("\"" + word + "\" is no status that is known");
    run.status = *known;
    run.message = word;
  }
  if (run.status == TrialStatus::completed) run.message.clear();
}

/// {"config_id", "instance", "seed", "budget", "cost", "time", "status", "starttime", "endtime", …} since 2.3.
Run run_of_members(const JsonReader& reader) {
  Run run{.configuration = reader.member("config_id").json().dump(),
          .cost = reader.member("cost").json(),
          .budget = {},
          .message = {},
          .seconds = {},
          .ended = {}};
  if (const auto budget = reader.find("budget")) run.budget = number_or_nothing(*budget);
  take_smac_status(run, reader.member("status"));
  if (const auto time = reader.find("time")) run.seconds = number_or_nothing(*time);
  if (const auto end = reader.find("endtime")) run.ended = number_or_nothing(*end);
  return run;
}

/// [config_id, instance, seed, budget, cost, time, (cpu_time,) status, starttime, endtime, info] of 2.0 to 2.2, and
/// [[config_id, instance, seed, budget], [cost, time, status, starttime, endtime, info]] of 1.x.
Run run_of_elements(const JsonReader& reader) {
  const std::vector<JsonReader> elements = reader.elements();
  const bool is_old = elements.size() == 2 && elements[0].is_array();
  const std::vector<JsonReader> key = is_old ? elements[0].elements() : elements;
  const std::vector<JsonReader> value =
      is_old ? elements[1].elements()
             : std::vector<JsonReader>(elements.begin() + std::min<std::ptrdiff_t>(4, std::ssize(elements)),
                                       elements.end());
  if (key.size() < 4 || value.size() < 5) reader.fail("expected a run with configuration, cost, time and status");
  Run run{.configuration = key[0].json().dump(),
          .cost = value[0].json(),
          .budget = {},
          .message = {},
          .seconds = {},
          .ended = {}};
  run.budget = number_or_nothing(key[3]);
  run.seconds = number_or_nothing(value[1]);
  const std::size_t status = value.size() >= 7 ? 3 : 2;  // one more where cpu_time is
  take_smac_status(run, value[status]);
  if (value.size() > status + 2) run.ended = number_or_nothing(value[status + 2]);
  return run;
}

std::vector<std::string> objective_names(const fs::path& folder, std::size_t costs) {
  std::vector<std::string> names;
  std::error_code ignored;
  const fs::path file = folder / "scenario.json";
  if (fs::exists(file, ignored)) {
    const ordered_json json = read_python_json(file);
    const JsonReader reader(json, file.string());
    for (const char* member : {"objectives", "multi_objectives"}) {
      const auto objectives = reader.find(member);
      if (!objectives || !names.empty()) continue;
      names = objectives->is_string() ? std::vector<std::string>{objectives->string()} : objectives->strings();
    }
  }
  if (names.size() == costs) return names;
  names.clear();
  for (std::size_t k = 0; k < costs; ++k) names.push_back(costs == 1 ? "cost" : "cost_" + std::to_string(k));
  return names;
}

void add_run(TableBuilder& table, const Run& run, const JsonReader& configurations, const std::string& place,
             const std::vector<std::string>& objectives) {
  SourceRow& row = table.add_row(place);
  row.status = run.status;
  row.message = run.message;
  row.seconds = run.seconds;
  row.ended_at = run.ended;
  for (std::size_t k = 0; k < objectives.size(); ++k) {
    const ordered_json& cost = run.cost;
    if (!cost.is_array() && objectives.size() == 1) table.set(k, cell_of(cost));
    if (cost.is_array() && k < cost.size()) table.set(k, cell_of(cost[k]));
  }
  for (const auto& [name, value] : configurations.member(run.configuration).members()) {
    table.set("config/" + name, name, ColumnRole::hyperparameter, cell_of(value.json()));
  }
}

std::size_t number_of_costs(const std::vector<Run>& runs) {
  std::size_t most = 1;
  for (const Run& run : runs) {
    if (run.cost.is_array()) most = std::max(most, run.cost.size());
  }
  return most;
}

SourceTrials read_smac(const TrialSource& source, const std::string& /*study*/) {
  const fs::path file = history_of(source);
  const std::string where = file.string();
  const ordered_json json = read_python_json(file);
  const JsonReader reader(json, where);
  std::vector<Run> runs;
  std::vector<std::optional<double>> budgets;
  for (const JsonReader& run : reader.member("data").elements()) {
    runs.push_back(run.is_array() ? run_of_elements(run) : run_of_members(run));
    budgets.push_back(runs.back().budget);
  }
  TableBuilder table("a run of SMAC3", where);
  const std::vector<std::string> objectives = objective_names(file.parent_path(), number_of_costs(runs));
  for (const std::string& name : objectives) {
    table[table.column(name, name, ColumnRole::objective)].objective = Objective{.name = name};
  }
  const BudgetFilter filter(budgets);
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (filter.keeps(i)) add_run(table, runs[i], reader.member("configs"), "/data/" + std::to_string(i), objectives);
  }
  filter.note(table.trials().notes);
  const fs::path space = file.parent_path() / "configspace.json";
  std::error_code ignored;
  if (fs::exists(space, ignored)) table.trials().space_file = space;
  table.trials().name = source.is_folder ? fs::absolute(source.path).lexically_normal().filename().string() : "";
  return table.take();
}

}  // namespace

const TrialFormat smac_format{"a run of SMAC3", recognizes_smac, read_smac};

}  // namespace hyperego
