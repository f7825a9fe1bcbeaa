#pragma once

#include <hyperego/moo/model/acquisition.hpp>
#include <hyperego/surrogate/surrogate.hpp>

namespace hyperego {

/// Log expected improvement of a minimised target below `best` under a surrogate's posterior.
class ExpectedImprovementAcquisition final : public AcquisitionFunction {
 public:
  /// `best` is on the target's own scale. The model must outlive this.
  ExpectedImprovementAcquisition(const Surrogate& model, double best) : model_(model), best_(model.to_model(best)) {}

  [[nodiscard]] Eigen::VectorXd values(std::span<const Configuration> configurations) const override;
  [[nodiscard]] bool has_gradient() const override { return model_.has_gradient(); }
  [[nodiscard]] double value_and_gradient(const Configuration& configuration, const Eigen::VectorXd& unit,
                                          Eigen::Ref<Eigen::VectorXd> gradient) const override;

 private:
  const Surrogate& model_;
  ModelScale<double> best_;
};

}  // namespace hyperego
