// DeepCAVE's own form (deepcave/runs/run.py, trial.py, status.py, objective.py): history.jsonl, configs.json,
// configspace.json, meta.json.
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/imports/formats/detail/budgets.hpp>
#include <hyperego/imports/formats/detail/trial_format.hpp>
#include <hyperego/imports/table/python_json.hpp>
#include <hyperego/imports/table/table_builder.hpp>

#include <nlohmann/json.hpp>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

bool recognizes_deepcave(const TrialSource& source) {
  return source.has("history.jsonl") && source.has("configs.json");
}

/// [config_id, budget, (seed,) costs, start_time, end_time, status, additional]
struct Entry {
  explicit Entry(const JsonReader& reader) : elements(reader.elements()) {
    if (elements.size() != 7 && elements.size() != 8) reader.fail("expected the 7 or 8 elements of a trial");
    shift = elements.size() - 7;
  }
  [[nodiscard]] const JsonReader& costs() const { return elements[2 + shift]; }
  [[nodiscard]] std::optional<double> start() const { return number_or_nothing(elements[3 + shift]); }
  [[nodiscard]] std::optional<double> end() const { return number_or_nothing(elements[4 + shift]); }
  [[nodiscard]] const JsonReader& status() const { return elements[5 + shift]; }

  std::vector<JsonReader> elements;
  std::size_t shift = 0;
};

void take_deepcave_status(SourceRow& row, std::int64_t code) {
  constexpr const char* words[] = {"", "success", "timeout", "out of memory", "crashed", "aborted", "not evaluated"};
  row.status = code == 1   ? TrialStatus::completed
               : code == 2 ? TrialStatus::timed_out
               : code == 6 ? TrialStatus::waiting
                           : TrialStatus::failed;
  if (code != 1) row.message = code > 1 && code <= 6 ? words[code] : "failed";
}

void add_entry(TableBuilder& table, const Entry& entry, const JsonReader& configurations, std::size_t line,
               std::size_t objectives) {
  SourceRow& row = table.add_row("/history.jsonl:" + std::to_string(line));
  take_deepcave_status(row, entry.status().integer());
  row.ended_at = entry.end();
  if (entry.start() && entry.end()) row.seconds = *entry.end() - *entry.start();
  const std::vector<JsonReader> costs = entry.costs().elements();
  for (std::size_t k = 0; k < std::min(objectives, costs.size()); ++k) table.set(k, cell_of(costs[k].json()));
  for (const auto& [name, value] : configurations.member(entry.elements[0].json().dump()).members()) {
    table.set("config/" + name, name, ColumnRole::hyperparameter, cell_of(value.json()));
  }
}

SourceTrials read_deepcave(const TrialSource& source, const std::string& /*study*/) {
  const std::string where = source.path.string();
  TableBuilder table("a DeepCAVE run", where);
  const ordered_json meta = read_python_json(source.path / "meta.json");
  const JsonReader meta_reader(meta, (source.path / "meta.json").string());
  for (const JsonReader& reader : meta_reader.member("objectives").elements()) {
    Objective objective{.name = reader.member("name").string()};
    if (reader.member("optimize").word({"lower", "upper"}) == "upper") objective.direction = Direction::maximize;
    table[table.column(objective.name, objective.name, ColumnRole::objective)].objective = objective;
  }
  const std::size_t objectives = table.trials().columns.size();
  const ordered_json configurations = read_python_json(source.path / "configs.json");
  const JsonReader configurations_reader(configurations, (source.path / "configs.json").string());
  const std::string history = (source.path / "history.jsonl").string();
  const auto lines = parse_json_lines(read_text_file(history), history);
  std::vector<Entry> entries;
  std::vector<std::optional<double>> budgets;
  for (const auto& [line, json] : lines) {
    entries.emplace_back(JsonReader(json, history + ":" + std::to_string(line)));
    budgets.push_back(number_or_nothing(entries.back().elements[1]));
  }
  const BudgetFilter filter(budgets);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (filter.keeps(i)) add_entry(table, entries[i], configurations_reader, lines[i].first, objectives);
  }
  filter.note(table.trials().notes);
  if (source.has("configspace.json")) table.trials().space_file = source.path / "configspace.json";
  table.trials().name = std::filesystem::absolute(source.path).lexically_normal().filename().string();
  return table.take();
}

}  // namespace

const TrialFormat deepcave_format{"a DeepCAVE run", recognizes_deepcave, read_deepcave};

}  // namespace hyperego
