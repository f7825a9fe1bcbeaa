#include <hyperego/report/document/detail/constraint_record.hpp>
#include <hyperego/report/document/detail/document_parts.hpp>
#include <hyperego/report/document/detail/sections.hpp>

#include <cmath>

namespace hyperego::detail {
namespace {

using nlohmann::ordered_json;

std::string wanted(const Objective& objective) {
  return objective.name +
         (objective.direction == Direction::maximize ? " (as large as possible)" : " (as small as possible)");
}

std::string aim(const StudySpecification& study) {
  std::vector<std::string> names;
  for (const Objective& objective : study.objectives) names.push_back(wanted(objective));
  return "The study “" + study.name + "” looks for values of " +
         counted(study.space->searched().size(), "hyperparameter") + " that are good in " + listed(names) + ".";
}

std::string state(const StudyRecord& record) {
  const StudyHistory& history = record.history;
  const std::string done = std::to_string(history.ended()) + " of " + counted(history.study().limits.trials, "trial");
  std::string text = done + (history.ended() == 1 ? " has ended" : " have ended");
  if (history.elapsed_s() > 0) {
    text += " after " + duration_in_words(history.elapsed_s()) + ", of which the evaluations took " +
            duration_in_words(history.evaluation_s());
  }
  if (const auto& stopped = history.stopped()) {
    text += ". It stopped because " + (stopped->message.empty() ? stopped->reason : stopped->message);
  } else if (record.running) {
    text += ", and it is running";
  } else if (history.ended() < history.study().limits.trials) {
    text += "; it is not running now and has not been stopped by a limit";
  }
  return text + ".";
}

std::string front_size(const StudyHistory& history) {
  const std::size_t size = history.archive().size();
  if (size == 0 && history.count(TrialStatus::infeasible) > 0) {
    return "No trial has kept all constraints yet, so there is no result.";
  }
  if (size == 0) return "No trial has completed yet, so there is no result.";
  if (history.study().objectives.size() == 1) return "With one objective the result is the best trial.";
  return size == 1 ? "One trial is better than or equal to all others in every objective."
                   : counted(size, "trial") +
                         " are on the Pareto front: none of them is beaten in every objective by "
                         "another trial.";
}

std::string volume(const StudyHistory& history) {
  const auto value = history.hypervolume();
  if (!value) return "A hypervolume needs a completed trial first.";
  std::vector<std::string> point;
  const auto& objectives = history.study().objectives;
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    point.push_back(
        objectives[i].name + " = " +
        in_words(from_minimised(objectives[i], history.reference()->minimised[static_cast<Eigen::Index>(i)])));
  }
  return "The hypervolume of the front, which grows with every improvement, is " + in_words(*value) +
         " relative to the reference point " + listed(point) + " (" + history.reference()->source(objectives) + ").";
}

ordered_json objective_table(const StudyHistory& history) {
  ordered_json table = empty_table({"objective", "direction", "scale of the model", "reference", "best", "trial"});
  const auto& objectives = history.study().objectives;
  for (std::size_t i = 0; i < objectives.size(); ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    ordered_json best = nullptr;
    ordered_json trial = nullptr;
    double least = std::numeric_limits<double>::infinity();
    for (const auto& member : history.archive().front()) {
      if (!(member.objectives[row] < least)) continue;
      least = member.objectives[row];
      best = from_minimised(objectives[i], least);
      trial = member.id;
    }
    ordered_json reference = nullptr;
    if (history.reference()) reference = from_minimised(objectives[i], history.reference()->minimised[row]);
    table["rows"].push_back(
        {objectives[i].name, objectives[i].direction == Direction::maximize ? "maximize" : "minimize",
         objectives[i].transform == Objective::Transform::log ? "logarithm" : "as it is", reference, best, trial});
  }
  return table;
}

ordered_json state_table(const StudyHistory& history) {
  ordered_json table = empty_table({"state", "trials"});
  for (const TrialStatus status : {TrialStatus::completed, TrialStatus::infeasible, TrialStatus::failed,
                                   TrialStatus::timed_out, TrialStatus::lost}) {
    table["rows"].push_back({std::string(to_string(status)), history.count(status)});
  }
  if (const std::uint64_t stopped = history.count(TrialStatus::stopped); stopped > 0) {
    table["rows"].push_back({"stopped", stopped});
  }
  table["rows"].push_back({"pending", history.pending().size()});
  return table;
}

ordered_json constraint_table(const StudyHistory& history) {
  ordered_json table = empty_table({"constraint", "lower limit", "upper limit", "trials that measured it",
                                    "trials outside", "least value", "greatest value"});
  for (const ConstraintRecord& record : constraint_records(history)) {
    ordered_json row{record.constraint.name, number_or_null(record.constraint.lower),
                     number_or_null(record.constraint.upper), record.measured, record.broken()};
    for (const double value : {record.least, record.greatest}) {
      row.push_back(record.measured > 0 ? ordered_json(value) : ordered_json(nullptr));
    }
    table["rows"].push_back(std::move(row));
  }
  return table;
}

std::string domain_in_words(const Hyperparameter& hyperparameter) {
  if (const auto* real = std::get_if<FloatDomain>(&hyperparameter.domain)) {
    return in_words(real->lower) + " to " + in_words(real->upper) + (real->log ? ", logarithmic" : "");
  }
  if (const auto* whole = std::get_if<IntegerDomain>(&hyperparameter.domain)) {
    return std::to_string(whole->lower) + " to " + std::to_string(whole->upper) + ", whole" +
           (whole->log ? ", logarithmic" : "");
  }
  if (const auto* quantised = std::get_if<QuantisedDomain>(&hyperparameter.domain)) {
    return in_words(quantised->lower) + " to " + in_words(quantised->upper) + " in steps of " + in_words(quantised->q) +
           (quantised->log ? ", logarithmic" : "");
  }
  return hyperparameter.describe();
}

ordered_json space_table(const SearchSpace& space) {
  ordered_json table = empty_table({"hyperparameter", "values", "default", "only sometimes active"});
  for (std::size_t i = 0; i < space.size(); ++i) {
    table["rows"].push_back({space[i].name, domain_in_words(space[i]),
                             to_json(space[i].value_of(space[i].default_code)), space.is_conditional(i) ? "yes" : ""});
  }
  return table;
}

}  // namespace

ordered_json outcome_section(const StudyRecord& record) {
  const StudyHistory& history = record.history;
  ordered_json section = empty_section("outcome", "Outcome");
  section["text"] = {aim(history.study()), state(record), front_size(history), volume(history)};
  if (history.failures() > 0) {
    section["text"].push_back(counted(history.failures(), "trial") +
                              " failed, timed out or got lost; the section on health says why.");
  }
  if (const std::uint64_t infeasible = history.count(TrialStatus::infeasible); infeasible > 0) {
    section["text"].push_back(counted(infeasible, "trial") +
                              " broke a constraint and cannot be on the front, however good the objectives.");
  }
  add_table(section, "objectives", "Objectives", objective_table(history));
  add_table(section, "states", "Trials by state", state_table(history));
  if (!history.study().constraints.empty()) {
    add_table(section, "constraints", "Constraints", constraint_table(history));
  }
  add_table(section, "space", "What is searched", space_table(*history.study().space));
  return section;
}

}  // namespace hyperego::detail
