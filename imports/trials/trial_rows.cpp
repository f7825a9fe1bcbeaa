#include <hyperego/core/error.hpp>
#include <hyperego/imports/table/cell_codes.hpp>
#include <hyperego/imports/trials/detail/trial_rows.hpp>

#include <algorithm>
#include <cmath>
#include <utility>

namespace hyperego {
namespace {

/// The exact command that makes a number of "93%".
std::string percentage_remedy(const std::string& file) {
  return "has a per cent sign; take the signs away and read that, as in: sed 's/%//g' '" + file + "' > plain.csv";
}

bool ends_with_percent(const Cell& cell) {
  const auto* text = cell ? std::get_if<std::string>(&*cell) : nullptr;
  return text != nullptr && !text->empty() && text->back() == '%';
}

std::string cell_place(const SourceTrials& trials, const SourceRow& row, std::size_t column) {
  return trials.place(row) + ", " + trials.columns[column].label;
}

/// Nothing for what is missing or not finite.
std::optional<double> objective_at(const SourceTrials& trials, const SourceRow& row, std::size_t column) {
  const Cell& cell = row.cells[column];
  if (is_missing(cell)) return std::nullopt;
  const auto value = number_of(cell);
  if (!value) {
    throw InvalidInput(cell_place(trials, row, column),
                       "\"" + to_string(*cell) + "\" " +
                           (ends_with_percent(cell) ? percentage_remedy(trials.where)
                                                    : "is no number; mend the cell, or empty it for a failed trial"));
  }
  return std::isfinite(*value) ? value : std::nullopt;
}

class RowReader {
 public:
  RowReader(const SourceTrials& trials, const std::vector<std::optional<std::size_t>>& columns,
            const ObjectiveColumns& objectives, bool are_conditions_inferred, ImportedTrials& imported)
      : trials_(trials),
        columns_(columns),
        objectives_(objectives),
        are_conditions_inferred_(are_conditions_inferred),
        imported_(imported),
        space_(*imported.space) {
    for (const Hyperparameter& hyperparameter : space_.hyperparameters()) codes_.emplace_back(hyperparameter);
  }

  void read() {
    for (const SourceRow& row : trials_.rows) take(row);
    imported_.notes.insert(imported_.notes.end(), trials_.notes.begin(), trials_.notes.end());
    note(unfinished_, "has not ended and is left out", "have not ended and are left out");
    note(incomplete_failures_, "failed before all its hyperparameters had values and is left out",
         "failed before all their hyperparameters had values and are left out");
    note(unexplained_, "lacks a hyperparameter that nothing says is inactive and is left out",
         "lack a hyperparameter that nothing says is inactive and are left out (--ignore it to keep them)");
    if (const std::size_t failures = imported_.failures(); failures > 0) {
      imported_.notes.push_back(std::to_string(failures) + " of " + std::to_string(imported_.trials.size()) +
                                " trials failed: their state says so, or an objective has no value");
    }
  }

 private:
  void take(const SourceRow& row) {
    if (row.status == TrialStatus::waiting || row.status == TrialStatus::running) {
      ++unfinished_;
      return;
    }
    Outcome outcome = outcome_of(row);
    const bool has_failed = outcome.status != TrialStatus::completed && outcome.status != TrialStatus::infeasible;
    const auto configuration = configuration_of(row, has_failed);
    if (!configuration) return;
    imported_.trials.push_back({imported_.trials.size(), *configuration, std::move(outcome)});
    imported_.places.push_back(trials_.place(row));
    imported_.ended_at.push_back(row.ended_at);
  }

  [[nodiscard]] Outcome outcome_of(const SourceRow& row) const {
    Outcome outcome{.status = row.status.value_or(TrialStatus::completed),
                    .objectives = {},
                    .constraints = {},
                    .message = row.message,
                    .seconds = std::max(0.0, row.seconds.value_or(0))};
    if (outcome.status != TrialStatus::completed && outcome.status != TrialStatus::infeasible) return outcome;
    outcome.objectives.resize(static_cast<Eigen::Index>(objectives_.columns.size()));
    for (std::size_t k = 0; k < objectives_.columns.size(); ++k) {
      outcome.objectives[static_cast<Eigen::Index>(k)] = number_of(row.cells[objectives_.columns[k]]).value();
    }
    return outcome;
  }

  /// Nothing for a trial that is to be left out.
  std::optional<Configuration> configuration_of(const SourceRow& row, bool has_failed) {
    Configuration configuration(space_.size());
    for (std::size_t h = 0; h < space_.size(); ++h) {
      if (!columns_[h]) continue;
      const auto code = code_at(row, h, has_failed);
      if (code) configuration.set(h, *code);
    }
    fill(configuration);
    const Legality legality = space_.check(configuration);
    if (legality) return configuration;
    if (has_failed) {
      ++incomplete_failures_;
    } else if (are_conditions_inferred_ && legality.verdict == Legality::Verdict::active_not_set) {
      ++unexplained_;
    } else {
      throw InvalidInput(trials_.place(row), legality.reason);
    }
    return std::nullopt;
  }

  std::optional<double> code_at(const SourceRow& row, std::size_t h, bool has_failed) const {
    const Cell& cell = row.cells[*columns_[h]];
    const auto code = codes_[h].code_of(cell);
    if (code || is_missing(cell) || has_failed) return code;
    throw InvalidInput(
        cell_place(trials_, row, *columns_[h]),
        "\"" + to_string(*cell) + "\" " +
            (ends_with_percent(cell) ? percentage_remedy(trials_.where) : "is outside " + space_[h].describe()));
  }

  /// Constants and hyperparameters without a column take their default where active, empty cells the choice "None".
  void fill(Configuration& configuration) const {
    for (const std::size_t h : space_.topological_order()) {
      if (configuration.is_set(h) || !space_.is_active(h, configuration)) continue;
      if (!columns_[h] || space_[h].is_constant()) {
        configuration.set(h, space_[h].default_code);
      } else if (const auto none = codes_[h].code_of(Value(std::string("None")))) {
        configuration.set(h, *none);
      }
    }
  }

  void note(std::size_t count, const char* one, const char* several) {
    if (count == 0) return;
    imported_.notes.push_back(std::to_string(count) + (count == 1 ? " trial " : " trials ") +
                              (count == 1 ? one : several));
  }

  const SourceTrials& trials_;
  const std::vector<std::optional<std::size_t>>& columns_;
  const ObjectiveColumns& objectives_;
  bool are_conditions_inferred_;
  ImportedTrials& imported_;
  const SearchSpace& space_;
  std::vector<CellCodes> codes_;  // of the space's hyperparameters
  std::size_t unfinished_ = 0;
  std::size_t incomplete_failures_ = 0;
  std::size_t unexplained_ = 0;
};

/// Moments from whatever beginning to seconds since the first trial began.
void count_from_first(ImportedTrials& imported) {
  std::optional<double> first;
  for (std::size_t i = 0; i < imported.trials.size(); ++i) {
    if (!imported.ended_at[i]) continue;
    const double began = *imported.ended_at[i] - imported.trials[i].outcome.seconds;
    first = std::min(first.value_or(began), began);
  }
  for (std::optional<double>& moment : imported.ended_at) {
    if (moment) *moment -= *first;
  }
}

}  // namespace

void read_objectives(SourceTrials& trials, const ObjectiveColumns& objectives) {
  for (SourceRow& row : trials.rows) {
    const bool has_values =
        !row.status || row.status == TrialStatus::completed || row.status == TrialStatus::infeasible;
    for (std::size_t k = 0; k < objectives.columns.size() && has_values; ++k) {
      if (objective_at(trials, row, objectives.columns[k])) continue;
      row.status = TrialStatus::failed;
      if (row.message.empty()) row.message = "no finite value of " + objectives.objectives[k].name;
    }
  }
}

void add_trials(const SourceTrials& trials, const std::vector<std::optional<std::size_t>>& hyperparameter_columns,
                const ObjectiveColumns& objectives, bool are_conditions_inferred, ImportedTrials& imported) {
  RowReader(trials, hyperparameter_columns, objectives, are_conditions_inferred, imported).read();
  count_from_first(imported);
  if (imported.trials.empty()) {
    std::string reasons;
    for (const std::string& note : imported.notes) reasons += "; " + note;
    throw InvalidInput(trials.where, "holds no trial that has ended" + reasons);
  }
}

}  // namespace hyperego
