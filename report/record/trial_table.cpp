#include <hyperego/core/error.hpp>
#include <hyperego/report/record/trial_table.hpp>
#include <hyperego/study/run_directory.hpp>

namespace hyperego {

Eigen::MatrixXd TrialTable::minimised() const {
  Eigen::MatrixXd result = values;
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    if (objectives[i].direction == Direction::maximize) result.col(static_cast<Eigen::Index>(i)) *= -1;
  }
  return result;
}

std::size_t TrialTable::objective_index(const std::string& name) const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    if (objectives[i].name == name) return i;
    names.push_back(objectives[i].name);
  }
  throw InvalidInput("objective", "there is no \"" + name + "\"" + expected_name(name, names));
}

TrialTable trials_of_run(const std::filesystem::path& directory) {
  return trials_of_history(RunDirectory::read_history(directory));
}

TrialTable trials_of_history(const StudyHistory& history) {
  TrialTable table;
  table.space = history.study().space;
  table.objectives = history.study().objectives;
  table.values.resize(static_cast<Eigen::Index>(history.completed_in_full()),
                      static_cast<Eigen::Index>(table.objectives.size()));
  for (const StudyHistory::Record& record : history.records()) {
    if (!record.completed_in_full()) continue;
    table.values.row(static_cast<Eigen::Index>(table.configurations.size())) = record.outcome->objectives.transpose();
    table.configurations.push_back(record.configuration);
  }
  return table;
}

TrialTable trials_of_import(const ImportedTrials& imported) {
  TrialTable table;
  table.space = imported.space;
  table.objectives = imported.objectives;
  table.notes = imported.notes;
  table.values.resize(static_cast<Eigen::Index>(imported.trials.size()),
                      static_cast<Eigen::Index>(table.objectives.size()));
  for (const Trial& trial : imported.trials) {
    if (trial.outcome.status != TrialStatus::completed) continue;
    table.values.row(static_cast<Eigen::Index>(table.configurations.size())) = trial.outcome.objectives.transpose();
    table.configurations.push_back(trial.configuration);
  }
  table.values.conservativeResize(static_cast<Eigen::Index>(table.configurations.size()), Eigen::NoChange);
  if (table.configurations.empty()) throw InvalidInput(imported.where, "holds no trial that completed");
  return table;
}

}  // namespace hyperego
