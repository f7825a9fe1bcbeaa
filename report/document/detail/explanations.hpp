#pragma once

#include <hyperego/report/document/detail/ablations.hpp>
#include <hyperego/report/document/detail/tuning.hpp>
#include <hyperego/report/document/document.hpp>
#include <hyperego/report/explanation/trial_models.hpp>
#include <hyperego/shapley/game/game_table.hpp>
#include <hyperego/shapley/index/interaction_index.hpp>

#include <nlohmann/json.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace hyperego::detail {

/// One objective's tunability game and what of a front point's distance from the default is due to which change.
struct ObjectiveExplanation {
  std::size_t objective = 0;
  bool is_log = false;                ///< modelled on the scale of its logarithm
  nlohmann::ordered_json tunability;  ///< as explain() gives it, Shapley values
  GameTable game;                     ///< without values where it was estimated from some coalitions
  Tuning tuning;
  std::vector<Ablation> ablations;  ///< by trial
};

/// Everything that needs a model of the trials, computed once for all sections.
struct Explanations {
  std::shared_ptr<TrialModels> models;  ///< null where nothing could be modelled
  ModelKind kind = ModelKind::gp;       ///< of them
  std::vector<std::uint64_t> modelled;  ///< trial numbers of its trials
  nlohmann::ordered_json tradeoffs;     ///< array as of explain(); empty with one objective
  std::vector<ObjectiveExplanation> objectives;
  /// Beyond max_players in their place: of each objective what explain() gives, shares of the total sensitivity.
  std::vector<nlohmann::ordered_json> rankings;
  std::vector<std::string> notes;  ///< what is missing or doubtful, in sentences
};

[[nodiscard]] Explanations explanations_of(const StudyRecord& record, const ReportOptions& options);

/// Faithful Shapley interactions of order 2 (or 1, of one player) beside_gain(); 0 with a player that is held.
/// @param game with all its values.
[[nodiscard]] InteractionValues pair_interactions(const GameTable& game);

/// The raw value of an objective at a value of its model, which is minimised and perhaps a logarithm.
[[nodiscard]] double raw_value(const Objective& objective, bool is_log, double modelled);

}  // namespace hyperego::detail
