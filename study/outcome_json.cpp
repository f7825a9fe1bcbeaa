#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/non_finite_json.hpp>
#include <hyperego/core/number_text.hpp>
#include <hyperego/study/detail/quoted_line.hpp>
#include <hyperego/study/outcome_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <vector>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

std::string text_of(const JsonReader& reader) { return reader.is_string() ? reader.string() : reader.json().dump(); }

/// NaN and infinities are numbers here; what they mean for the trial is decided where all values are known.
double number_of(const JsonReader& reader) {
  const ordered_json& json = reader.json();
  return json.is_number_float() ? json.get<double>() : reader.number();
}

/// The values of `names` from an object or, in their order, an array.
Eigen::VectorXd read_values(const JsonReader& reader, const std::vector<std::string>& names) {
  Eigen::VectorXd values(static_cast<Eigen::Index>(names.size()));
  if (reader.is_array()) {
    const auto elements = reader.elements();
    if (elements.size() != names.size()) {
      reader.fail("expected " + std::to_string(names.size()) + " values, found " + std::to_string(elements.size()));
    }
    for (std::size_t i = 0; i < names.size(); ++i) values[static_cast<Eigen::Index>(i)] = number_of(elements[i]);
    return values;
  }
  for (std::size_t i = 0; i < names.size(); ++i)
    values[static_cast<Eigen::Index>(i)] = number_of(reader.member(names[i]));
  return values;
}

template <typename Named>
std::vector<std::string> names_of(const std::vector<Named>& things) {
  std::vector<std::string> names;
  for (const auto& thing : things) names.push_back(thing.name);
  return names;
}

void refuse_unknown(const JsonReader& reader, const std::vector<std::string>& known) {
  for (const auto& [name, member] : reader.members()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      member.fail("unknown member" + expected_name(name, known));
    }
  }
}

/// The view of an outcome's parts, whichever form it has.
struct Parts {
  JsonReader objectives;
  std::optional<JsonReader> constraints = {};
  std::optional<JsonReader> status = {};
  std::optional<JsonReader> info = {};
  std::optional<JsonReader> failed = {};  ///< text: the trial failed, and why
};

/// A member that is there twice, beside the objectives and within `nested`.
void refuse_both(const JsonReader& reader, const std::optional<JsonReader>& nested,
                 const std::vector<std::string>& names) {
  if (!nested) return;
  for (const std::string& name : names) {
    if (const auto flat = reader.find(name)) flat->fail("is given beside " + nested->where() + "; remove one of them");
  }
}

Parts parts_of(const JsonReader& reader, const StudySpecification& study, UnknownMembers unknown) {
  if (reader.is_array()) return {reader};
  const std::vector<std::string> objectives = names_of(study.objectives);
  const std::vector<std::string> constraints = names_of(study.constraints);
  std::vector<std::string> known = objectives;
  known.insert(known.end(), constraints.begin(), constraints.end());
  // A study may call an objective "status" or "info"; it then means the objective.
  const auto find = [&](const char* name) {
    const bool is_free = std::find(known.begin(), known.end(), name) == known.end();
    return is_free ? reader.find(name) : std::nullopt;
  };
  Parts parts{reader, find("constraints"), find("status"), find("info"), find("failed")};
  const auto nested = find("objectives");
  if (nested) parts.objectives = *nested;
  const auto message = find("message");
  if (unknown == UnknownMembers::refused) {
    if (message && parts.info) message->fail("means the same as \"info\", which is there as well; remove one of them");
    refuse_both(reader, nested, objectives);
    refuse_both(reader, parts.constraints, constraints);
    if (nested && nested->is_object()) refuse_unknown(*nested, objectives);
    if (parts.constraints && parts.constraints->is_object()) refuse_unknown(*parts.constraints, constraints);
    for (const char* name :
         {"status", "info", "message", "failed", "constraints", "objectives", "trial", "seed", "configuration"}) {
      known.emplace_back(name);
    }
    refuse_unknown(reader, known);
  }
  if (!parts.info) parts.info = message;
  if (!parts.constraints && !constraints.empty()) parts.constraints = reader;
  return parts;
}

bool gives_any(const JsonReader& values, const std::vector<std::string>& names) {
  return values.is_array() || std::any_of(names.begin(), names.end(),
                                          [&](const std::string& name) { return values.find(name).has_value(); });
}

/// A trial that came to no result has no values either: one of the two is a mistake.
void refuse_values(const Parts& parts, const StudySpecification& study, const std::string& status) {
  const auto refuse = [&](const JsonReader& values, const std::vector<std::string>& names, const char* kind) {
    if (!gives_any(values, names)) return;
    values.fail(std::string("holds ") + kind + " of a trial that is said to be " + status +
                "; remove them, or the status");
  };
  refuse(parts.objectives, names_of(study.objectives), "objectives");
  if (parts.constraints) refuse(*parts.constraints, names_of(study.constraints), "constraints");
}

/// The status as it is said, in either way.
TrialStatus said_status(const Parts& parts, UnknownMembers unknown) {
  const bool is_user = unknown == UnknownMembers::refused;
  TrialStatus status = TrialStatus::completed;
  if (parts.status) {
    const std::string word =
        is_user ? parts.status->word({"completed", "infeasible", "failed", "timed_out", "lost", "stopped"})
                : parts.status->word({"completed", "infeasible", "failed"});
    status = trial_status_from(word, parts.status->where());
  }
  if (!is_user || !parts.failed) return status;
  if (parts.status && status != TrialStatus::failed) {
    parts.failed->fail("contradicts the status \"" + std::string(to_string(status)) + "\"; remove one of them");
  }
  return TrialStatus::failed;
}

Outcome without_result(const Parts& parts, TrialStatus status, UnknownMembers unknown) {
  Outcome outcome{.status = status};
  if (parts.info) outcome.message = text_of(*parts.info);
  if (parts.failed && unknown == UnknownMembers::refused) {
    if (parts.info) parts.failed->fail("is given beside a message; remove one of them");
    outcome.message = parts.failed->string();
  } else if (status == TrialStatus::failed && outcome.message.empty()) {
    outcome.message = "the evaluated program said so";
  }
  return outcome;
}

/// What is wrong with the first value that is not finite; empty where all are.
std::string not_finite(const Eigen::VectorXd& values, const std::vector<std::string>& names, const char* kind) {
  for (std::size_t i = 0; i < names.size() && i < static_cast<std::size_t>(values.size()); ++i) {
    const double value = values[static_cast<Eigen::Index>(i)];
    if (std::isfinite(value)) continue;
    return std::string(kind) + " \"" + names[i] + "\" is not finite (" +
           (std::isnan(value) ? "NaN"
            : value < 0       ? "-Infinity"
                              : "Infinity") +
           ")";
  }
  return {};
}

/// @throws InvalidInput for the first value outside of its objective's bounds.
void require_within_bounds(const Eigen::VectorXd& values, const std::vector<Objective>& objectives,
                           const JsonReader& place) {
  for (std::size_t i = 0; i < objectives.size() && i < static_cast<std::size_t>(values.size()); ++i) {
    const double value = values[static_cast<Eigen::Index>(i)];
    const Objective& objective = objectives[i];
    if ((!objective.lower || value >= *objective.lower) && (!objective.upper || value <= *objective.upper)) continue;
    place.fail("\"" + objective.name + "\" is " + number_text(value, 6) + ", outside of its bounds [" +
               (objective.lower ? number_text(*objective.lower, 6) : "-∞") + ", " +
               (objective.upper ? number_text(*objective.upper, 6) : "∞") +
               "]; correct the value or the study's bounds");
  }
}

/// Where the study asks for them, beside what the program says.
void add_measured(ordered_json& json, const StudySpecification& study, const std::map<std::string, double>& measured) {
  const auto add = [&](const std::vector<std::string>& names, const char* nested) {
    ordered_json& values = json.contains(nested) && json.at(nested).is_object() ? json.at(nested) : json;
    for (const auto& [name, value] : measured) {
      if (std::find(names.begin(), names.end(), name) != names.end()) values[name] = value;
    }
  };
  add(names_of(study.objectives), "objectives");
  add(names_of(study.constraints), "constraints");
}

/// What a program gives us: whatever is wrong with it is a failure whose message shows it and the rule.
Outcome outcome_from_text(const std::string& text, const StudySpecification& study, const std::string& where,
                          const std::string& rule, const std::map<std::string, double>& measured) {
  const auto failed = [](const std::string& message) {
    return Outcome{.status = TrialStatus::failed, .message = message};
  };
  if (text.empty()) return failed("it printed nothing; expected one JSON object with the objectives");
  try {
    ordered_json json = parse_json_with_non_finite(text, where);
    if (!json.is_object()) throw InvalidInput(where, "is no JSON object; expected {\"objective\": value, …}");
    add_measured(json, study, measured);
    return outcome_from_json(json, study, where, UnknownMembers::ignored);
  } catch (const InvalidInput& error) {
    return failed(std::string(error.what()) + "; it reads " + detail::quoted_line(text) + " (" + rule + ")");
  }
}

}  // namespace

Outcome judged_by_constraints(Outcome outcome, const StudySpecification& study) {
  if (outcome.status != TrialStatus::completed || study.constraints.empty()) return outcome;
  if (outcome.constraints.size() != static_cast<Eigen::Index>(study.constraints.size())) {
    return {.status = TrialStatus::failed, .message = "the values of the constraints are missing"};
  }
  for (std::size_t i = 0; i < study.constraints.size(); ++i) {
    const double value = outcome.constraints[static_cast<Eigen::Index>(i)];
    if (value >= study.constraints[i].lower && value <= study.constraints[i].upper) continue;
    outcome.status = TrialStatus::infeasible;
    if (outcome.message.empty()) outcome.message = "constraint \"" + study.constraints[i].name + "\" is broken";
    return outcome;
  }
  return outcome;
}

Outcome outcome_from_json(const ordered_json& json, const StudySpecification& study, const std::string& where,
                          UnknownMembers unknown) {
  const Parts parts = parts_of(JsonReader(json, where), study, unknown);
  const std::vector<std::string> objectives = names_of(study.objectives);
  const std::vector<std::string> constraints = names_of(study.constraints);
  const TrialStatus status = said_status(parts, unknown);
  if (status != TrialStatus::completed && status != TrialStatus::infeasible) {
    if (unknown == UnknownMembers::refused) refuse_values(parts, study, std::string(to_string(status)));
    return without_result(parts, status, unknown);
  }
  Outcome outcome;
  if (parts.info) outcome.message = text_of(*parts.info);
  const bool may_be_absent = status == TrialStatus::infeasible;
  if (!may_be_absent || gives_any(parts.objectives, objectives)) {
    outcome.objectives = read_values(parts.objectives, objectives);
  }
  if (parts.constraints && (!may_be_absent || gives_any(*parts.constraints, constraints))) {
    outcome.constraints = read_values(*parts.constraints, constraints);
  }
  std::string fault = not_finite(outcome.objectives, objectives, "objective");
  if (fault.empty()) fault = not_finite(outcome.constraints, constraints, "constraint");
  if (!fault.empty()) {
    if (!outcome.message.empty()) fault += "; " + outcome.message;
    return {.status = TrialStatus::failed, .message = fault};
  }
  require_within_bounds(outcome.objectives, study.objectives, parts.objectives);
  if (status == TrialStatus::infeasible) {
    outcome.status = status;
    return outcome;
  }
  return judged_by_constraints(std::move(outcome), study);
}

IntermediateReport report_from_json(const ordered_json& json, const StudySpecification& study, const std::string& where,
                                    UnknownMembers unknown) {
  const JsonReader reader(json, where);
  if (!study.fidelity) reader.fail("is a report, and the study has no \"fidelity\"; add one");
  const std::vector<std::string> objectives = names_of(study.objectives);
  const auto nested = reader.find("objectives");
  if (unknown == UnknownMembers::refused) {
    std::vector<std::string> known = objectives;
    known.insert(known.end(), {study.fidelity->name, "objectives"});
    refuse_unknown(reader, known);
    refuse_both(reader, nested, objectives);
  }
  IntermediateReport report{.fidelity = reader.member(study.fidelity->name).number(),
                            .objectives = read_values(nested ? *nested : reader, objectives)};
  if (!(report.fidelity > 0)) reader.member(study.fidelity->name).fail("must be above 0");
  if (const std::string fault = not_finite(report.objectives, objectives, "objective"); !fault.empty()) {
    reader.fail(fault + "; leave such a report out");
  }
  require_within_bounds(report.objectives, study.objectives, nested ? *nested : reader);
  return report;
}

std::optional<IntermediateReport> report_from_line(std::string_view line, const StudySpecification& study,
                                                   std::string& fault) {
  constexpr std::string_view start = "{\"report\"";
  const std::size_t begin = line.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos || line.substr(begin, start.size()) != start) return std::nullopt;
  try {
    const ordered_json json = parse_json_with_non_finite(std::string(line), "a report");
    return report_from_json(json.at("report"), study, "a report", UnknownMembers::ignored);
  } catch (const InvalidInput& error) {
    fault = error.what();
  }
  return std::nullopt;
}

Outcome outcome_from_output(const std::string& last_line, const StudySpecification& study,
                            const std::map<std::string, double>& measured) {
  return outcome_from_text(last_line, study, "last line of its output",
                           "the last line must be one JSON object with the objectives; programs that print more, or in "
                           "several lines, write it to the file that HYPEREGO_RESULT names",
                           measured);
}

Outcome outcome_from_result_file(const std::string& text, const StudySpecification& study,
                                 const std::map<std::string, double>& measured) {
  return outcome_from_text(text, study, "its HYPEREGO_RESULT file",
                           "the file must hold one JSON object with the objectives and nothing else", measured);
}

}  // namespace hyperego
