#pragma once

#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/configuration.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/surrogate/model_scale.hpp>
#include <hyperego/surrogate/target_transform.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hyperego {

/// How well a surrogate predicts data that it has not seen, by leaving out one observation at a time.
struct FitQuality {
  /// 1 − Σ(y − ŷ)² / Σ(y − ȳ)², ŷ and the mean ȳ both without the observation: > 0 means better than the mean. 0 for
  /// fewer than 3 points or equal targets.
  double leave_one_out_r2 = 0;
  /// Mean of (y − ŷ)² / predicted variance: 1 when calibrated, above when overconfident.
  double calibration = 1;
  /// Mean log predictive density of the left-out (standardised) targets.
  double log_density = 0;

  [[nodiscard]] nlohmann::ordered_json to_json() const;
};

/// Mean and variance of the modelled function at several configurations.
struct Prediction {
  Eigen::VectorXd mean;
  Eigen::VectorXd variance;
};

/// The same at one configuration, with derivatives with respect to the space's unit coordinates (length d; 0 for unset
/// hyperparameters, categoricals, ordinals and constants).
struct PredictionWithGradient {
  double mean = 0;
  double variance = 0;
  Eigen::VectorXd mean_gradient;
  Eigen::VectorXd variance_gradient;
};

/// A model of one target (to be minimised) over a search space.
///
/// Two scales, which the compiler keeps apart: bare numbers, as predict(), predict_blends() and value_and_gradient()
/// give, are on the target's *own* scale; ModelScale is the one on which the posterior is normal. They differ only
/// where targets are transformed; to_model() and from_model() lead from one to the other. Immutable; const calls are
/// thread-safe.
class Surrogate : public BlendPredictor {
 public:
  [[nodiscard]] virtual const std::shared_ptr<const SearchSpace>& shared_space() const = 0;
  [[nodiscard]] virtual Eigen::Index number_of_observations() const = 0;

  /// Of the noise-free function.
  [[nodiscard]] virtual ModelScale<Prediction> posterior(std::span<const Configuration> configurations) const = 0;
  /// @throws Error where has_gradient() is false.
  [[nodiscard]] virtual ModelScale<PredictionWithGradient> posterior_with_gradient(
      const Configuration& configuration) const = 0;
  /// Joint draws: one row per configuration, one column per draw, from `normals` of that shape.
  [[nodiscard]] virtual ModelScale<Eigen::MatrixXd> draws(std::span<const Configuration> configurations,
                                                          const Eigen::Ref<const Eigen::MatrixXd>& normals) const = 0;
  /// `count` functions that the data leave plausible, on the target's own scale, each as good as a model of its own:
  /// any game can be played on it, and the spread of the results is the uncertainty of the explanation. Functions of
  /// one seed are the same for every count (the first k of them).
  [[nodiscard]] virtual std::vector<std::unique_ptr<BlendPredictor>> plausible_functions(std::size_t count,
                                                                                         std::uint64_t seed) const = 0;
  /// From the own scale to the model scale and back.
  [[nodiscard]] virtual const TargetTransform& transform() const = 0;
  [[nodiscard]] ModelScale<double> to_model(double target) const { return transform().to_model(target); }
  [[nodiscard]] double from_model(ModelScale<double> value) const { return transform().from_model(value); }
  [[nodiscard]] Eigen::MatrixXd from_model(const ModelScale<Eigen::MatrixXd>& values) const;
  /// Mean and variance of what the normal posterior is on the own scale, by quadrature where T is not the identity.
  [[nodiscard]] Prediction from_model(const ModelScale<Prediction>& posterior) const;
  /// The variance of observation noise.
  [[nodiscard]] virtual ModelScale<double> noise_variance() const = 0;

  [[nodiscard]] virtual FitQuality fit_quality() const = 0;
  /// Every observation that the model was fitted to as it is predicted without it, noise included: leave-one-out of a
  /// process, out of bag of a forest; NaN where that says nothing.
  [[nodiscard]] virtual ModelScale<Prediction> left_out() const = 0;

  /// This model conditioned on more targets (own scale), everything fitted being held: for fantasies of pending trials.
  [[nodiscard]] virtual std::unique_ptr<Surrogate> with_observations(std::span<const Configuration> configurations,
                                                                     const Eigen::VectorXd& targets) const = 0;
  /// The same with each target believed to be what is predicted there (Kriging believer; Ginsbourger et al. 2010).
  [[nodiscard]] std::unique_ptr<Surrogate> with_fantasies(std::span<const Configuration> configurations) const {
    return with_observations(configurations, predict(configurations));
  }

  /// What was fitted, enough to have the same model again from the same data without fitting.
  [[nodiscard]] virtual nlohmann::ordered_json state() const = 0;
  /// For decision records: kind, parameters by name, how the fit went, quality.
  [[nodiscard]] virtual nlohmann::ordered_json to_json() const = 0;
  [[nodiscard]] virtual std::string brief() const = 0;
};

}  // namespace hyperego
