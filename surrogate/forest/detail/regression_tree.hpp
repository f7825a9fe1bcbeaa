#pragma once

#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/forest/random_forest_options.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace hyperego::detail {

/// Observations prepared for growing trees: for every feature their order by value, missing ones last.
class ForestData {
 public:
  /// x: p × n, RandomForest's encoding (missing_feature where there is no value); y: n.
  ForestData(std::span<const ForestFeature> features, const Eigen::MatrixXd& x, const Eigen::VectorXd& y);

  [[nodiscard]] std::size_t number_of_features() const { return order_.size(); }
  [[nodiscard]] std::size_t number_of_observations() const { return static_cast<std::size_t>(y_.size()); }
  /// Number of choices; 0 for a numeric feature.
  [[nodiscard]] std::size_t categories(std::size_t feature) const { return features_[feature].categories; }
  [[nodiscard]] const std::vector<std::uint32_t>& order(std::size_t feature) const { return order_[feature]; }
  [[nodiscard]] double value(std::size_t feature, std::uint32_t i) const {
    return x_(static_cast<Eigen::Index>(feature), static_cast<Eigen::Index>(i));
  }
  [[nodiscard]] bool is_missing(std::size_t feature, std::uint32_t i) const {
    return value(feature, i) == missing_feature;
  }
  [[nodiscard]] double target(std::uint32_t i) const { return y_[static_cast<Eigen::Index>(i)]; }

 private:
  std::vector<ForestFeature> features_;
  Eigen::MatrixXd x_;
  Eigen::VectorXd y_;
  std::vector<std::vector<std::uint32_t>> order_;
};

/// One tree as it is grown, nodes in preorder: the left child of node k is node k + 1.
struct RegressionTree {
  struct Node {
    int feature = -1;               ///< −1: a leaf
    double threshold = 0;           ///< numeric: values ≤ threshold go left; infinite where all that have one do
    bool missing_left = false;      ///< where configurations without a value go
    std::vector<bool> subset = {};  ///< categorical: the choices that go left
    std::uint32_t right = 0;        ///< the right child
    std::uint32_t leaf = 0;         ///< number of the leaf
  };
  struct Leaf {
    double weight = 0;   ///< number of draws
    double mean = 0;     ///< of the targets, on the scale that the forest averages leaves on
    double squares = 0;  ///< Σ (y − mean of y)²
  };
  std::vector<Node> nodes;
  std::vector<Leaf> leaves;
  std::vector<std::uint32_t> weights;  ///< how often each observation was drawn

  /// The leaf of a configuration given by its features.
  [[nodiscard]] std::uint32_t leaf_of(const Eigen::Ref<const Eigen::VectorXd>& features) const;
};

/// Grows one tree by greedy least squares (Breiman et al., Classification and Regression Trees, 1984).
///
/// Numeric features: the best gap between neighbouring values, the threshold uniform in it (as in SMAC's forest, so
/// that trees differ between the data). Categoricals: subsets; ordered by mean target in the node the best subset is a
/// prefix (Breiman et al., theorem 4.5). Missing values go left or right, whichever gains more; a choice that the node
/// has not seen goes either way by a coin, so that trees disagree where nothing is known. O(p n) for each level.
[[nodiscard]] RegressionTree grow_tree(const ForestData& data, const RandomForestOptions& options, Rng rng);

}  // namespace hyperego::detail
