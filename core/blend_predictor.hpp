#pragma once

#include <hyperego/core/blend.hpp>
#include <hyperego/core/configuration.hpp>

#include <Eigen/Core>

#include <functional>
#include <limits>
#include <memory>
#include <span>

namespace hyperego {

/// The seam between models and games: something that predicts configurations, and blends of them many at a time.
///
/// Every surrogate implements it; `shapley` consumes it and knows nothing else of models. Const calls may come from
/// max_threads() threads at a time.
class BlendPredictor {
 public:
  virtual ~BlendPredictor() = default;

  /// How many threads may call at a time: any number, unless a predictor says otherwise.
  [[nodiscard]] virtual int max_threads() const { return std::numeric_limits<int>::max(); }

  /// Predicted values of `configurations`, in order.
  [[nodiscard]] virtual Eigen::VectorXd predict(std::span<const Configuration> configurations) const = 0;

  /// predictions(j, i) = the predicted value of the blend of sample `first` + i under coalitions[j]; one column per
  /// sample, so `predictions` is coalitions.size() × (number of samples of the tile). Entries of blends that do not
  /// count (Blends::counts) are finite but meaningless. This default builds the blends, sample by sample, and calls
  /// predict() once for all of them (in several pieces only where they would take more than 64 MiB).
  virtual void predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                              Eigen::Ref<Eigen::MatrixXd> predictions) const;

  /// Whether value_and_gradient() is there and worth following.
  [[nodiscard]] virtual bool has_gradient() const { return false; }
  /// The predicted value of a legal configuration and its derivatives with respect to the unit coordinates (length d; 0
  /// for unset hyperparameters, categoricals, ordinals and constants).
  /// @throws Error where has_gradient() is false.
  [[nodiscard]] virtual double value_and_gradient(const Configuration& configuration,
                                                  Eigen::Ref<Eigen::VectorXd> gradient) const;

  /// For predictors that are constant between thresholds: codes of hyperparameter i, ascending, one in every stretch of
  /// its domain where nothing changes, so that a search along i need look nowhere else. Empty where there are no such
  /// stretches. The codes live as long as the predictor.
  [[nodiscard]] virtual std::span<const double> representatives(std::size_t /*hyperparameter*/) const { return {}; }
  /// values(k) = the predicted value of `configuration`, in which hyperparameter i is set, with i at codes[k] and
  /// everything else as it is. This default builds every configuration and calls predict().
  virtual void profile(const Configuration& configuration, std::size_t hyperparameter, std::span<const double> codes,
                       Eigen::Ref<Eigen::VectorXd> values) const;
};

/// number_of_threads(wanted) of core/parallel.hpp, or fewer where the predictor does not bear so many.
[[nodiscard]] int threads_for(const BlendPredictor& predictor, int wanted);

/// Any function of a configuration. It is called from one thread at a time and in a fixed order.
class FunctionPredictor final : public BlendPredictor {
 public:
  /// @throws InvalidInput (from predict) naming the configuration where the function returns a value that is not
  /// finite.
  FunctionPredictor(std::shared_ptr<const SearchSpace> space, std::function<double(const Configuration&)> function);

  [[nodiscard]] int max_threads() const override { return 1; }
  [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override;

 private:
  std::shared_ptr<const SearchSpace> space_;
  std::function<double(const Configuration&)> function_;
};

}  // namespace hyperego
