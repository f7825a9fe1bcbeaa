#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/imports/formats/trial_source.hpp>
#include <hyperego/imports/table/column_names.hpp>
#include <hyperego/imports/table/trial_times.hpp>
#include <hyperego/imports/trials/detail/objective_columns.hpp>
#include <hyperego/imports/trials/detail/space_inference.hpp>
#include <hyperego/imports/trials/detail/trial_rows.hpp>
#include <hyperego/imports/trials/import_trials.hpp>

#include <algorithm>
#include <set>
#include <utility>

namespace hyperego {
namespace {

/// Before names are made sense of, so that a column that is left out is not taken for states either.
void ignore_columns(SourceTrials& trials, const std::vector<std::string>& ignored) {
  std::vector<std::string> names;
  for (const SourceColumn& column : trials.columns) names.push_back(column.label);
  for (const std::string& name : ignored) {
    bool is_there = false;
    for (SourceColumn& column : trials.columns) {
      const bool ends_with_name =
          column.label.size() > name.size() &&
          column.label.compare(column.label.size() - name.size(), name.size(), name) == 0 &&
          std::string_view("_./:").find(column.label[column.label.size() - name.size() - 1]) != std::string_view::npos;
      const bool is_prefixed =
          ends_with_name && column.label.find_first_of("_./:") == column.label.size() - name.size() - 1;
      if (column.label != name && column.name != name && !is_prefixed) continue;
      column.role = ColumnRole::bookkeeping;
      is_there = true;
    }
    if (!is_there)
      throw InvalidInput("--ignore", trials.where + " has no column \"" + name + "\"" + expected_name(name, names));
  }
}

/// What is a hyperparameter where only names and the objectives say so.
std::vector<std::size_t> settings_of(const SourceTrials& trials, const std::vector<std::size_t>& objectives) {
  std::vector<std::size_t> settings;
  std::vector<std::string> results;
  for (std::size_t j = 0; j < trials.columns.size(); ++j) {
    const SourceColumn& column = trials.columns[j];
    if (std::find(objectives.begin(), objectives.end(), j) != objectives.end()) continue;
    if (column.role == ColumnRole::hyperparameter) settings.push_back(j);
    if (column.role != ColumnRole::unknown) continue;
    const bool is_numeric = std::all_of(trials.rows.begin(), trials.rows.end(), [&](const SourceRow& row) {
      return is_missing(row.cells[j]) || number_of(row.cells[j]);
    });
    (is_numeric && sounds_like_result(column.name) ? results.push_back(column.name) : settings.push_back(j));
  }
  if (!results.empty()) {
    throw InvalidInput(trials.where, quoted_list(results) + (results.size() == 1 ? " sounds" : " sound") +
                                         " like a result rather than a hyperparameter, and none is guessed; leave " +
                                         (results.size() == 1 ? "it" : "them") + " out with --ignore " +
                                         results.front() + ", name it with --objective, or give a --space that has it");
  }
  return settings;
}

void note_skipped(const SourceTrials& trials, const std::vector<std::size_t>& objectives,
                  std::vector<std::string>& notes) {
  std::vector<std::string> skipped;
  for (std::size_t j = 0; j < trials.columns.size(); ++j) {
    const SourceColumn& column = trials.columns[j];
    const bool is_used = column.role == ColumnRole::hyperparameter || column.role == ColumnRole::unknown ||
                         std::find(objectives.begin(), objectives.end(), j) != objectives.end();
    if (!is_used) skipped.push_back(column.label.empty() ? "(unnamed)" : column.label);
  }
  if (skipped.empty()) return;
  notes.push_back((skipped.size() == 1 ? "column " : "columns ") + quoted_list(skipped) +
                  (skipped.size() == 1 ? " is" : " are") + " neither hyperparameter nor objective here and skipped");
}

/// Columns of a given space, by hyperparameter.
std::vector<std::optional<std::size_t>> columns_in(const SourceTrials& trials, const SearchSpace& space,
                                                   const std::vector<std::size_t>& objectives) {
  std::vector<std::optional<std::size_t>> columns(space.size());
  std::vector<std::string> names;
  std::vector<std::string> unknown;
  for (std::size_t j = 0; j < trials.columns.size(); ++j) {
    const SourceColumn& column = trials.columns[j];
    if (std::find(objectives.begin(), objectives.end(), j) != objectives.end()) continue;
    if (column.role != ColumnRole::hyperparameter && column.role != ColumnRole::unknown) continue;
    names.push_back(column.name);
    if (const auto h = space.find(column.name)) {
      columns[*h] = j;
    } else if (column.role == ColumnRole::hyperparameter) {
      unknown.push_back(column.name);
    }
  }
  for (std::size_t h = 0; h < space.size(); ++h) {
    if (!columns[h] && !space[h].is_constant()) {
      throw InvalidInput(trials.where, "there is no column for hyperparameter \"" + space[h].name + "\"" +
                                           did_you_mean(space[h].name, names));
    }
  }
  if (!unknown.empty()) {
    throw InvalidInput(
        trials.where,
        "has " + quoted_list(unknown) +
            " among its hyperparameters, which the space has not; add to the space, or leave out with --ignore " +
            unknown.front());
  }
  return columns;
}

void require_distinct_names(const SourceTrials& trials) {
  std::set<std::pair<std::string, bool>> seen;
  for (const SourceColumn& column : trials.columns) {
    const bool is_setting = column.role == ColumnRole::hyperparameter;
    if (column.role == ColumnRole::bookkeeping || column.name.empty()) continue;
    if (!seen.insert({column.name, is_setting}).second) {
      throw InvalidInput(trials.where, "column \"" + column.name +
                                           "\" is there twice; rename one of them, or leave it out with --ignore");
    }
  }
}

std::string inferred_space_note(const SearchSpace& space) {
  std::string text = "the space is inferred, its ranges are those seen:";
  for (const Hyperparameter& hyperparameter : space.hyperparameters()) {
    text += (text.back() == ':' ? " " : ", ") + hyperparameter.name + " " + hyperparameter.describe();
    if (text.size() > 1000) return text + ", …";
  }
  return text;
}

}  // namespace

ObjectiveChoice objective_choice(const std::string& text, const std::string& where) {
  ObjectiveChoice choice{text};
  const std::size_t sign = text.rfind('=');
  const std::string direction = sign == std::string::npos ? std::string{} : text.substr(sign + 1);
  if (direction == "minimize" || direction == "maximize") {
    choice.name = text.substr(0, sign);
    choice.direction = direction == "maximize" ? Direction::maximize : Direction::minimize;
  } else if (const std::string word = lower_case(direction.substr(0, 3)); word == "min" || word == "max") {
    throw InvalidInput(where, "\"" + direction + "\" is no direction; write NAME=minimize or NAME=maximize");
  }
  if (choice.name.empty()) throw InvalidInput(where, "names no column; write NAME, NAME=minimize or NAME=maximize");
  return choice;
}

std::size_t ImportedTrials::failures() const {
  return static_cast<std::size_t>(std::count_if(trials.begin(), trials.end(), [](const Trial& trial) {
    return trial.outcome.status != TrialStatus::completed && trial.outcome.status != TrialStatus::infeasible;
  }));
}

namespace {

std::shared_ptr<const SearchSpace> space_of(const SourceTrials& trials, const ImportOptions& options) {
  if (options.space) return options.space;
  if (trials.space || trials.space_file.empty()) return trials.space;
  return std::make_shared<const SearchSpace>(read_configspace_file(trials.space_file));
}

}  // namespace

ImportedTrials understand(SourceTrials trials, const ImportOptions& options) {
  if (trials.rows.empty()) throw InvalidInput(trials.where, "holds no trials");
  const std::shared_ptr<const SearchSpace> space = space_of(trials, options);
  ignore_columns(trials, options.ignored);
  name_columns(trials, space.get());
  require_distinct_names(trials);
  ImportedTrials imported{.kind = trials.kind,
                          .where = trials.where,
                          .name = trials.name,
                          .space = space,
                          .is_space_inferred = false,
                          .objectives = {},
                          .constraints = {},
                          .trials = {},
                          .places = {},
                          .ended_at = {},
                          .notes = {}};
  const ObjectiveColumns objectives = choose_objectives(trials, options, imported.notes);
  imported.objectives = objectives.objectives;
  read_objectives(trials, objectives);
  take_times(trials, objectives.columns);
  note_skipped(trials, objectives.columns, imported.notes);
  std::vector<std::optional<std::size_t>> columns;
  if (space) {
    columns = columns_in(trials, *space, objectives.columns);
  } else {
    InferredSpace inferred = infer_space(trials, settings_of(trials, objectives.columns), imported.notes);
    imported.space = std::make_shared<const SearchSpace>(std::move(inferred.space));
    columns.assign(inferred.columns.begin(), inferred.columns.end());
    const bool is_described = std::any_of(trials.columns.begin(), trials.columns.end(),
                                          [](const SourceColumn& column) { return column.domain.has_value(); });
    imported.is_space_inferred = !is_described || imported.space->has_conditions();
    if (!is_described) imported.notes.push_back(inferred_space_note(*imported.space));
  }
  add_trials(trials, columns, objectives, space == nullptr, imported);
  return imported;
}

std::vector<Configuration> import_configurations(const std::filesystem::path& source,
                                                 const std::shared_ptr<const SearchSpace>& space) {
  SourceTrials trials = read_trials(source);
  if (trials.rows.empty()) throw InvalidInput(trials.where, "holds no configurations");
  name_columns(trials, space.get());
  for (SourceRow& row : trials.rows) row.status = TrialStatus::completed;  // whatever became of it
  ImportedTrials imported;
  imported.space = space;
  add_trials(trials, columns_in(trials, *space, {}), {}, false, imported);
  std::vector<Configuration> configurations;
  for (Trial& trial : imported.trials) configurations.push_back(std::move(trial.configuration));
  return configurations;
}

ImportedTrials import_trials(const std::filesystem::path& source, const ImportOptions& options) {
  return understand(read_trials(source, options.study), options);
}

}  // namespace hyperego
