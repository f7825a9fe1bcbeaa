#pragma once

#include <hyperego/core/objective.hpp>
#include <hyperego/core/option.hpp>
#include <hyperego/moo/acquisition/acquisition_maximizer.hpp>
#include <hyperego/moo/scalarization/preference.hpp>
#include <hyperego/surrogate/forest/random_forest_surrogate.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace hyperego {

struct ParEgoOptions {
  /// Trials before models are used; default_initial_trials() unless given.
  std::optional<std::size_t> initial_trials = std::nullopt;
  double rho = 0.05;        ///< of the augmented Chebyshev scalarisation
  double random_share = 0;  ///< probability that a trial is one uniform draw from the full space
  /// Probability that a trial evaluates a member of the front again, the one with the fewest trials: for objectives
  /// with noise, whose lucky trials would otherwise stay on the front. In [0, 0.9].
  double repeats = 0;
  /// Probability that a trial is the one that narrows the importance of hyperparameters most (GameVariance), so that
  /// the study can be explained at its end. In [0, 0.9].
  double explain_share = 0;
  std::uint64_t reweigh = 1;  ///< so many trials share a weight vector, ≥ 1
  /// Trade-offs that weight vectors are drawn from; all unless given. Where it is given there is no hypervolume phase,
  /// which would serve the whole front.
  std::optional<Preference> preference = std::nullopt;
  /// What is modelled: the scalarised objective itself, every objective on its own and the scalarisation of their
  /// posteriors, or the one and the other in turn (of more than two objectives the former one time in four).
  enum class Target { scalarized, objectives, alternate } target = Target::alternate;
  /// The scale on which a Gaussian process models its target; unless given, the target's own or that of the power
  /// transform of Yeo & Johnson, whichever makes the targets more likely. Scalarisation and hypervolume are those of
  /// the objectives themselves. Not `log`, which not every target has.
  std::optional<TargetTransform::Kind> target_transform = std::nullopt;
  /// The last so many of the budget's trials maximise the expected hypervolume improvement (two or three objectives).
  double hypervolume_share = 1.0 / 3;
  /// What the model takes a pending trial to give, so that the trials of a batch differ. The hypervolume phase, whose
  /// trials have no weight vectors to tell them apart, takes the prediction wherever it is not a draw.
  enum class Pending {
    believer,   ///< its prediction (Kriging believer)
    draw,       ///< a draw from the model, a new one for every trial that is asked for
    optimist,   ///< the best value so far (constant liar; Ginsbourger, Le Riche & Carraro 2010)
    pessimist,  ///< the worst value so far
    ignored,    ///< nothing: weight vectors alone tell the trials of a batch apart
  } pending = Pending::optimist;
  /// A trial by a model whose leave-one-out R² is below 1 is, with probability `offspring_share` · (1 − max(0, R²)),
  /// the most promising child of the front instead of the acquisition's maximum. In [0, 1].
  std::optional<double> offspring_share = std::nullopt;  ///< 1 with up to three objectives, 0 with more unless given
  /// What models a target: a Gaussian process, or a random forest.
  enum class Model { gaussian_process, random_forest } model = Model::gaussian_process;
  GaussianProcessSurrogateOptions surrogate = {};  ///< its transform is not used: `target_transform` is
  /// Completed trials that the parameters of a Gaussian process are fitted to; of more the best and a space-filling
  /// share (fitting_subset.hpp), and the posterior is conditioned on all.
  std::size_t most_fitted = 300;
  /// Completed trials beyond which a random forest takes the Gaussian process's place.
  std::size_t forest_beyond = 2000;
  RandomForestOptions forest = {};  ///< its seed is not used: that of the problem is
  AcquisitionMaximizerOptions maximizer = {};
  /// Multiply the improvement by the probability that a trial counts, once one has failed or constraints are measured.
  bool feasibility = true;
  double label_length_scale = 0.5;  ///< of the process on failures, in units of √features
  /// Follow the priors of the space, where it has any: in half of the initial design, and in the acquisition by the
  /// factor π^(β/n) for the n-th trial by a model.
  bool priors = true;
  std::optional<double> prior_strength = std::nullopt;  ///< β ≥ 0; a hundredth of the budget unless given

  /// Where trials may be less than full: each configuration is chosen for what it promises at full fidelity, and its
  /// fidelity by the model or by asynchronous Hyperband; or everything is evaluated in full.
  enum class Fidelities { model, hyperband, full } fidelity = Fidelities::model;
  double eta = 3;           ///< of Hyperband: each rung is so many times the one below
  bool regularize = false;  ///< of Hyperband: the seconds of a trial are one more objective of promotions
  /// A running trial that reports does not go on where its full evaluation improves the front with less chance.
  double stop_below = 0;

  /// @throws InvalidInput naming the field.
  void validate() const;
};

/// `objectives` are those that a preference may name.
[[nodiscard]] std::vector<Option> options_of(ParEgoOptions& o, const std::vector<Objective>& objectives = {});

}  // namespace hyperego
