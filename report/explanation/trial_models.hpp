#pragma once

#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/moo/model/chebyshev_predictor.hpp>
#include <hyperego/report/explanation/explain_options.hpp>
#include <hyperego/report/record/trial_table.hpp>
#include <hyperego/surrogate/surrogate.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

/// A model of one objective or one trade-off, to be minimised; a view of the models of the objectives it is made of.
class TargetModel {
 public:
  /// Of one objective.
  TargetModel(std::string name, std::shared_ptr<const Surrogate> surrogate);
  /// Of a trade-off: the augmented Chebyshev value of the objectives' predictions.
  TargetModel(std::vector<std::string> names, std::vector<std::shared_ptr<const Surrogate>> surrogates,
              const ChebyshevWeights& weights);

  [[nodiscard]] const BlendPredictor& predictor() const { return *predictor_; }
  /// The same target with other functions in the place of the objectives' predictions, one for each of objectives().
  [[nodiscard]] std::shared_ptr<const BlendPredictor> over(
      std::vector<std::shared_ptr<const BlendPredictor>> functions) const;
  /// The models it is made of: one, or those of all objectives.
  [[nodiscard]] const std::vector<std::shared_ptr<const Surrogate>>& objectives() const { return surrogates_; }
  /// The surrogate where the target is one objective; null for a trade-off.
  [[nodiscard]] const Surrogate* surrogate() const { return weights_ ? nullptr : surrogates_.front().get(); }
  /// {"model", "leave_one_out_r2", …}: the quality of the fit; for a trade-off that of its worst objective and all of
  /// them under "objectives".
  [[nodiscard]] nlohmann::ordered_json fit_to_json() const;

 private:
  std::vector<std::string> names_;
  std::vector<std::shared_ptr<const Surrogate>> surrogates_;
  std::optional<ChebyshevWeights> weights_;
  std::shared_ptr<const BlendPredictor> predictor_;
};

/// The trials of one study and one model per objective, each fitted once, when it is first asked for: every objective
/// and every trade-off is explained from the same models. A Gaussian process models the objective as it is or
/// straightened by a power transform, whichever makes the trials more likely. Not thread-safe.
class TrialModels {
 public:
  /// @throws InvalidInput where there are no trials.
  TrialModels(TrialTable trials, ModelKind kind, std::uint64_t seed);

  [[nodiscard]] const TrialTable& trials() const { return trials_; }
  /// What is modelled: trials × minimised objectives, logarithms where the study says so.
  [[nodiscard]] const Eigen::MatrixXd& targets() const { return targets_; }
  /// Whether the logarithm of objective j is modelled: the study says so and all its values are positive.
  [[nodiscard]] bool is_logarithmic(std::size_t j) const;
  /// Objectives that could not be modelled as the study says, one sentence each.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

  [[nodiscard]] TargetModel objective(std::size_t j);
  /// `weights` sum to 1; bounds as normalize_by_front().
  [[nodiscard]] TargetModel tradeoff(const Eigen::VectorXd& weights, const Eigen::VectorXd& ideal,
                                     const Eigen::VectorXd& nadir);

 private:
  [[nodiscard]] const std::shared_ptr<const Surrogate>& fitted(std::size_t j);

  TrialTable trials_;
  ModelKind kind_;
  std::uint64_t seed_;
  Eigen::MatrixXd targets_;
  std::vector<std::string> notes_;
  std::vector<std::shared_ptr<const Surrogate>> models_;
};

}  // namespace hyperego
