#pragma once

#include <hyperego/core/blend_predictor.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

namespace hyperego {

/// Affine map of every objective into the augmented Chebyshev scalarisation: g = max_j z_j + ρ Σ_j z_j with
/// z_j = scale_j (f_j − ideal_j), scale_j = w_j / (nadir_j − ideal_j).
struct ChebyshevWeights {
  Eigen::VectorXd scale;
  Eigen::VectorXd ideal;
  double rho = 0.05;

  ChebyshevWeights(const Eigen::VectorXd& weights, const Eigen::VectorXd& ideal_point, const Eigen::VectorXd& nadir,
                   double augmentation = 0.05);
};

/// The augmented Chebyshev value of what one predictor per objective (minimised) predicts: means, posterior draws or
/// functions alike. Objectives without weight are not asked. A call costs one of each weighted objective's.
class ChebyshevPredictor final : public BlendPredictor {
 public:
  /// One predictor for each of the weights' objectives, at least one of which has weight.
  ChebyshevPredictor(std::vector<std::shared_ptr<const BlendPredictor>> objectives, ChebyshevWeights weights);

  /// As many as all weighted objectives bear.
  [[nodiscard]] int max_threads() const override;
  [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override;
  void predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                      Eigen::Ref<Eigen::MatrixXd> predictions) const override;
  /// Where all weighted objectives have one.
  [[nodiscard]] bool has_gradient() const override;
  [[nodiscard]] double value_and_gradient(const Configuration& configuration,
                                          Eigen::Ref<Eigen::VectorXd> gradient) const override;

  /// Of all weighted objectives together; thinned out to 256 where there are more, so a stretch may be missed.
  [[nodiscard]] std::span<const double> representatives(std::size_t hyperparameter) const override;
  void profile(const Configuration& configuration, std::size_t hyperparameter, std::span<const double> codes,
               Eigen::Ref<Eigen::VectorXd> values) const override;

  [[nodiscard]] const ChebyshevWeights& weights() const { return weights_; }

 private:
  std::vector<std::shared_ptr<const BlendPredictor>> objectives_;
  ChebyshevWeights weights_;
  [[nodiscard]] std::vector<double> joined_representatives(std::size_t hyperparameter) const;

  mutable std::mutex asked_;
  mutable std::map<std::size_t, std::vector<double>> representatives_;  // of hyperparameters asked for
};

}  // namespace hyperego
