#pragma once

#include <Eigen/Core>

#include <cmath>
#include <limits>

namespace hyperego {

struct TargetReachOptions {
  /// How far predictions may go beyond the best (and the worst) target, in units of the distance from there to the
  /// ⌈√n⌉-th best (worst) one, ≥ 0; infinite: as far as they like.
  double factor = 0.5;
  /// What a target cannot leave, as a percentage cannot leave [0, 100].
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();

  /// @throws InvalidInput naming the field.
  void validate() const;
};

/// Holds predictions to what the targets support.
///
/// A model extrapolates: a Gaussian process promised 111 to 186 % of accuracy after trials of at most 99 %. Targets
/// themselves say how far beyond the best of them there may be better ones: of n independent targets the best ones lie
/// the closer together the closer they are to the end of their range (de Haan & Ferreira, Extreme Value Theory, 2006,
/// ch. 4). Within the targets' range nothing changes. Beyond, y ↦ low − r (1 − exp(−(low − y)/r)): smooth, increasing,
/// and never farther than r, which is `factor` times the distance from the best target to the ⌈√n⌉-th best one; no
/// prediction leaves `lower` and `upper`. docs/method-study.md has what this does to explanations.
class TargetReach {
 public:
  /// No limits: every prediction stays as it is.
  TargetReach() = default;
  /// A target outside of `lower` and `upper` takes the bound's place. @throws InvalidInput where there are no targets.
  TargetReach(const Eigen::VectorXd& targets, const TargetReachOptions& options);

  [[nodiscard]] bool is_limited() const { return limited_ && (std::isfinite(below_) || std::isfinite(above_)); }
  [[nodiscard]] double apply(double prediction) const;
  /// d apply / d prediction, in [0, 1].
  [[nodiscard]] double slope(double prediction) const;
  /// What no prediction falls below and rises above.
  [[nodiscard]] double lowest() const { return low_ - below_; }
  [[nodiscard]] double highest() const { return high_ + above_; }

 private:
  bool limited_ = false;
  double low_ = -std::numeric_limits<double>::infinity();
  double high_ = std::numeric_limits<double>::infinity();
  double below_ = 0;
  double above_ = 0;
};

}  // namespace hyperego
