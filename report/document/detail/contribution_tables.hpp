#pragma once

#include <hyperego/report/document/detail/explanations.hpp>
#include <hyperego/report/record/study_record.hpp>

#include <nlohmann/json.hpp>

namespace hyperego::detail {

/// Of front trials, what of the way from the default configuration is due to which change: "trial", "hyperparameter",
/// "from", "to", "value" on the modelled scale.
[[nodiscard]] nlohmann::ordered_json ablation_table(const StudyRecord& record, const ObjectiveExplanation& one);

/// The same with the "start" and "end" of each change as the objective's own values (Lundberg & Lee, NeurIPS 2017):
/// improvements lead to the trial's prediction from the worse side, the largest last, and the others from the better.
[[nodiscard]] nlohmann::ordered_json force_table(const StudyRecord& record, const ObjectiveExplanation& one);

/// What every hyperparameter's value does to the prediction of every trial that was ablated: "trial",
/// "hyperparameter", "setting", "place" of the setting among all values (unit coordinate), "value" on the modelled
/// scale. The hyperparameters of the largest effects first.
[[nodiscard]] nlohmann::ordered_json beeswarm_table(const StudyRecord& record, const ObjectiveExplanation& one);

/// Parts of the Shapley values: "hyperparameter", "order", "gains", "losses". n-Shapley values of up to three players
/// (Bordt & von Luxburg, AISTATS 2023), each divided evenly among its players and joined by sign: over all orders
/// gains and losses sum to the Shapley value. The most valuable first.
[[nodiscard]] nlohmann::ordered_json stacked_table(const GameTable& game);

/// What tuning each hyperparameter does in the objective's own unit: "hyperparameter", "default", "better",
/// "OBJECTIVE alone", "change" (or "factor" on a logarithmic scale), "importance", "low", "high", "p", "verdict".
[[nodiscard]] nlohmann::ordered_json tuning_table(const Tuning& tuning, const Objective& objective);

}  // namespace hyperego::detail
