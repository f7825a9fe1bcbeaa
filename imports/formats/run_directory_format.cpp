// Run directories of this program.
#include <hyperego/imports/formats/detail/trial_format.hpp>
#include <hyperego/imports/table/table_builder.hpp>
#include <hyperego/study/run_directory.hpp>

#include <nlohmann/json.hpp>

namespace hyperego {
namespace {

bool recognizes_run_directory(const TrialSource& source) { return source.has("study.json"); }

void add_history_record(TableBuilder& table, const StudyHistory& history, std::size_t trial) {
  const StudyHistory::Record& record = history.records()[trial];
  const SearchSpace& space = *history.study().space;
  SourceRow& row = table.add_row(", trial " + std::to_string(trial));
  row.status = record.outcome ? record.outcome->status : TrialStatus::running;
  if (record.outcome) {
    row.message = record.outcome->message;
    row.seconds = record.outcome->seconds;
    for (Eigen::Index k = 0; k < record.outcome->objectives.size(); ++k) {
      table.set(static_cast<std::size_t>(k), Value(record.outcome->objectives[k]));
    }
  }
  for (std::size_t h = 0; h < space.size(); ++h) {
    if (record.configuration.is_set(h)) {
      table.set("configuration." + space[h].name, space[h].name, ColumnRole::hyperparameter,
                space[h].value_of(record.configuration[h]));
    }
  }
}

SourceTrials read_run_directory(const TrialSource& source, const std::string& /*study*/) {
  const StudyHistory history = RunDirectory::read_history(source.path);
  TableBuilder table("a run directory", source.path.string());
  for (const Objective& objective : history.study().objectives) {
    table[table.column("objectives." + objective.name, objective.name, ColumnRole::objective)].objective = objective;
  }
  const SearchSpace& space = *history.study().space;
  for (const Hyperparameter& hyperparameter : space.hyperparameters()) {
    (void)table.column("configuration." + hyperparameter.name, hyperparameter.name, ColumnRole::hyperparameter);
  }
  std::size_t below_full = 0;
  for (std::size_t trial = 0; trial < history.records().size(); ++trial) {
    const bool is_below = history.records()[trial].fidelity.has_value();
    below_full += is_below ? 1 : 0;
    if (!is_below) add_history_record(table, history, trial);
  }
  if (below_full > 0) {
    table.trials().notes.push_back(std::to_string(below_full) + " trials below full fidelity are left out");
  }
  table.trials().space = history.study().space;
  table.trials().name = history.study().name;
  if (!history.study().constraints.empty()) {
    table.trials().notes.emplace_back(
        "values of constraints are not taken over; trials that broke one stay infeasible");
  }
  return table.take();
}

}  // namespace

const TrialFormat run_directory_format{"a run directory", recognizes_run_directory, read_run_directory};

}  // namespace hyperego
