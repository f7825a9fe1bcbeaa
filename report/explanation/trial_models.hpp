#pragma once

#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/progress.hpp>
#include <hyperego/moo/model/chebyshev_predictor.hpp>
#include <hyperego/report/explanation/explain_options.hpp>
#include <hyperego/report/record/trial_table.hpp>
#include <hyperego/surrogate/surrogate.hpp>
#include <hyperego/surrogate/target_reach.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

/// A model of one objective or one trade-off, to be minimised; a view of the models of the objectives it is made of. Or
/// a function that somebody gives in the place of a model: then there are no objectives() and there is no doubt of it.
class TargetModel {
 public:
  /// Models of one kind, and those of another kind that have been asked for a second opinion: one of each objective, or
  /// none.
  struct Opinions {
    std::vector<std::shared_ptr<const Surrogate>> first;
    std::vector<std::shared_ptr<const Surrogate>> second;
    std::vector<std::shared_ptr<const Surrogate>> unlimited;  ///< Gaussian processes without TargetReach
  };
  /// Of one objective.
  TargetModel(std::string name, Opinions opinions);
  /// Of a trade-off: the augmented Chebyshev value of the objectives' predictions.
  TargetModel(std::vector<std::string> names, Opinions opinions, const ChebyshevWeights& weights);
  /// Of a function, to be minimised.
  explicit TargetModel(std::shared_ptr<const BlendPredictor> function);

  [[nodiscard]] const BlendPredictor& predictor() const { return *predictor_; }
  /// What it is made of: the models of its objectives, or the function.
  [[nodiscard]] std::vector<std::shared_ptr<const BlendPredictor>> functions() const;
  /// The same target with other functions in the place of the objectives' predictions, one for each of functions().
  [[nodiscard]] std::shared_ptr<const BlendPredictor> over(
      std::vector<std::shared_ptr<const BlendPredictor>> functions) const;
  /// The models it is made of: one, or those of all objectives; none of a function.
  [[nodiscard]] const std::vector<std::shared_ptr<const Surrogate>>& objectives() const { return opinions_.first; }
  /// Models of the other kind of the same objectives: what two kinds of models leave plausible together is a fairer
  /// account of what is not known than what one of them does.
  [[nodiscard]] const std::vector<std::shared_ptr<const Surrogate>>& second_opinions() const {
    return opinions_.second;
  }
  /// Models that may go beyond what the trials support: where what is asked lies outside of them.
  [[nodiscard]] const std::vector<std::shared_ptr<const Surrogate>>& unlimited() const { return opinions_.unlimited; }
  /// Of a trade-off; nothing for one objective.
  [[nodiscard]] const std::optional<ChebyshevWeights>& weights() const { return weights_; }
  /// The surrogate where the target is one objective; null for a trade-off and a function.
  [[nodiscard]] const Surrogate* surrogate() const {
    return weights_ || opinions_.first.empty() ? nullptr : opinions_.first.front().get();
  }
  /// {"model", "leave_one_out_r2", …}: the quality of the fit; for a trade-off that of its worst objective and all of
  /// them under "objectives". Not of a function.
  [[nodiscard]] nlohmann::ordered_json fit_to_json() const;

 private:
  std::vector<std::string> names_;
  Opinions opinions_;
  std::optional<ChebyshevWeights> weights_;
  std::shared_ptr<const BlendPredictor> predictor_;
};

/// Which models are wanted besides the one of each objective.
struct MoreOpinions {
  bool second = false;
  bool unlimited = false;
};

/// The trials of one study and one model per objective, each fitted once, when it is first asked for: every objective
/// and every trade-off is explained from the same models. A Gaussian process models the objective as it is or under a
/// power transform, whichever predicts left-out trials better; its predictions keep to what the trials support
/// (TargetReach) and to the objective's bounds. Not thread-safe.
///
/// Many trials: a Gaussian process sees at most 1,000 of them, a forest 10,000; notes() says so. Where `kind` is
/// `automatic` there is a forest beyond 2,000 trials, as in the search.
class TrialModels {
 public:
  /// `reach_factor`: that of TargetReachOptions. `progress` is told of every fit, a phase of its own.
  /// @throws InvalidInput where there are no trials.
  TrialModels(TrialTable trials, ModelKind kind, std::uint64_t seed, double reach_factor = TargetReachOptions{}.factor,
              ProgressHook progress = {});

  [[nodiscard]] const TrialTable& trials() const { return trials_; }
  /// What models are: gp or forest.
  [[nodiscard]] ModelKind kind() const { return kind_; }
  /// What is modelled: trials × minimised objectives, logarithms where the study says so.
  [[nodiscard]] const Eigen::MatrixXd& targets() const { return targets_; }
  /// Whether the logarithm of objective j is modelled: the study says so and all its values are positive.
  [[nodiscard]] bool is_logarithmic(std::size_t j) const;
  /// Objectives that could not be modelled as the study says, and what was done about many trials; one sentence each.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }

  [[nodiscard]] TargetModel objective(std::size_t j, MoreOpinions more = {});
  /// `weights` sum to 1; bounds as normalize_by_front().
  [[nodiscard]] TargetModel tradeoff(const Eigen::VectorXd& weights, const Eigen::VectorXd& ideal,
                                     const Eigen::VectorXd& nadir, MoreOpinions more = {});

 private:
  using Models = std::vector<std::shared_ptr<const Surrogate>>;

  /// The model of objective j, fitted where `models` has none yet.
  [[nodiscard]] const std::shared_ptr<const Surrogate>& fitted(std::size_t j, ModelKind kind, Models& models,
                                                               double reach_factor);
  [[nodiscard]] TargetModel::Opinions opinions(std::size_t j, MoreOpinions more);
  /// How far predictions of objective j may go, on the modelled scale.
  [[nodiscard]] TargetReachOptions reach(std::size_t j, double factor) const;

  TrialTable trials_;
  ModelKind kind_;
  std::uint64_t seed_;
  double reach_factor_;
  ProgressHook progress_;
  Eigen::MatrixXd targets_;
  std::vector<std::string> notes_;
  Models processes_;
  Models forests_;
  Models unlimited_;
};

}  // namespace hyperego
