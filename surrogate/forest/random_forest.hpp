#pragma once

#include <hyperego/surrogate/forest/random_forest_options.hpp>
#include <hyperego/surrogate/surrogate.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace hyperego {
namespace detail {
class CompiledForest;
}

/// The leaves of all trees as integers: the mean of trees is centre + unit · Σ values of the reached leaves.
struct LeafValues {
  std::vector<std::int64_t> values;
  double centre = 0;
  double unit = 1;  ///< a power of two, so small that rounding to it is lost in that of a double

  [[nodiscard]] double from_sum(std::int64_t sum) const { return centre + unit * static_cast<double>(sum); }
};

/// A random forest for regression (Breiman, Machine Learning 45, 2001) on feature vectors.
///
/// The mean of the trees predicts; their variance says how sure that is (Hutter, Hoos & Leyton-Brown, LION 2011). The
/// spread of the targets within leaves is kept apart, as noise. A function of data, options and seed alone, to the bit.
/// Immutable; const calls are thread-safe; copies share the trees.
class RandomForest {
 public:
  /// x: one column per observation, `missing_feature` where a feature has no value, else a number ≥ 0 or a category.
  /// O(trees · p n log n) where trees are balanced.
  /// @throws InvalidInput where there are no observations, sizes disagree, or a value is not finite or outside its
  /// domain.
  [[nodiscard]] static RandomForest fit(std::vector<ForestFeature> features, const Eigen::MatrixXd& x,
                                        const Eigen::VectorXd& targets, const RandomForestOptions& options = {});

  [[nodiscard]] const RandomForestOptions& options() const { return structure_->options; }
  [[nodiscard]] Eigen::Index number_of_observations() const { return observations_; }
  [[nodiscard]] std::size_t number_of_trees() const;
  [[nodiscard]] std::size_t number_of_leaves() const;

  /// trees × columns of x.
  [[nodiscard]] Eigen::MatrixXd tree_values(const Eigen::MatrixXd& x) const;
  /// Mean and variance of the trees, which grow on the targets' logarithms with `log_targets`.
  [[nodiscard]] Prediction posterior(const Eigen::MatrixXd& x) const;
  /// Mean variance of the targets within leaves of several draws, weighted by their degrees of freedom; 0 where there
  /// are none.
  [[nodiscard]] double noise_variance() const { return noise_variance_; }
  /// From predictions of every observation by the trees that have not drawn it, the forest's leave-one-out. Says
  /// nothing (R² 0) without bootstrap.
  [[nodiscard]] const FitQuality& out_of_bag() const { return structure_->out_of_bag; }
  /// Those predictions, with noise in their variance; NaN where fewer than two trees have not drawn the observation.
  [[nodiscard]] const Prediction& left_out() const { return structure_->left_out; }

  /// The leaf means of the trees, each with its share of the mean of trees.
  [[nodiscard]] LeafValues leaf_values() const;
  /// This forest with more observations: every tree's mean of the leaf that one falls in takes it in as one more draw;
  /// the splits are held.
  [[nodiscard]] RandomForest with_observations(const Eigen::MatrixXd& x, const Eigen::VectorXd& targets) const;

  /// Of splits and leaf means: sixteen hexadecimal digits.
  [[nodiscard]] std::string digest() const;
  [[nodiscard]] const std::shared_ptr<const detail::CompiledForest>& compiled() const { return structure_->forest; }

 private:
  struct Structure {
    RandomForestOptions options;
    std::vector<ForestFeature> features;
    std::shared_ptr<const detail::CompiledForest> forest;
    Prediction left_out;
    FitQuality out_of_bag;
  };
  RandomForest() = default;
  [[nodiscard]] std::vector<std::uint32_t> leaves_of(const Eigen::Ref<const Eigen::VectorXd>& x) const;

  std::shared_ptr<const Structure> structure_;
  std::vector<double> means_;    // of every leaf
  std::vector<double> weights_;  // draws in it
  double centre_ = 0;            // mean target
  double noise_variance_ = 0;
  Eigen::Index observations_ = 0;
};

}  // namespace hyperego
