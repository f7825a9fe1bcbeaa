#include <hyperego/core/error.hpp>
#include <hyperego/imports/table/column_names.hpp>
#include <hyperego/imports/trials/detail/objective_columns.hpp>

#include <algorithm>
#include <cmath>
#include <set>

namespace hyperego {
namespace {

bool is_percentage(const Cell& cell) {
  const auto* text = cell ? std::get_if<std::string>(&*cell) : nullptr;
  if (text == nullptr || text->empty() || text->back() != '%') return false;
  return number_of(std::string_view(*text).substr(0, text->size() - 1)).has_value();
}

/// Whether most of what stands in a column are numbers, with a per cent sign or without, and one of them is finite.
bool is_numeric(const SourceTrials& trials, std::size_t column) {
  std::size_t numbers = 0;
  std::size_t others = 0;
  bool has_finite = false;
  for (const SourceRow& row : trials.rows) {
    const Cell& cell = row.cells[column];
    if (is_missing(cell)) continue;
    const auto number = number_of(cell);
    ++(number || is_percentage(cell) ? numbers : others);
    has_finite = has_finite || is_percentage(cell) || (number && std::isfinite(*number));
  }
  return has_finite && numbers > others;
}

bool can_be_objective(const SourceTrials& trials, std::size_t j) {
  const ColumnRole role = trials.columns[j].role;
  const bool may = role == ColumnRole::candidate || role == ColumnRole::timing || role == ColumnRole::unknown;
  return may && is_numeric(trials, j);
}

std::vector<std::size_t> candidates_of(const SourceTrials& trials) {
  std::vector<std::size_t> candidates;
  for (std::size_t j = 0; j < trials.columns.size(); ++j) {
    if (can_be_objective(trials, j)) candidates.push_back(j);
  }
  return candidates;
}

std::vector<std::string> labels_of(const SourceTrials& trials, const std::vector<std::size_t>& columns) {
  std::vector<std::string> labels;
  for (const std::size_t j : columns) labels.push_back(trials.columns[j].name);
  return labels;
}

std::size_t column_named(const SourceTrials& trials, const std::string& name) {
  std::vector<std::string> names;
  std::optional<std::size_t> found;
  for (std::size_t j = 0; j < trials.columns.size(); ++j) {
    const SourceColumn& column = trials.columns[j];
    const bool matches = column.label == name || column.name == name;
    // A setting and a result may have the same name in different groups; the result is meant.
    if (matches && (!found || trials.columns[*found].role == ColumnRole::hyperparameter)) found = j;
    if (column.role != ColumnRole::hyperparameter && !column.name.empty()) names.push_back(column.name);
  }
  if (!found)
    throw InvalidInput(trials.where,
                       "there is no column \"" + name + "\" to be an objective" + expected_name(name, names));
  if (trials.columns[*found].role == ColumnRole::hyperparameter) {
    throw InvalidInput(trials.where, "\"" + name + "\" is a hyperparameter, so it is no objective" +
                                         (names.empty() ? std::string{} : expected_name(name, names)));
  }
  return *found;
}

/// Named in the remedy, for it to be one that can be copied: what sounds like a result, else whatever is no time.
const std::string& likely_name(const SourceTrials& trials, const std::vector<std::size_t>& candidates) {
  const auto rank = [&](std::size_t j) {
    const SourceColumn& column = trials.columns[j];
    return column.role == ColumnRole::timing ? 2 : sounds_like_result(column.name) ? 0 : 1;
  };
  return trials
      .columns[*std::min_element(candidates.begin(), candidates.end(),
                                 [&](std::size_t a, std::size_t b) { return rank(a) < rank(b); })]
      .name;
}

[[noreturn]] void refuse_to_guess(const SourceTrials& trials, const std::vector<std::size_t>& candidates) {
  if (candidates.empty()) {
    std::vector<std::string> names;
    for (const SourceColumn& column : trials.columns) {
      if (column.role != ColumnRole::hyperparameter && !column.label.empty()) names.push_back(column.label);
    }
    throw InvalidInput(trials.where, "there is no column of numbers that could be an objective" +
                                         (names.empty() ? std::string("; every column is a hyperparameter")
                                                        : "; the other columns are " + quoted_list(names)) +
                                         "; name one with --objective");
  }
  const std::string& likely = likely_name(trials, candidates);
  throw InvalidInput(trials.where, quoted_list(labels_of(trials, candidates), "or") +
                                       " could be the objective, and none is guessed; name it, as with --objective " +
                                       likely + " (--objective " + likely +
                                       "=maximize if it is to be large), and leave out what is neither objective nor "
                                       "hyperparameter with --ignore");
}

Objective objective_of(const SourceColumn& column, const ObjectiveChoice& choice, const std::string& where) {
  Objective objective = column.objective.value_or(Objective{});
  objective.name = column.name;
  if (column.objective && choice.direction && objective.direction != *choice.direction) {
    throw InvalidInput(where, "says that \"" + column.name + "\" is to be " +
                                  (objective.direction == Direction::maximize ? "maximized" : "minimized") +
                                  "; leave out the direction");
  }
  if (choice.direction) objective.direction = *choice.direction;
  return objective;
}

}  // namespace

std::string quoted_list(const std::vector<std::string>& names, const char* last_word) {
  constexpr std::size_t most = 12;
  std::string text;
  const std::size_t shown = std::min(names.size(), most);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) text += i + 1 == names.size() ? " " + std::string(last_word) + " " : ", ";
    text += "\"" + names[i] + "\"";
  }
  return names.size() > most ? text + " and " + std::to_string(names.size() - most) + " more" : text;
}

ObjectiveColumns choose_objectives(const SourceTrials& trials, const ImportOptions& options,
                                   std::vector<std::string>& notes) {
  std::vector<std::pair<std::size_t, ObjectiveChoice>> chosen;
  for (const ObjectiveChoice& choice : options.objectives)
    chosen.emplace_back(column_named(trials, choice.name), choice);
  if (chosen.empty()) {
    for (std::size_t j = 0; j < trials.columns.size(); ++j) {
      if (trials.columns[j].role == ColumnRole::objective) chosen.push_back({j, {}});
    }
  }
  if (chosen.empty()) {
    const std::vector<std::size_t> candidates = candidates_of(trials);
    if (candidates.size() != 1) refuse_to_guess(trials, candidates);
    chosen.push_back({candidates.front(), {}});
    notes.push_back("\"" + trials.columns[candidates.front()].name + "\" is the objective: no other column can be it");
  }
  ObjectiveColumns result;
  std::set<std::size_t> seen;
  for (const auto& [j, choice] : chosen) {
    const SourceColumn& column = trials.columns[j];
    if (!seen.insert(j).second) throw InvalidInput("--objective", "\"" + column.name + "\" is named twice");
    result.columns.push_back(j);
    result.objectives.push_back(objective_of(column, choice, trials.where));
    if (!column.objective && !choice.direction) {
      notes.push_back("\"" + column.name + "\" is taken as to be minimized; say --objective " + column.name +
                      "=maximize if it is to be large");
    }
  }
  return result;
}

}  // namespace hyperego
