#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/detail/quoted_line.hpp>
#include <hyperego/study/outcome_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

namespace hyperego {
namespace {

using nlohmann::ordered_json;

std::string text_of(const JsonReader& reader) { return reader.is_string() ? reader.string() : reader.json().dump(); }

/// The values of `names` from an object or, in their order, an array.
Eigen::VectorXd read_values(const JsonReader& reader, const std::vector<std::string>& names) {
  Eigen::VectorXd values(static_cast<Eigen::Index>(names.size()));
  if (reader.is_array()) {
    const auto elements = reader.elements();
    if (elements.size() != names.size()) {
      reader.fail("expected " + std::to_string(names.size()) + " values, found " + std::to_string(elements.size()));
    }
    for (std::size_t i = 0; i < names.size(); ++i) values[static_cast<Eigen::Index>(i)] = elements[i].number();
    return values;
  }
  for (std::size_t i = 0; i < names.size(); ++i)
    values[static_cast<Eigen::Index>(i)] = reader.member(names[i]).number();
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
  std::optional<JsonReader> constraints;
  std::optional<JsonReader> status;
  std::optional<JsonReader> info;
};

Parts parts_of(const JsonReader& reader, const StudySpecification& study, UnknownMembers unknown) {
  if (reader.is_array()) return {reader, std::nullopt, std::nullopt, std::nullopt};
  std::vector<std::string> known = names_of(study.objectives);
  const std::vector<std::string> objectives = known;
  for (const Constraint& constraint : study.constraints) known.push_back(constraint.name);
  // A study may call an objective "status" or "info"; it then means the objective.
  const auto free = [&](const char* name) { return std::find(known.begin(), known.end(), name) == known.end(); };
  std::optional<JsonReader> status;
  std::optional<JsonReader> info;
  if (free("status")) status = reader.find("status");
  for (const char* name : {"info", "message"}) {
    if (free(name) && !info) info = reader.find(name);
  }
  std::optional<JsonReader> nested;
  if (free("objectives")) nested = reader.find("objectives");
  std::optional<JsonReader> constraints;
  if (free("constraints")) constraints = reader.find("constraints");
  for (const char* name :
       {"status", "info", "message", "constraints", "objectives", "trial", "seed", "configuration"}) {
    known.emplace_back(name);
  }
  if (unknown == UnknownMembers::refused) {
    refuse_unknown(reader, known);
    if (nested && nested->is_object()) refuse_unknown(*nested, objectives);
  }
  if (!constraints && !study.constraints.empty()) constraints = reader;
  return {nested ? *nested : reader, constraints, status, info};
}

bool gives_any(const JsonReader& objectives, const StudySpecification& study) {
  return objectives.is_array() ||
         std::any_of(study.objectives.begin(), study.objectives.end(),
                     [&](const Objective& objective) { return objectives.find(objective.name).has_value(); });
}

/// Many programs write NaN and Infinity, which JSON does not have; the place of the complaint alone would not help.
std::string not_json(const std::string& line, const InvalidInput& error) {
  const bool names_it = line.find("NaN") != std::string::npos || line.find("nan") != std::string::npos ||
                        line.find("Infinity") != std::string::npos || line.find("inf") != std::string::npos;
  return names_it ? std::string("it printed a value that is not finite (") + error.what() + ")" : error.what();
}

/// What a program gives us: whatever is wrong with it is a failure whose message shows it and the rule.
Outcome outcome_from_text(const std::string& text, const StudySpecification& study, const std::string& where,
                          const std::string& rule) {
  const auto failed = [](const std::string& message) {
    return Outcome{.status = TrialStatus::failed, .message = message};
  };
  if (text.empty()) return failed("it printed nothing; expected one JSON object with the objectives");
  try {
    const ordered_json json = parse_json(text, where);
    if (!json.is_object()) throw InvalidInput(where, "is no JSON object; expected {\"objective\": value, …}");
    return outcome_from_json(json, study, where, UnknownMembers::ignored);
  } catch (const InvalidInput& error) {
    return failed(not_json(text, error) + "; it reads " + detail::quoted_line(text) + " (" + rule + ")");
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
  const JsonReader reader(json, where);
  const Parts parts = parts_of(reader, study, unknown);
  Outcome outcome;
  if (parts.info) outcome.message = text_of(*parts.info);
  const std::string status = parts.status ? parts.status->word({"completed", "infeasible", "failed"}) : "completed";
  if (status == "failed") {
    outcome.status = TrialStatus::failed;
    if (outcome.message.empty()) outcome.message = "the evaluated program said so";
    return outcome;
  }
  if (status == "infeasible" && !gives_any(parts.objectives, study)) {
    outcome.status = TrialStatus::infeasible;
    return outcome;
  }
  outcome.objectives = read_values(parts.objectives, names_of(study.objectives));
  if (parts.constraints) outcome.constraints = read_values(*parts.constraints, names_of(study.constraints));
  outcome = judged_by_constraints(std::move(outcome), study);
  if (status == "infeasible") outcome.status = TrialStatus::infeasible;
  return outcome;
}

Outcome outcome_from_output(const std::string& last_line, const StudySpecification& study) {
  return outcome_from_text(last_line, study, "last line of its output",
                           "the last line must be one JSON object with the objectives; programs that print more, or in "
                           "several lines, write it to the file that HYPEREGO_RESULT names");
}

Outcome outcome_from_result_file(const std::string& text, const StudySpecification& study) {
  return outcome_from_text(text, study, "its HYPEREGO_RESULT file",
                           "the file must hold one JSON object with the objectives and nothing else");
}

}  // namespace hyperego
