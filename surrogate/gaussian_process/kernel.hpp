#pragma once

#include <hyperego/surrogate/feature.hpp>

#include <Eigen/Core>

#include <string>
#include <string_view>
#include <vector>

namespace hyperego {

/// How one-dimensional factors join. With m(r) = (1 + √5 r + 5 r²/3) exp(−√5 r) (Matérn-5/2), ℓ the length scales and
/// H = exp(−Σ_c [x_c ≠ x'_c]/ℓ_c) over the categorical features:
enum class KernelForm {
  product,  ///< σ² Π_l m(|x_l − x'_l|/ℓ_l) · H: coalitions of a game then cost one multiplication each
  joint     ///< σ² m(‖(x − x')/ℓ‖₂) · H: the usual ARD Matérn-5/2
};

[[nodiscard]] std::string_view to_string(KernelForm form);
/// @throws InvalidInput naming `where` for a word that is no kernel form.
[[nodiscard]] KernelForm kernel_form_from(std::string_view text, const std::string& where);

namespace detail {
struct KernelView;
}

/// A covariance function with its parameters. Immutable.
class Kernel {
 public:
  /// Points in the layout that the hot loops want: one row per point, numeric features first and multiplied by √5/ℓ,
  /// then the categorical indices.
  struct Points {
    Eigen::MatrixXd values;
    [[nodiscard]] Eigen::Index count() const { return values.rows(); }
  };

  Kernel() = default;
  /// @throws InvalidInput where kinds and length scales differ in number, or a parameter is not finite or its log is
  /// outside [−20, 20].
  Kernel(std::vector<FeatureKind> kinds, KernelForm form, double log_signal_variance,
         const Eigen::VectorXd& log_length_scales);

  [[nodiscard]] const std::vector<FeatureKind>& kinds() const { return kinds_; }
  [[nodiscard]] KernelForm form() const { return form_; }
  [[nodiscard]] Eigen::Index number_of_features() const { return static_cast<Eigen::Index>(kinds_.size()); }
  [[nodiscard]] double signal_variance() const { return signal_variance_; }
  [[nodiscard]] double length_scale(Eigen::Index feature) const { return length_scales_[feature]; }

  /// Columns of a p × n feature matrix as points. O(n p).
  [[nodiscard]] Points points(const Eigen::Ref<const Eigen::MatrixXd>& features) const;

  /// k(a_i, b_j). O(|a| |b| p).
  [[nodiscard]] Eigen::MatrixXd covariance(const Points& a, const Points& b) const;
  /// Columns first, first + 1, …, first + out.cols() − 1 of covariance(a, b).
  void covariance(const Points& a, const Points& b, Eigen::Index first, Eigen::Ref<Eigen::MatrixXd> out) const;
  /// k(a_i, a_j) for i ≥ j; entries above the diagonal are not touched.
  void lower_covariance(const Points& a, Eigen::Ref<Eigen::MatrixXd> out) const;
  /// Column l holds ∂k(a_i, z)/∂z_l in the features' own order (0 for categorical ones); z is a point of its own.
  [[nodiscard]] Eigen::MatrixXd gradient(const Points& a, const Points& z, const Eigen::VectorXd& covariances) const;

  /// Σ_{i>j} w_ij ∂log k(a_i, a_j)/∂log ℓ_l for every l in the features' own order; `weights` is a lower triangle. O(n²
  /// p).
  [[nodiscard]] Eigen::VectorXd contract_length_scale_gradient(const Points& a,
                                                               const Eigen::Ref<const Eigen::MatrixXd>& weights) const;

  /// One factor of the product form: of feature l at coordinates x and x' (numeric or index), without σ².
  [[nodiscard]] double factor(Eigen::Index feature, double x, double other) const;

 private:
  [[nodiscard]] detail::KernelView view(const Points& points) const;

  std::vector<FeatureKind> kinds_;
  KernelForm form_ = KernelForm::product;
  double signal_variance_ = 1;
  Eigen::VectorXd length_scales_;
  std::vector<Eigen::Index> order_;             // row of `features` behind each column of Points::values
  Eigen::Index numeric_ = 0;                    // how many of them are numeric
  Eigen::VectorXd categorical_inverse_scales_;  // 1/ℓ of the categorical ones
};

}  // namespace hyperego
