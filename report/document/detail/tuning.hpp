#pragma once

#include <hyperego/core/search_space.hpp>
#include <hyperego/report/explanation/detail/verdict.hpp>
#include <hyperego/report/explanation/trial_models.hpp>
#include <hyperego/shapley/game/game_table.hpp>

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hyperego::detail {

/// "tune", "leave", "not told from noise", "never varied".
[[nodiscard]] std::string in_words(Verdict verdict);

/// What tuning one hyperparameter does to an objective, in the objective's own unit and direction.
struct TunedHyperparameter : Ranked {  // Shapley value of the tunability game, on the modelled scale
  std::string name;
  nlohmann::ordered_json baseline;  ///< its value in the default configuration; null where it is not active there
  nlohmann::ordered_json better;    ///< the value of the best prediction while all others keep their defaults
  std::optional<double> alone;      ///< the objective as it is predicted then; nothing where that is not known
  std::optional<double> p_value;
  Verdict verdict = Verdict::unknown;
};

/// The same for all hyperparameters of the space and one objective.
struct Tuning {
  bool is_log = false;  ///< modelled on the scale of its logarithm, so differences are factors
  double baseline = 0;  ///< the objective as it is predicted by default
  double all = 0;       ///< and where everything is tuned
  std::vector<TunedHyperparameter> hyperparameters{};  ///< the most valuable first, what never varied last
};

/// A value of the objective beside another that is `difference` away: to a tenth of it, or with three digits where
/// differences are factors.
[[nodiscard]] std::string in_words(double objective, double difference, const Tuning& tuning);

/// @param tunability as explain() gives it for `objective`. @param game the same with all its values, or without any.
[[nodiscard]] Tuning tuning_of(const nlohmann::ordered_json& tunability, const GameTable& game, TrialModels& models,
                               std::size_t objective);

/// leaders_among() what is to be tuned and gains; empty where nothing is.
[[nodiscard]] std::vector<const TunedHyperparameter*> leaders(const Tuning& tuning);

}  // namespace hyperego::detail
