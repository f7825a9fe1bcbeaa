#pragma once

#include <hyperego/core/blend_predictor.hpp>

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

namespace hyperego::detail {

/// A predictor that keeps the tiles of blends it was asked for, so that several games over the same blends ask the
/// model once. For one Blends object (or equal ones); asked for others it would answer wrongly. Thread-safe.
class RememberedTiles final : public BlendPredictor {
 public:
  /// Beyond `most_bytes` tiles are predicted anew each time.
  explicit RememberedTiles(std::shared_ptr<const BlendPredictor> predictor,
                           std::size_t most_bytes = std::size_t{256} << 20U)
      : predictor_(std::move(predictor)), most_bytes_(most_bytes) {}

  [[nodiscard]] int max_threads() const override { return predictor_->max_threads(); }
  [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override {
    return predictor_->predict(configurations);
  }
  void predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                      Eigen::Ref<Eigen::MatrixXd> predictions) const override;
  [[nodiscard]] bool has_gradient() const override { return predictor_->has_gradient(); }
  [[nodiscard]] double value_and_gradient(const Configuration& configuration,
                                          Eigen::Ref<Eigen::VectorXd> gradient) const override {
    return predictor_->value_and_gradient(configuration, gradient);
  }
  [[nodiscard]] std::span<const double> representatives(std::size_t hyperparameter) const override {
    return predictor_->representatives(hyperparameter);
  }
  void profile(const Configuration& configuration, std::size_t hyperparameter, std::span<const double> codes,
               Eigen::Ref<Eigen::VectorXd> values) const override {
    predictor_->profile(configuration, hyperparameter, codes, values);
  }

 private:
  std::shared_ptr<const BlendPredictor> predictor_;
  std::size_t most_bytes_;
  /// First sample, number of samples, coalitions: as lists, since optimized games ask for any.
  using Key = std::tuple<std::size_t, Eigen::Index, std::vector<Coalition>>;
  mutable std::mutex mutex_;
  mutable std::map<Key, Eigen::MatrixXd> tiles_;
  mutable std::size_t bytes_ = 0;
};

}  // namespace hyperego::detail
