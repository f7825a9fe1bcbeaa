#include <hyperego/report/detail/document_parts.hpp>
#include <hyperego/report/detail/sections.hpp>

#include <algorithm>
#include <limits>
#include <map>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

std::string standing(const StudyHistory::Record& record, bool on_front) {
  if (!record.outcome) return "pending";
  if (record.outcome->status == TrialStatus::completed) return on_front ? "front" : "dominated";
  return record.outcome->status == TrialStatus::infeasible ? "infeasible" : "failed";
}

ordered_json bounds_of(const StudySpecification& study, const std::string& name) {
  ordered_json limits = ordered_json::array();
  for (const Constraint& constraint : study.constraints) {
    if (constraint.name != name) continue;
    if (std::isfinite(constraint.lower)) limits.push_back(constraint.lower);
    if (std::isfinite(constraint.upper)) limits.push_back(constraint.upper);
  }
  return limits;
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
  const StudySpecification& study = record.history.study();
  ordered_json table = empty_table({"after trials", study.objectives[0].name, study.objectives[1].name});
  ParetoArchive archive(2);
  const std::size_t all = record.ended.size();
  std::size_t quarter = 1;
  for (std::size_t k = 0; k < all; ++k) {
    const Outcome& outcome = *record.history.records()[record.ended[k]].outcome;
    if (outcome.status == TrialStatus::completed) {
      archive.add(record.ended[k], to_minimised(study.objectives, outcome.objectives));
    }
    if (quarter > 4 || k + 1 < (quarter * all + 3) / 4) continue;
    while (quarter <= 4 && k + 1 >= (quarter * all + 3) / 4) ++quarter;
    for (const auto& member : archive.front()) {
      table["rows"].push_back({k + 1, from_minimised(study.objectives[0], member.objectives[0]),
                               from_minimised(study.objectives[1], member.objectives[1])});
    }
  }
  return table;
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
    for (Eigen::Index j = 0; j < static_cast<Eigen::Index>(study.objectives.size()); ++j) {
      const bool has = one.outcome && one.outcome->objectives.size() > j;
      row.push_back(has ? number_or_null(one.outcome->objectives[j]) : ordered_json(nullptr));
    }
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
                          {"log", objective.transform == Objective::Transform::log},
                          {"limits", bounds_of(study, objective.name)}});
  }
  return {{"hyperparameters", std::move(hyperparameters)}, {"objectives", std::move(objectives)}};
}

ordered_json front_section(const StudyRecord& record) {
  const StudyHistory& history = record.history;
  const std::size_t m = history.study().objectives.size();
  ordered_json section = empty_section("front", m == 1 ? "Best trials" : "Pareto front");
  if (history.archive().empty()) {
    section["text"].push_back("No trial has completed yet.");
    return section;
  }
  section["text"].push_back(
      "Each point is a trial. Choose one, by a click or with the arrow keys, to read its configuration and why it was "
      "suggested.");
  if (const std::string knee = marks_in_words(history); !knee.empty()) section["text"].push_back(knee);
  ordered_json chart = trial_columns(record);
  chart["kind"] = "front";
  add_figure(section, "front", m == 1 ? "Objective by trial" : "Objectives of all trials",
             m == 1 ? "The best trial stands out; failed ones have no value and are not shown."
                    : "The front stands out, dominated trials are dimmed, infeasible ones are hollow; failed trials "
                      "have no values and are not shown.",
             std::move(chart), "trials");
  if (m == 2 && record.ended.size() >= 8) {
    add_figure(section, "attainment", "The front as it grew",
               "What had been reached after each quarter of the trials; everything on the worse side of a line was "
               "reached by then.",
               {{"kind", "attainment"},
                {"directions",
                 {history.study().objectives[0].direction == Direction::maximize ? "maximize" : "minimize",
                  history.study().objectives[1].direction == Direction::maximize ? "maximize" : "minimize"}}},
               attainment(record));
  }
  add_table(section, "front", m == 1 ? "The best configurations" : "The front", front_table(history));
  section["tables"].back()["trials"] = true;
  return section;
}

}  // namespace hyperego::detail
