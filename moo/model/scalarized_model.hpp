#pragma once

#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/moo/model/acquisition.hpp>
#include <hyperego/moo/model/chebyshev_improvement.hpp>
#include <hyperego/moo/model/chebyshev_predictor.hpp>
#include <hyperego/surrogate/surrogate.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <span>
#include <vector>

namespace hyperego {

/// A model of the scalarised objective g of one weight vector, to be minimised. As a BlendPredictor it predicts g.
class ScalarizedModel : public BlendPredictor {
 public:
  /// Mean and variance of g itself.
  [[nodiscard]] virtual Prediction posterior(std::span<const Configuration> configurations) const = 0;
  /// Standard deviation of g at one configuration, on the scale on which g is modelled.
  [[nodiscard]] virtual ModelScale<double> deviation(const Configuration& configuration) const = 0;
  /// Log expected improvement below `best`, a value that predict() could give. The model must outlive it.
  [[nodiscard]] virtual std::unique_ptr<AcquisitionFunction> expected_improvement(double best) const = 0;
  /// How well left-out trials are predicted: 1 − (squared error / variance).
  [[nodiscard]] virtual double leave_one_out_r2() const = 0;
  /// How much of g each player (space.searched()) moves: total_sensitivity() of g's own process, or of independent
  /// processes of the objectives Σ_j (w_j/r_j)² ψ_ij, as if g were their weighted sum; shares of the sum. Empty where
  /// something else models an objective. O(m d), more for hyperparameters that conditions join.
  [[nodiscard]] virtual Eigen::VectorXd importance() const = 0;
  /// For decision records.
  [[nodiscard]] virtual nlohmann::ordered_json to_json() const = 0;
};

/// `configuration` with its set floats and integers moved to the unit coordinates `unit` (length d), integers not
/// rounded.
[[nodiscard]] Configuration relaxed(const SearchSpace& space, const Configuration& configuration,
                                    const Eigen::VectorXd& unit);

/// One surrogate fitted to the scalarised values themselves (Knowles 2006).
class ScalarizedSurrogate final : public ScalarizedModel {
 public:
  explicit ScalarizedSurrogate(std::unique_ptr<const Surrogate> surrogate) : surrogate_(std::move(surrogate)) {}

  [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override;
  void predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                      Eigen::Ref<Eigen::MatrixXd> predictions) const override;
  [[nodiscard]] bool has_gradient() const override { return surrogate_->has_gradient(); }
  [[nodiscard]] double value_and_gradient(const Configuration& configuration,
                                          Eigen::Ref<Eigen::VectorXd> gradient) const override;
  [[nodiscard]] std::span<const double> representatives(std::size_t hyperparameter) const override;
  void profile(const Configuration& configuration, std::size_t hyperparameter, std::span<const double> codes,
               Eigen::Ref<Eigen::VectorXd> values) const override;
  [[nodiscard]] Prediction posterior(std::span<const Configuration> configurations) const override;
  [[nodiscard]] ModelScale<double> deviation(const Configuration& configuration) const override;
  [[nodiscard]] std::unique_ptr<AcquisitionFunction> expected_improvement(double best) const override;
  [[nodiscard]] double leave_one_out_r2() const override;
  [[nodiscard]] Eigen::VectorXd importance() const override;
  [[nodiscard]] nlohmann::ordered_json to_json() const override;
  [[nodiscard]] const Surrogate& surrogate() const { return *surrogate_; }

 private:
  std::unique_ptr<const Surrogate> surrogate_;
};

/// One surrogate per objective and the augmented Chebyshev scalarisation of their independent posteriors, so that one
/// set of fitted models serves every weight vector.
///
/// Each may be modelled on a scale of its own; all are scalarised on the objectives' scale. predict(), and with it the
/// games, scalarises the posterior medians; the expected improvement and posterior() are those of the scalarised
/// posterior, which is not normal (moo/model/chebyshev_improvement.hpp).
class ObjectiveSurrogates final : public ScalarizedModel {
 public:
  /// Objective j is normalised to (f_j − ideal_j) / (nadir_j − ideal_j). The sizes must agree.
  ObjectiveSurrogates(std::vector<std::shared_ptr<const Surrogate>> surrogates, const Eigen::VectorXd& weights,
                      const Eigen::VectorXd& ideal, const Eigen::VectorXd& nadir, double rho);

  [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override {
    return means_.predict(configurations);
  }
  void predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                      Eigen::Ref<Eigen::MatrixXd> predictions) const override {
    means_.predict_blends(blends, first, coalitions, predictions);
  }
  [[nodiscard]] bool has_gradient() const override { return means_.has_gradient(); }
  [[nodiscard]] double value_and_gradient(const Configuration& configuration,
                                          Eigen::Ref<Eigen::VectorXd> gradient) const override {
    return means_.value_and_gradient(configuration, gradient);
  }
  [[nodiscard]] std::span<const double> representatives(std::size_t hyperparameter) const override {
    return means_.representatives(hyperparameter);
  }
  void profile(const Configuration& configuration, std::size_t hyperparameter, std::span<const double> codes,
               Eigen::Ref<Eigen::VectorXd> values) const override {
    means_.profile(configuration, hyperparameter, codes, values);
  }
  [[nodiscard]] Prediction posterior(std::span<const Configuration> configurations) const override;
  [[nodiscard]] ModelScale<double> deviation(const Configuration& configuration) const override;
  [[nodiscard]] std::unique_ptr<AcquisitionFunction> expected_improvement(double best) const override;
  /// The worst of the objectives that have weight.
  [[nodiscard]] double leave_one_out_r2() const override;
  [[nodiscard]] Eigen::VectorXd importance() const override;
  [[nodiscard]] nlohmann::ordered_json to_json() const override;

  [[nodiscard]] const Surrogate& objective(std::size_t j) const { return *surrogates_[j]; }
  [[nodiscard]] const std::shared_ptr<const Surrogate>& shared_objective(std::size_t j) const { return surrogates_[j]; }
  /// The objectives that have weight, and what each adds to the scalarisation.
  [[nodiscard]] const std::vector<std::size_t>& weighted() const { return weighted_; }
  [[nodiscard]] const std::vector<WeightedObjective>& terms() const { return terms_; }
  [[nodiscard]] double rho() const { return means_.weights().rho; }

 private:
  std::vector<std::shared_ptr<const Surrogate>> surrogates_;
  ChebyshevPredictor means_;
  std::vector<std::size_t> weighted_;
  std::vector<WeightedObjective> terms_;
};

}  // namespace hyperego
