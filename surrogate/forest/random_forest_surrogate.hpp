#pragma once

#include <hyperego/core/stretches.hpp>
#include <hyperego/surrogate/forest/random_forest.hpp>
#include <hyperego/surrogate/surrogate.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hyperego {
namespace detail {
class ForestFunction;
class ForestOverSpace;
}  // namespace detail

/// A random forest over a search space.
///
/// Every searched hyperparameter is one feature: its unit coordinate, or the choice of a categorical, which is split by
/// subsets of choices and never as a number; an inactive one has no value, and every split says where that goes. The
/// model scale is the targets' own, or their logarithm with `log_targets`.
///
/// Exact: predict(), predict_blends() and profile() sum integers, so they agree to the bit, for any tiles, threads and
/// instruction set.
class RandomForestSurrogate final : public Surrogate, public FlatInStretches {
 public:
  /// @throws InvalidInput where the space is null, there are no targets, sizes disagree or a target is not finite.
  [[nodiscard]] static RandomForestSurrogate fit(std::shared_ptr<const SearchSpace> space,
                                                 std::span<const Configuration> configurations,
                                                 const Eigen::VectorXd& targets,
                                                 const RandomForestOptions& options = {});
  /// A forest is a function of its data, options and seed: this grows it again with the options that state() names.
  /// @throws InvalidInput naming the member at fault, or where the result is not the forest that state() was taken of
  /// (other data).
  [[nodiscard]] static RandomForestSurrogate restore(std::shared_ptr<const SearchSpace> space,
                                                     std::span<const Configuration> configurations,
                                                     const Eigen::VectorXd& targets,
                                                     const nlohmann::ordered_json& state);

  [[nodiscard]] const RandomForest& forest() const { return forest_; }

  // BlendPredictor, own scale.
  [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override;
  /// By one walk down every tree for up to 256 samples and all coalitions (METHOD: structure that makes exact games
  /// cheap).
  void predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                      Eigen::Ref<Eigen::MatrixXd> predictions) const override;
  /// One in every cell between neighbouring thresholds.
  [[nodiscard]] std::span<const double> representatives(std::size_t hyperparameter) const override;
  /// By one walk down every tree for all codes together.
  void profile(const Configuration& configuration, std::size_t hyperparameter, std::span<const double> codes,
               Eigen::Ref<Eigen::VectorXd> values) const override;

  [[nodiscard]] Stretches stretches(const Configuration& configuration, std::size_t hyperparameter) const override;

  // Surrogate.
  [[nodiscard]] const std::shared_ptr<const SearchSpace>& shared_space() const override;
  [[nodiscard]] Eigen::Index number_of_observations() const override { return forest_.number_of_observations(); }
  /// Mean and variance of the trees.
  [[nodiscard]] ModelScale<Prediction> posterior(std::span<const Configuration> configurations) const override;
  /// @throws Error: a forest is flat between its thresholds.
  [[nodiscard]] ModelScale<PredictionWithGradient> posterior_with_gradient(
      const Configuration& configuration) const override;
  /// Normal, with the trees' mean and their covariance. O(n³) for n configurations.
  [[nodiscard]] ModelScale<Eigen::MatrixXd> draws(std::span<const Configuration> configurations,
                                                  const Eigen::Ref<const Eigen::MatrixXd>& normals) const override;
  /// Small forests, each on one bootstrap sample of the observations that all its trees share: what the forest averages
  /// over. Their mean is the forest; their spread is that of draws(), but for what thresholds contribute, which the
  /// trees average away. Weighted sums of all trees with the covariance of draws() are rougher, and their maxima are
  /// those of single leaves (docs/method.md has the comparison). Each is grown when it is asked for: O(trees · p n log
  /// n).
  [[nodiscard]] std::vector<std::unique_ptr<BlendPredictor>> plausible_functions(std::size_t count,
                                                                                 std::uint64_t seed) const override;
  [[nodiscard]] const TargetTransform& transform() const override { return transform_; }
  [[nodiscard]] ModelScale<double> noise_variance() const override { return ModelScale(forest_.noise_variance()); }
  /// Out of bag.
  [[nodiscard]] FitQuality fit_quality() const override { return forest_.out_of_bag(); }
  /// Those of the fit, also after with_observations().
  [[nodiscard]] ModelScale<Prediction> left_out() const override { return ModelScale(forest_.left_out()); }
  [[nodiscard]] std::unique_ptr<Surrogate> with_observations(std::span<const Configuration> configurations,
                                                             const Eigen::VectorXd& targets) const override;
  [[nodiscard]] nlohmann::ordered_json state() const override;
  [[nodiscard]] nlohmann::ordered_json to_json() const override;
  [[nodiscard]] std::string brief() const override;

 private:
  struct Observations {
    Eigen::MatrixXd x;  // features × observations
    Eigen::VectorXd targets;
  };
  RandomForestSurrogate(std::shared_ptr<const detail::ForestOverSpace> over_space, RandomForest forest,
                        std::shared_ptr<const Observations> observations);
  [[nodiscard]] Eigen::MatrixXd encode(std::span<const Configuration> configurations) const;

  std::shared_ptr<const detail::ForestOverSpace> over_space_;
  RandomForest forest_;
  std::shared_ptr<const Observations> observations_;
  TargetTransform transform_;
  std::shared_ptr<const detail::ForestFunction> function_;
};

}  // namespace hyperego
