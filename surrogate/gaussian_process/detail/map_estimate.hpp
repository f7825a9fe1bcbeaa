#pragma once

#include <hyperego/surrogate/gaussian_process/gaussian_process.hpp>

#include <Eigen/Core>

#include <optional>
#include <vector>

namespace hyperego::detail {

struct MapEstimate {
  GaussianProcessParameters parameters;
  FitReport report;
};

/// Maximises log marginal likelihood + log prior by L-BFGS (NLopt) inside options.bounds from several starting points.
MapEstimate estimate_map(const std::vector<FeatureKind>& kinds, const Eigen::MatrixXd& features,
                         const Eigen::VectorXd& targets, const Eigen::VectorXd& distances,
                         const GaussianProcessOptions& options, std::optional<GaussianProcessParameters> warm_start);

}  // namespace hyperego::detail
