#pragma once

#include <hyperego/report/record/study_record.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <vector>

namespace hyperego::detail {

/// How the hypervolume of a study grew.
struct HypervolumeStep {
  std::uint64_t ended = 0;  ///< number of ended trials
  std::uint64_t trial = 0;  ///< the one that ended last
  double elapsed_s = 0;
  double hypervolume = 0;
};

/// With respect to `reference` (minimised objectives): a step for each ended trial with which the hypervolume changed,
/// and the last one. Repeated trials are pooled as in the front, so that it falls where one shows that a configuration
/// was lucky. At most about `most` hypervolumes are computed.
[[nodiscard]] std::vector<HypervolumeStep> hypervolume_curve(const StudyRecord& record,
                                                             const Eigen::VectorXd& reference, std::size_t most = 2000);

/// The step from which on the hypervolume stays at `share` of its final value or above. The curve must not be empty.
[[nodiscard]] const HypervolumeStep& reached(const std::vector<HypervolumeStep>& curve, double share);

}  // namespace hyperego::detail
