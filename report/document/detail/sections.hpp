#pragma once

#include <hyperego/report/document/detail/explanations.hpp>
#include <hyperego/report/document/document.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace hyperego::detail {

/// v(N) − v(∅) of an explanation; 1 of a ranking, whose values are shares.
[[nodiscard]] inline double gain_of(const nlohmann::ordered_json& explanation) {
  if (!explanation.contains("full")) return 1;
  return explanation.at("full").get<double>() - explanation.at("empty").get<double>();
}

// The sections of a report, each as document_parts.hpp makes them.
[[nodiscard]] nlohmann::ordered_json outcome_section(const StudyRecord& record);
[[nodiscard]] nlohmann::ordered_json front_section(const StudyRecord& record);
[[nodiscard]] nlohmann::ordered_json progress_section(const StudyRecord& record);
[[nodiscard]] nlohmann::ordered_json tradeoffs_section(const StudyRecord& record, const Explanations& explanations);
[[nodiscard]] nlohmann::ordered_json importance_section(const StudyRecord& record, const Explanations& explanations);
[[nodiscard]] nlohmann::ordered_json decisions_section(const StudyRecord& record);
[[nodiscard]] nlohmann::ordered_json marginals_section(const StudyRecord& record, const Explanations& explanations,
                                                       const ReportOptions& options);
[[nodiscard]] nlohmann::ordered_json trials_section(const StudyRecord& record);
[[nodiscard]] nlohmann::ordered_json health_section(const StudyRecord& record, const Explanations& explanations);

/// What the study has taught, on the first screen: [{"title", "text": [sentence, …]}] with what came out, which
/// configuration to take, what to tune further, what to stop tuning and what is not known; the last three where games
/// were played. Empty without a completed trial.
[[nodiscard]] nlohmann::ordered_json learned(const StudyRecord& record, const Explanations& explanations);

/// All trials: "trial", "status", "standing" (front, dominated, infeasible, failed, pending), "mark", "phase",
/// "seconds", the hyperparameters, the objectives (raw direction), the constraints, "reason", "message".
[[nodiscard]] nlohmann::ordered_json trials_table(const StudyRecord& record);
/// Where in it hyperparameters, objectives and constraints stand, and what is known of them: {"hyperparameters":
/// [{"column", "name", "log", "choices"}], "objectives": [{"column", "name", "direction", "log"}], "constraints":
/// [{"column", "name", "lower", "upper"}]}; a limit that is not there is null.
[[nodiscard]] nlohmann::ordered_json trial_columns(const StudyRecord& record);

/// Whether any trial has measured objectives.
[[nodiscard]] bool has_values(const StudyHistory& history);

/// A front trial that stands out: the knee, which is nearest to the ideal point in the sum of objectives scaled to the
/// range of the front (the farthest below the plane through the extremes; Das, Structural Optimization 18, 1999), and
/// the best of each objective.
struct FrontMark {
  std::uint64_t trial = 0;
  std::string text;  ///< "knee", "best f1"
};
[[nodiscard]] std::vector<FrontMark> front_marks(const StudyHistory& history);

}  // namespace hyperego::detail
