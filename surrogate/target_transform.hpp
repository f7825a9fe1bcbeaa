#pragma once

#include <hyperego/surrogate/model_scale.hpp>
#include <hyperego/surrogate/target_reach.hpp>

#include <Eigen/Core>
#include <nlohmann/json_fwd.hpp>

#include <limits>
#include <string>
#include <string_view>

namespace hyperego {

/// A monotone transform of targets, followed by standardisation: z = (T(y) − centre) / scale.
///
/// The *model scale* is T(y), on which a Gaussian process is Gaussian; it is the targets' own scale where T is the
/// identity. Numbers on it have the type ModelScale. Targets beyond ±1e100 are drawn in first (within_huge), so that
/// whatever is finite can be squared; predictions of them are of the drawn-in values.
class TargetTransform {
 public:
  enum class Kind {
    none,        ///< T(y) = y
    log,         ///< T(y) = ln y; targets > 0
    yeo_johnson  ///< the power transform of Yeo & Johnson (Biometrika 87, 2000) of standardised targets, λ ∈ [−1, 3] by
                 ///< maximum likelihood; takes any sign, makes skewed targets more normal
  };

  TargetTransform() = default;
  /// Estimates centre and scale (1 where all targets are equal), and λ. O(n).
  /// @throws InvalidInput where `log` meets a target ≤ 0, naming it.
  static TargetTransform fit(Kind kind, const Eigen::VectorXd& targets);

  /// This transform, whose way back holds predictions to `reach` as well.
  [[nodiscard]] TargetTransform within(const TargetReach& reach) const;
  [[nodiscard]] const TargetReach& reach() const { return reach_; }

  [[nodiscard]] Kind kind() const { return kind_; }
  [[nodiscard]] double centre() const { return centre_; }
  [[nodiscard]] double scale() const { return scale_; }
  [[nodiscard]] double lambda() const { return lambda_; }

  /// T(y) of one target, and its inverse. A power that was estimated from targets says nothing far beyond them, and its
  /// inverse can explode there: for yeo_johnson it stays within their range and one range to either side, so that
  /// predictions are finite and gains have expectations.
  [[nodiscard]] ModelScale<double> to_model(double target) const;
  [[nodiscard]] double from_model(ModelScale<double> value) const;
  /// T'(y), everywhere.
  [[nodiscard]] double derivative(double target) const;
  /// d from_model / d value, 0 where that stays at its limit.
  [[nodiscard]] double inverse_derivative(ModelScale<double> value) const;

  [[nodiscard]] double standardise(double target) const {
    return (to_model(target).on_model_scale() - centre_) / scale_;
  }
  [[nodiscard]] Eigen::VectorXd standardise(const Eigen::VectorXd& targets) const;
  /// From standardised values to the model scale.
  [[nodiscard]] ModelScale<double> rescale(double z) const { return ModelScale(centre_ + scale_ * z); }

  /// What from_model() cannot fall below: −∞ where T is the identity, 0 for log, more where there is a reach.
  [[nodiscard]] double lowest() const { return reach_.is_limited() ? reach_.lowest() : lowest_; }

  [[nodiscard]] nlohmann::ordered_json to_json() const;

 private:
  /// The inverse of T, before the reach.
  [[nodiscard]] double inverse(double value) const;

  TargetReach reach_;
  Kind kind_ = Kind::none;
  double lambda_ = 1;
  double inner_centre_ = 0;  // standardisation before the power transform
  double inner_scale_ = 1;
  double lowest_ = -std::numeric_limits<double>::infinity();
  double highest_ = std::numeric_limits<double>::infinity();
  double centre_ = 0;
  double scale_ = 1;
};

[[nodiscard]] std::string_view to_string(TargetTransform::Kind kind);
/// @throws InvalidInput naming `where` for a word that is no transform.
[[nodiscard]] TargetTransform::Kind target_transform_from(std::string_view text, const std::string& where);

}  // namespace hyperego
