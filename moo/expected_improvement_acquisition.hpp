#pragma once

#include <hyperego/moo/acquisition.hpp>
#include <hyperego/surrogate/gaussian_process_surrogate.hpp>

namespace hyperego {

/// Log expected improvement of a minimised target below `best` under a Gaussian process.
class ExpectedImprovementAcquisition final : public AcquisitionFunction {
 public:
  /// The model must outlive this.
  ExpectedImprovementAcquisition(const GaussianProcessSurrogate& model, double best) : model_(model), best_(best) {}

  [[nodiscard]] Eigen::VectorXd values(std::span<const Configuration> configurations) const override;
  [[nodiscard]] double value_and_gradient(const Configuration& configuration, const Eigen::VectorXd& unit,
                                          Eigen::Ref<Eigen::VectorXd> gradient) const override;

 private:
  const GaussianProcessSurrogate& model_;
  double best_;
};

}  // namespace hyperego
