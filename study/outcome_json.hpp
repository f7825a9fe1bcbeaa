#pragma once

#include <hyperego/core/trial.hpp>
#include <hyperego/study/specification.hpp>

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hyperego {

enum class UnknownMembers { refused, ignored };

/// Reads what an evaluated program or a user says of a trial: {"error": 0.1, "latency_ms": 3} or {"objectives": {…}},
/// optionally with the values of constraints (beside the objectives or under "constraints"), "status" ("completed",
/// "infeasible" or "failed") and "info" or "message" (text). Objectives may also be an array in the study's order. A
/// constraint outside its bounds makes the trial infeasible. An infeasible trial need not have objectives. A value that
/// is not finite makes the trial a failed one.
///
/// Where unknown members are refused, whoever tells is taken at every word: "status" may also be "timed_out" or "lost",
/// {"failed": "why"} is a failed trial, and what cannot go together (values of a trial that failed, the same value in
/// two places) is refused as well.
/// @throws InvalidInput naming `where` and the member for anything missing, unknown, contradictory, or not a number.
[[nodiscard]] Outcome outcome_from_json(const nlohmann::ordered_json& json, const StudySpecification& study,
                                        const std::string& where, UnknownMembers unknown = UnknownMembers::refused);

/// The same for the output of a program: its last line that is not empty. Everything wrong with it is a failed outcome
/// whose message shows it; unknown members are whatever else the program measures.
/// Objectives and constraints that were `measured` are taken from there, by name.
[[nodiscard]] Outcome outcome_from_output(const std::string& last_line, const StudySpecification& study,
                                          const std::map<std::string, double>& measured = {});

/// The same for a file with nothing but the object, on one line or several.
[[nodiscard]] Outcome outcome_from_result_file(const std::string& text, const StudySpecification& study,
                                               const std::map<std::string, double>& measured = {});

/// What a running trial has reached: {"epochs": 3, "error": 0.2, …} with the study's fidelity and all its objectives,
/// which may also be under "objectives". @throws InvalidInput as outcome_from_json(), and for values that are not
/// finite.
[[nodiscard]] IntermediateReport report_from_json(const nlohmann::ordered_json& json, const StudySpecification& study,
                                                  const std::string& where,
                                                  UnknownMembers unknown = UnknownMembers::refused);

/// The same of a line of a program's output: {"report": {…}}. Nothing where the line is none, or not a sound one; then
/// `fault` says why.
[[nodiscard]] std::optional<IntermediateReport> report_from_line(std::string_view line, const StudySpecification& study,
                                                                 std::string& fault);

/// Completed, or infeasible where a constraint is broken or its value missing.
[[nodiscard]] Outcome judged_by_constraints(Outcome outcome, const StudySpecification& study);

}  // namespace hyperego
