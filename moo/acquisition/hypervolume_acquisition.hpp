#pragma once

#include <hyperego/moo/acquisition/expected_hypervolume_improvement.hpp>
#include <hyperego/moo/model/acquisition.hpp>
#include <hyperego/surrogate/surrogate.hpp>

#include <memory>
#include <vector>

namespace hyperego {

/// Log expected hypervolume improvement under one surrogate per objective, whose posteriors are taken as independent.
class HypervolumeAcquisition final : public AcquisitionFunction {
 public:
  /// One surrogate for every objective of `improvement`, whose transforms are theirs.
  HypervolumeAcquisition(std::vector<std::shared_ptr<const Surrogate>> surrogates,
                         ExpectedHypervolumeImprovement improvement);

  [[nodiscard]] Eigen::VectorXd values(std::span<const Configuration> configurations) const override;
  [[nodiscard]] bool has_gradient() const override;
  [[nodiscard]] double value_and_gradient(const Configuration& configuration, const Eigen::VectorXd& unit,
                                          Eigen::Ref<Eigen::VectorXd> gradient) const override;

 private:
  std::vector<std::shared_ptr<const Surrogate>> surrogates_;
  ExpectedHypervolumeImprovement improvement_;
};

}  // namespace hyperego
