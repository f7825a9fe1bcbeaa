#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/sections.hpp>

#include <algorithm>
#include <limits>
#include <map>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

std::string standing(const StudyHistory::Record& record, bool on_front) {
  if (!record.outcome) return "pending";
  switch (record.outcome->status) {
    case TrialStatus::completed:
      if (record.fidelity) return "below full fidelity";
      return on_front ? "front" : "dominated";
    case TrialStatus::infeasible:
      return "infeasible";
    case TrialStatus::stopped:
      return "stopped";
    default:
      return "failed";
  }
}

/// The values, and null for each of `count` that is missing.
void append_values(ordered_json& row, const Eigen::VectorXd* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = static_cast<Eigen::Index>(i);
    row.push_back(values != nullptr && values->size() > at ? number_or_null((*values)[at]) : ordered_json(nullptr));
  }
}

ordered_json front_table(const StudyHistory& history) {
  const StudySpecification& study = history.study();
  std::vector<std::string> columns{"trial", "mark"};
  for (const Objective& objective : study.objectives) columns.push_back(objective.name);
  for (const Hyperparameter& hyperparameter : study.space->hyperparameters()) columns.push_back(hyperparameter.name);
  ordered_json table = empty_table(columns);
  std::map<std::uint64_t, std::string> marks;
  for (const FrontMark& mark : front_marks(history)) {
    std::string& text = marks[mark.trial];
    text += (text.empty() ? "" : ", ") + mark.text;
  }
  for (const std::uint64_t trial : history.front()) {
    const StudyHistory::Record& record = history.records()[trial];
    ordered_json row{trial, marks[trial]};
    for (const double value : history.pooled_objectives(trial)) row.push_back(value);
    for (std::size_t i = 0; i < study.space->size(); ++i) {
      row.push_back(record.configuration.is_set(i) ? to_json((*study.space)[i].value_of(record.configuration[i]))
                                                   : ordered_json(nullptr));
    }
    table["rows"].push_back(std::move(row));
  }
  return table;
}

/// The front after each quarter of the ended trials.
ordered_json attainment(const StudyRecord& record) {
  const std::vector<Objective>& objectives = record.history.study().objectives;
  std::vector<std::string> columns{"after trials"};
  for (const Objective& objective : objectives) columns.push_back(objective.name);
  ordered_json table = empty_table(columns);
  ParetoArchive archive(static_cast<int>(objectives.size()));
  const std::size_t all = record.ended.size();
  std::size_t quarter = 1;
  for (std::size_t k = 0; k < all; ++k) {
    const StudyHistory::Record& ended = record.history.records()[record.ended[k]];
    if (ended.completed_in_full()) {
      archive.add(record.ended[k], to_minimised(objectives, ended.outcome->objectives));
    }
    if (quarter > 4 || k + 1 < (quarter * all + 3) / 4) continue;
    while (quarter <= 4 && k + 1 >= (quarter * all + 3) / 4) ++quarter;
    for (const auto& member : archive.front()) {
      ordered_json row{k + 1};
      for (std::size_t j = 0; j < objectives.size(); ++j) {
        row.push_back(from_minimised(objectives[j], member.objectives[static_cast<Eigen::Index>(j)]));
      }
      table["rows"].push_back(std::move(row));
    }
  }
  return table;
}

void add_attainment(ordered_json& section, const StudyRecord& record) {
  const std::vector<Objective>& objectives = record.history.study().objectives;
  ordered_json directions = ordered_json::array();
  for (const Objective& objective : objectives) {
    directions.push_back(objective.direction == Direction::maximize ? "maximize" : "minimize");
  }
  add_figure(section, "attainment", "The front as it grew",
             objectives.size() == 2
                 ? "What had been reached after each quarter of the trials; everything on the worse side of a line was "
                   "reached by then."
                 : "The trials that were on the front after each quarter of the trials; what counts is all objectives "
                   "together, so points of one front may beat each other in a pair of objectives.",
             {{"kind", "attainment"}, {"directions", std::move(directions)}}, attainment(record));
}

std::string marks_in_words(const StudyHistory& history) {
  const std::vector<FrontMark> marks = front_marks(history);
  const auto knee = std::find_if(marks.begin(), marks.end(), [](const FrontMark& mark) { return mark.text == "knee"; });
  if (knee == marks.end()) return {};
  const Outcome& outcome = *history.records()[knee->trial].outcome;
  std::vector<std::string> values;
  const auto& objectives = history.study().objectives;
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    values.push_back(objectives[i].name + " " + in_words(outcome.objectives[static_cast<Eigen::Index>(i)]));
  }
  return "Trial " + std::to_string(knee->trial) +
         " is the knee, where giving up a little of one objective no longer "
         "gains much in another: " +
         listed(values) + ".";
}

}  // namespace

bool has_values(const StudyHistory& history) {
  return std::any_of(history.records().begin(), history.records().end(), [](const StudyHistory::Record& record) {
    return record.outcome && record.outcome->objectives.size() > 0;
  });
}

std::vector<FrontMark> front_marks(const StudyHistory& history) {
  const auto& members = history.archive().front();
  const auto& objectives = history.study().objectives;
  std::vector<FrontMark> marks;
  if (members.empty() || objectives.size() < 2) {
    if (!members.empty()) marks.push_back({members.front().id, "best " + objectives.front().name});
    return marks;
  }
  const Eigen::MatrixXd points = history.archive().front_points();
  const Eigen::VectorXd least = points.colwise().minCoeff();
  const Eigen::VectorXd range = points.colwise().maxCoeff().transpose() - least;
  for (std::size_t j = 0; j < objectives.size(); ++j) {
    Eigen::Index best = 0;
    points.col(static_cast<Eigen::Index>(j)).minCoeff(&best);
    marks.push_back({members[static_cast<std::size_t>(best)].id, "best " + objectives[j].name});
  }
  if (members.size() < 3) return marks;
  Eigen::Index knee = 0;
  Eigen::VectorXd sums = Eigen::VectorXd::Zero(points.rows());
  for (Eigen::Index j = 0; j < points.cols(); ++j) {
    if (range[j] > 0) sums += (points.col(j).array() - least[j]).matrix() / range[j];
  }
  sums.minCoeff(&knee);
  marks.push_back({members[static_cast<std::size_t>(knee)].id, "knee"});
  return marks;
}

ordered_json trials_table(const StudyRecord& record) {
  const StudyHistory& history = record.history;
  const StudySpecification& study = history.study();
  std::vector<std::string> columns{"trial", "status", "standing", "mark", "phase", "seconds"};
  for (const Hyperparameter& hyperparameter : study.space->hyperparameters()) columns.push_back(hyperparameter.name);
  for (const Objective& objective : study.objectives) columns.push_back(objective.name);
  for (const Constraint& constraint : study.constraints) columns.push_back(constraint.name);
  columns.insert(columns.end(), {"reason", "message"});
  ordered_json table = empty_table(columns);
  const std::vector<std::uint64_t> front = history.front();
  std::map<std::uint64_t, std::string> marks;
  for (const FrontMark& mark : front_marks(history)) {
    std::string& text = marks[mark.trial];
    text += (text.empty() ? "" : ", ") + mark.text;
  }
  for (std::uint64_t trial = 0; trial < history.records().size(); ++trial) {
    const StudyHistory::Record& one = history.records()[trial];
    const ordered_json& decision = *record.entries[trial].decision;
    const bool on_front = std::binary_search(front.begin(), front.end(), trial);
    const auto mark = marks.find(trial);
    ordered_json row{trial,
                     one.outcome ? std::string(to_string(one.outcome->status)) : std::string("pending"),
                     standing(one, on_front),
                     mark == marks.end() ? std::string{} : mark->second,
                     decision.value("phase", ""),
                     one.outcome ? number_or_null(one.outcome->seconds) : ordered_json(nullptr)};
    for (std::size_t i = 0; i < study.space->size(); ++i) {
      row.push_back(one.configuration.is_set(i) ? to_json((*study.space)[i].value_of(one.configuration[i]))
                                                : ordered_json(nullptr));
    }
    append_values(row, one.outcome ? &one.outcome->objectives : nullptr, study.objectives.size());
    append_values(row, one.outcome ? &one.outcome->constraints : nullptr, study.constraints.size());
    row.push_back(decision.value("reason", ""));
    row.push_back(one.outcome ? one.outcome->message : std::string{});
    table["rows"].push_back(std::move(row));
  }
  return table;
}

ordered_json trial_columns(const StudyRecord& record) {
  const StudySpecification& study = record.history.study();
  std::size_t column = 6;
  ordered_json hyperparameters = ordered_json::array();
  for (const Hyperparameter& one : study.space->hyperparameters()) {
    ordered_json described{{"column", column++}, {"name", one.name}, {"log", false}, {"choices", nullptr}};
    if (const auto* real = std::get_if<FloatDomain>(&one.domain)) described["log"] = real->log;
    if (const auto* whole = std::get_if<IntegerDomain>(&one.domain)) described["log"] = whole->log;
    if (const auto* quantised = std::get_if<QuantisedDomain>(&one.domain)) described["log"] = quantised->log;
    if (std::holds_alternative<OrdinalDomain>(one.domain) || std::holds_alternative<CategoricalDomain>(one.domain)) {
      described["choices"] = ordered_json::array();
      for (std::size_t k = 0; k < one.cardinality(); ++k) {
        described["choices"].push_back(to_json(one.value_of(static_cast<double>(k))));
      }
    }
    if (!one.is_constant()) hyperparameters.push_back(std::move(described));
  }
  ordered_json objectives = ordered_json::array();
  for (const Objective& objective : study.objectives) {
    objectives.push_back({{"column", column++},
                          {"name", objective.name},
                          {"direction", objective.direction == Direction::maximize ? "maximize" : "minimize"},
                          {"log", objective.transform == Objective::Transform::log}});
  }
  ordered_json constraints = ordered_json::array();
  for (const Constraint& constraint : study.constraints) {
    constraints.push_back({{"column", column++},
                           {"name", constraint.name},
                           {"lower", number_or_null(constraint.lower)},
                           {"upper", number_or_null(constraint.upper)}});
  }
  return {{"hyperparameters", std::move(hyperparameters)},
          {"objectives", std::move(objectives)},
          {"constraints", std::move(constraints)}};
}

ordered_json front_section(const StudyRecord& record) {
  const StudyHistory& history = record.history;
  const std::size_t m = history.study().objectives.size();
  ordered_json section = empty_section("front", m == 1 ? "Best trials" : "Pareto front");
  if (!has_values(history)) {
    section["text"].push_back("No trial has completed yet.");
    return section;
  }
  section["text"].push_back(
      "Each point is a trial. Choose one, by a click or with the arrow keys, to read its configuration and why it was "
      "suggested.");
  if (const std::string knee = marks_in_words(history); !knee.empty()) section["text"].push_back(knee);
  const bool is_constrained = !history.study().constraints.empty();
  if (is_constrained && history.archive().empty()) {
    section["text"].push_back("No trial has kept all constraints yet, so there is no front.");
  }
  ordered_json chart = trial_columns(record);
  chart["kind"] = "front";
  add_figure(
      section, "front",
      m == 1           ? "Objective by trial"
      : is_constrained ? "Objectives and constraints of all trials"
                       : "Objectives of all trials",
      std::string(m == 1 ? "The best trial stands out; " : "The front stands out, dominated trials are dimmed; ") +
          (is_constrained ? "those that broke a constraint are hollow, and a constraint allows nothing in its "
                            "shaded range; failed trials have no values and are not shown."
                          : "failed trials have no values and are not shown."),
      std::move(chart), "trials");
  if (history.archive().empty()) return section;
  if (m > 1 && record.ended.size() >= 8) add_attainment(section, record);
  add_table(section, "front", m == 1 ? "The best configurations" : "The front", front_table(history));
  section["tables"].back()["trials"] = true;
  return section;
}

}  // namespace hyperego::detail
