#pragma once

#include <hyperego/core/hyperparameter.hpp>
#include <hyperego/core/trial.hpp>
#include <hyperego/imports/table/source_trials.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyperego {

/// A distribution of Optuna: its values are numbers, those of choices their index.
struct OptunaDistribution {
  enum class Kind { real, whole, categorical } kind = Kind::real;
  double low = 0;
  double high = 0;
  bool log = false;
  std::optional<double> step = {};
  std::vector<Value> choices = {};  ///< None is the text "None"

  /// What the internal number stands for. @throws InvalidInput naming `where` for an index that is no choice.
  [[nodiscard]] Value value_of(double internal, const std::string& where) const;
};

struct OptunaTrial {
  std::string state;  ///< COMPLETE, FAIL, PRUNED, RUNNING, WAITING
  struct Parameter {
    std::string name;
    double internal = 0;
    std::shared_ptr<const OptunaDistribution> distribution;
  };
  std::vector<Parameter> parameters;
  std::map<std::size_t, double> values;  ///< by objective, finite ones
  std::optional<double> began = {};
  std::optional<double> ended = {};
};

/// What a storage of Optuna says of one study, whichever way it keeps it.
struct OptunaStudy {
  std::string name;
  std::vector<Direction> directions;
  std::vector<std::string> metrics;  ///< names of the objectives, or empty
  std::vector<OptunaTrial> trials;   ///< by number
  bool has_constraints = false;
};

/// Reads distributions; the same text again gives the same object.
class OptunaDistributions {
 public:
  /// @param text as in trial_params.distribution_json. @throws InvalidInput naming `where`.
  [[nodiscard]] std::shared_ptr<const OptunaDistribution> read(const std::string& text, const std::string& where);

 private:
  std::map<std::string, std::shared_ptr<const OptunaDistribution>> known_;
};

/// Domains are those of the distributions: a step makes an ordinal of up to 1,000 values; where ranges or choices
/// changed from trial to trial their union, with a note.
/// Objectives are "value", or "values_0", "values_1", … as in Optuna's trials_dataframe(), or the metrics' names.
/// @throws InvalidInput naming the study for distributions that contradict each other.
[[nodiscard]] SourceTrials trials_of_optuna(const OptunaStudy& study, const std::string& where);

/// The study of that name, or the only one. @throws InvalidInput listing them.
[[nodiscard]] std::size_t choose_study(const std::vector<std::string>& names, const std::string& wanted,
                                       const std::string& where);

}  // namespace hyperego
