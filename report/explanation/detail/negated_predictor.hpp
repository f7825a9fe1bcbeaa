#pragma once

#include <hyperego/core/blend_predictor.hpp>

#include <memory>
#include <span>
#include <utility>

namespace hyperego::detail {

/// What is to be maximised as something to be minimised.
class NegatedPredictor final : public BlendPredictor {
 public:
  explicit NegatedPredictor(std::shared_ptr<const BlendPredictor> predictor) : predictor_(std::move(predictor)) {}

  [[nodiscard]] int max_threads() const override { return predictor_->max_threads(); }
  [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override {
    return -predictor_->predict(configurations);
  }
  void predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                      Eigen::Ref<Eigen::MatrixXd> predictions) const override {
    predictor_->predict_blends(blends, first, coalitions, predictions);
    predictions *= -1;
  }
  [[nodiscard]] bool has_gradient() const override { return predictor_->has_gradient(); }
  [[nodiscard]] double value_and_gradient(const Configuration& configuration,
                                          Eigen::Ref<Eigen::VectorXd> gradient) const override {
    const double value = predictor_->value_and_gradient(configuration, gradient);
    gradient *= -1;
    return -value;
  }
  [[nodiscard]] std::span<const double> representatives(std::size_t hyperparameter) const override {
    return predictor_->representatives(hyperparameter);
  }
  void profile(const Configuration& configuration, std::size_t hyperparameter, std::span<const double> codes,
               Eigen::Ref<Eigen::VectorXd> values) const override {
    predictor_->profile(configuration, hyperparameter, codes, values);
    values *= -1;
  }

 private:
  std::shared_ptr<const BlendPredictor> predictor_;
};

}  // namespace hyperego::detail
