#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/core/trial.hpp>
#include <hyperego/moo/scalarization/preference.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

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
  /// full space, one uniform random draw, a member of the front once more, or whatever was left when the intended way
  /// gave nothing.
  enum class Phase { initial, full, frozen, hypervolume, random, repeat, fallback };

  /// A tunability game as it was played for this decision.
  struct Game {
    std::vector<std::size_t> players;       ///< hyperparameter of each player
    std::vector<std::uint64_t> coalitions;  ///< those that were played
    std::vector<double> values;             ///< v(S) of each, improvement is positive
  };

  struct Prediction {
    double mean = 0;
    double standard_deviation = 0;
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
  std::vector<std::size_t> free;         ///< hyperparameters that the search could change
  Configuration frozen;                  ///< the frozen values; size 0 when nothing is frozen
  std::string reason;                    ///< one sentence
  std::optional<Prediction> scalarised;  ///< prediction of the scalarised objective at the chosen point
  /// Log expected improvement there, plus log feasibility and what the expert's prior adds where there are such.
  std::optional<double> acquisition;
  std::optional<double> feasibility;  ///< probability that the trial counts; nothing while none has failed
  std::optional<double> prior;        ///< (β/n) log π: what the expert's prior adds; nothing without one
  std::vector<std::string> notes;     ///< numerical fallbacks and the like, one sentence each
  /// Fitted surrogate: parameters, fit quality; null where nothing was fitted.
  std::shared_ptr<const nlohmann::ordered_json> surrogate;
};

[[nodiscard]] std::string_view to_string(Decision::Phase phase);

/// A configuration to evaluate.
struct Suggestion {
  std::uint64_t trial = 0;
  Configuration configuration;
  Decision decision;
  /// What the optimizer must be given back by replay() to go on as if it had made this suggestion itself (fitted
  /// surrogate values, the free set). Opaque to others; round-trip doubles; null where there is nothing to remember.
  std::shared_ptr<const nlohmann::ordered_json> state;
};

/// What every optimizer is told before it starts.
struct OptimizationProblem {
  std::shared_ptr<const SearchSpace> space;
  std::vector<Objective> objectives;                  ///< at least one
  std::vector<Configuration> initial_configurations;  ///< evaluated first, in this order
  std::uint64_t budget = 100;                         ///< planned number of trials: schedules are relative to it
  std::uint64_t seed = 1;
  /// Where to search: nothing but this slice of the space. Without one, everywhere.
  std::optional<Slice> within = {};
  /// Measured together with the objectives; a trial that breaks one is infeasible.
  std::vector<Constraint> constraints = {};
  /// Completed trials of earlier studies of the same space, objectives and constraints. Models know them from the
  /// start; they are not evaluated again unless the search asks for it. Their numbers mean nothing.
  std::vector<Trial> earlier = {};

  [[nodiscard]] Slice domain() const { return within ? *within : Slice(space); }
};

/// An ask/tell state machine. It never evaluates, does no I/O and does not own the loop.
///
/// Its suggestions are a function of the problem, its options and the sequence of calls to ask, replay and tell:
/// rebuilt from a journal by replaying them in order, it goes on with the same next suggestion. Trials are numbered
/// from 0 in the order of asking.
class Optimizer {
 public:
  virtual ~Optimizer() = default;

  /// The next `count` ≥ 1 suggestions, all different from each other and from everything evaluated or pending where the
  /// space allows (but for repeated trials, where the options ask for them); fewer, and finally none, when the space is
  /// exhausted.
  [[nodiscard]] virtual std::vector<Suggestion> ask(std::size_t count) = 0;

  /// Takes a suggestion made by an earlier run as its own. `state` as in Suggestion (may be null).
  /// @throws InvalidInput where the number is not the next one.
  virtual void replay(std::uint64_t trial, const Configuration& configuration, const nlohmann::ordered_json& state) = 0;

  /// The end of a trial that was asked for or replayed (or, with a number not seen before, of a configuration that the
  /// user chose). Status `lost` leaves the trial pending. @throws InvalidInput where the trial has ended before, or a
  /// completed outcome has the wrong number of objectives or values that are not finite.
  virtual void tell(const Trial& trial) = 0;

  /// The name by which a study asks for this optimizer, for instance "hpi-parego".
  [[nodiscard]] virtual std::string_view name() const = 0;
};

/// Makes the optimizer that `options` describes: {"name": "hpi-parego" | "parego" | "nsga2" | "random", …}; every
/// member is optional and checked.
/// @throws InvalidInput naming `where` and the member.
[[nodiscard]] std::unique_ptr<Optimizer> make_optimizer(const OptimizationProblem& problem,
                                                        const nlohmann::ordered_json& options,
                                                        const std::string& where);

/// The names that make_optimizer() knows.
[[nodiscard]] std::vector<std::string> optimizer_names();

}  // namespace hyperego
