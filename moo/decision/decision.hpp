#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/moo/scalarization/preference.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyperego {

/// Why a trial was suggested, complete enough to explain it later: the record that makes the engine explainable.
struct Decision {
  /// How the search looked for this trial: the initial design, the full space, a slice, hypervolume improvement in the
  /// full space, the most promising child of the front where the model predicts badly, one uniform random draw, a
  /// member of the front once more, what narrows the importance of hyperparameters most, whatever was left when the
  /// intended way gave nothing, or a known configuration at a higher fidelity.
  enum class Phase { initial, full, frozen, hypervolume, offspring, random, repeat, explain, fallback, promotion };

  /// A tunability game as it was played for this decision.
  struct Game {
    std::vector<std::size_t> players;       ///< hyperparameter of each player
    std::vector<std::uint64_t> coalitions;  ///< those that were played
    std::vector<double> values;             ///< v(S) of each, improvement is positive
  };

  /// What the freezing of a trial came to; there wherever hyperparameters could have been frozen.
  struct Freezing {
    /// Share of the largest acquisition in the full space that the suggestion has; nothing where that is not known.
    std::optional<double> kept = {};
    /// Of each hyperparameter that was worth changing: the share that would be left with it at its frozen value.
    std::map<std::size_t, double> without = {};
  };

  struct Prediction {
    double mean = 0;
    double standard_deviation = 0;
  };

  /// Why a trial is evaluated at the fidelity that it has.
  struct FidelityChoice {
    double value = 0;
    double cost = 0;                  ///< expected, in full evaluations, from where the configuration stands
    double correlation = 0;           ///< with the same configuration at full fidelity, by the model
    double information_per_cost = 0;  ///< what it tells about full fidelity, in nats per full evaluation
    std::string reason = {};          ///< one sentence
  };

  std::uint64_t trial = 0;
  Phase phase = Phase::initial;
  double threshold = 0;                   ///< τ of the schedule; 0 means the full space
  Eigen::VectorXd weights;                ///< of the scalarisation, sum 1; empty where there was none
  std::optional<Preference> preference;   ///< the ranges that the weights were drawn from, where the user gave any
  Eigen::VectorXd ideal, nadir;           ///< normalisation bounds of the minimised objectives; empty where not used
  std::optional<Configuration> baseline;  ///< λ0 of the game
  std::map<std::size_t, double> shapley;  ///< hyperparameter → φ; empty when no game was played
  std::optional<Game> game;
  /// Share of the model's total sensitivity for this weight vector (surrogate/gaussian_process/total_sensitivity.hpp),
  /// sum 1; empty where it was not asked for or there is none.
  std::map<std::size_t, double> importance;
  double effective_dimension = 0;        ///< exp of the entropy of `importance`
  std::optional<double> agreement;       ///< rank correlation of `importance` and `shapley`, where there are both
  std::optional<Freezing> freezing;      ///< nothing in trials that freeze nothing by their kind
  std::vector<std::size_t> free;         ///< hyperparameters that the search could change
  Configuration frozen;                  ///< the frozen values; size 0 when nothing is frozen
  std::string reason;                    ///< one sentence
  std::optional<Prediction> scalarised;  ///< prediction of the scalarised objective at the chosen point
  /// Log expected improvement there, plus log feasibility and what the expert's prior adds where there are such.
  std::optional<double> acquisition;
  std::optional<double> feasibility;            ///< probability that the trial counts; nothing while none has failed
  std::optional<double> prior;                  ///< (β/n) log π: what the expert's prior adds; nothing without one
  std::optional<FidelityChoice> fidelity = {};  ///< where the study has a choice
  std::vector<std::string> notes;               ///< numerical fallbacks and the like, one sentence each
  /// Fitted surrogate: parameters, fit quality; null where nothing was fitted.
  std::shared_ptr<const nlohmann::ordered_json> surrogate;
};

[[nodiscard]] std::string_view to_string(Decision::Phase phase);

}  // namespace hyperego
