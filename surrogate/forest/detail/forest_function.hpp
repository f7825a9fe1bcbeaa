#pragma once

#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/stretches.hpp>
#include <hyperego/surrogate/forest/detail/compiled_forest.hpp>
#include <hyperego/surrogate/forest/random_forest.hpp>

#include <Eigen/Core>

#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace hyperego::detail {

/// A grown forest over the hyperparameters of a space: one feature for each searched one, missing where unset.
class ForestOverSpace {
 public:
  ForestOverSpace(std::shared_ptr<const SearchSpace> space, std::shared_ptr<const CompiledForest> forest);

  [[nodiscard]] static std::vector<ForestFeature> features(const SearchSpace& space);
  /// p × n, coordinates as RandomForest wants them.
  [[nodiscard]] static Eigen::MatrixXd encode(const SearchSpace& space, std::span<const Configuration> configurations);

  [[nodiscard]] const std::shared_ptr<const SearchSpace>& shared_space() const { return space_; }
  [[nodiscard]] const CompiledForest& forest() const { return *forest_; }
  /// The cell of searched hyperparameter number `feature` at `code`; 0 where it is unset (NaN).
  [[nodiscard]] std::uint32_t cell(std::size_t feature, double code) const;
  void cells(const Configuration& configuration, std::span<std::uint32_t> out) const;

  /// BlendPredictor::representatives and the cell of each.
  [[nodiscard]] std::span<const double> representatives(std::size_t hyperparameter) const {
    return representatives_[hyperparameter];
  }
  [[nodiscard]] std::span<const std::uint32_t> representative_cells(std::size_t hyperparameter) const {
    return representative_cells_[hyperparameter];
  }
  /// Number of the first representative in cell `cell` or a later one.
  [[nodiscard]] std::uint32_t representative_from(std::size_t hyperparameter, std::uint32_t cell) const {
    return representative_from_[hyperparameter][cell];
  }
  /// −1 for hyperparameters that are not searched.
  [[nodiscard]] int feature_of(std::size_t hyperparameter) const { return feature_of_[hyperparameter]; }

 private:
  void find_representatives(std::size_t feature);

  std::shared_ptr<const SearchSpace> space_;
  std::shared_ptr<const CompiledForest> forest_;
  std::vector<int> feature_of_;
  std::vector<std::vector<double>> representatives_;
  std::vector<std::vector<std::uint32_t>> representative_cells_;
  std::vector<std::vector<std::uint32_t>> representative_from_;
};

/// A weighted sum of trees as a function of configurations. Sums are of integers, hence exact: predict() and
/// predict_blends() agree to the bit, whatever the order, the tiles and the instruction set.
class ForestFunction final : public BlendPredictor, public FlatInStretches {
 public:
  /// `exponential`: the trees speak of logarithms.
  ForestFunction(std::shared_ptr<const ForestOverSpace> forest, LeafValues values, bool exponential);

  [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override;
  void predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                      Eigen::Ref<Eigen::MatrixXd> predictions) const override;
  [[nodiscard]] std::span<const double> representatives(std::size_t hyperparameter) const override;
  void profile(const Configuration& configuration, std::size_t hyperparameter, std::span<const double> codes,
               Eigen::Ref<Eigen::VectorXd> values) const override;
  /// By one walk down every tree for the whole line; O(leaves on the line + thresholds / 64).
  [[nodiscard]] Stretches stretches(const Configuration& configuration, std::size_t hyperparameter) const override;

 private:
  [[nodiscard]] Stretches all_codes(const Configuration& configuration, std::size_t hyperparameter) const;
  [[nodiscard]] double own_scale(std::int64_t sum) const {
    const double value = values_.from_sum(sum);
    return exponential_ ? std::exp(value) : value;
  }

  std::shared_ptr<const ForestOverSpace> forest_;
  LeafValues values_;
  bool exponential_;
};

}  // namespace hyperego::detail
