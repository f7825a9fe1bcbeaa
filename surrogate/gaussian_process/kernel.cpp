#include <hyperego/core/error.hpp>
#include <hyperego/surrogate/gaussian_process/detail/kernel_view.hpp>
#include <hyperego/surrogate/gaussian_process/kernel.hpp>

#include <cmath>
#include <utility>

namespace hyperego {
namespace detail {
namespace {

void dispatch_covariances(const KernelView& a, Eigen::Index first, const double* z, Eigen::Index z_stride,
                          double* out) {
  HYPEREGO_DISPATCH(covariances, a, first, z, z_stride, out);
}

void dispatch_slopes(const KernelView& a, const double* z, Eigen::Index z_stride, const double* k, const double* scales,
                     double* slopes) {
  HYPEREGO_DISPATCH(covariance_slopes, a, z, z_stride, k, scales, slopes);
}

void dispatch_length_scale_sums(const KernelView& a, const double* weights, Eigen::Index ld, double* sums) {
  HYPEREGO_DISPATCH(length_scale_sums, a, weights, ld, sums);
}

}  // namespace
}  // namespace detail

namespace {

const double root_five = std::sqrt(5.0);

void require_sane(double log_parameter, const char* name) {
  if (!(std::abs(log_parameter) <= 20.0)) {
    throw InvalidInput(name, "is " + std::to_string(log_parameter) + "; logs of kernel parameters lie in [-20, 20]");
  }
}

}  // namespace

std::string_view to_string(KernelForm form) { return form == KernelForm::product ? "product" : "joint"; }

KernelForm kernel_form_from(std::string_view text, const std::string& where) {
  if (text == "product") return KernelForm::product;
  if (text == "joint") return KernelForm::joint;
  throw InvalidInput(where, "\"" + std::string(text) + "\" is no kernel form; use \"product\" or \"joint\"");
}

Kernel::Kernel(std::vector<FeatureKind> kinds, KernelForm form, double log_signal_variance,
               const Eigen::VectorXd& log_length_scales)
    : kinds_(std::move(kinds)),
      form_(form),
      signal_variance_(std::exp(log_signal_variance)),
      length_scales_(log_length_scales.array().exp()) {
  const auto p = static_cast<Eigen::Index>(kinds_.size());
  if (log_length_scales.size() != p) {
    throw InvalidInput("log_length_scales", "has " + std::to_string(log_length_scales.size()) + " entries for " +
                                                std::to_string(p) + " features; give one for each");
  }
  require_sane(log_signal_variance, "log_signal_variance");
  for (Eigen::Index l = 0; l < p; ++l) require_sane(log_length_scales[l], "log_length_scales");
  for (const FeatureKind kind : {FeatureKind::numeric, FeatureKind::categorical}) {
    for (Eigen::Index l = 0; l < p; ++l) {
      if (kinds_[static_cast<std::size_t>(l)] == kind) order_.push_back(l);
    }
    if (kind == FeatureKind::numeric) numeric_ = static_cast<Eigen::Index>(order_.size());
  }
  categorical_inverse_scales_.resize(p - numeric_);
  for (Eigen::Index c = numeric_; c < p; ++c) {
    categorical_inverse_scales_[c - numeric_] = 1.0 / length_scales_[order_[static_cast<std::size_t>(c)]];
  }
}

Kernel::Points Kernel::points(const Eigen::Ref<const Eigen::MatrixXd>& features) const {
  if (features.rows() != number_of_features()) {
    throw InvalidInput("features", "has " + std::to_string(features.rows()) + " rows; the kernel knows " +
                                       std::to_string(number_of_features()) + " features, one row each");
  }
  Points points{Eigen::MatrixXd(features.cols(), features.rows())};
  for (Eigen::Index f = 0; f < features.rows(); ++f) {
    const Eigen::Index row = order_[static_cast<std::size_t>(f)];
    const double scale = f < numeric_ ? root_five / length_scales_[row] : 1.0;
    points.values.col(f) = scale * features.row(row).transpose();
  }
  return points;
}

detail::KernelView Kernel::view(const Points& points) const {
  return {.values = points.values.data(),
          .stride = points.values.rows(),
          .count = points.values.rows(),
          .numeric = static_cast<int>(numeric_),
          .categorical = static_cast<int>(number_of_features() - numeric_),
          .inverse_scales = categorical_inverse_scales_.data(),
          .signal_variance = signal_variance_,
          .joint = form_ == KernelForm::joint};
}

void Kernel::covariance(const Points& a, const Points& b, Eigen::Index first, Eigen::Ref<Eigen::MatrixXd> out) const {
  const detail::KernelView va = view(a);
  for (Eigen::Index j = 0; j < out.cols(); ++j) {
    detail::dispatch_covariances(va, 0, b.values.data() + first + j, b.values.rows(), out.col(j).data());
  }
}

Eigen::MatrixXd Kernel::covariance(const Points& a, const Points& b) const {
  Eigen::MatrixXd out(a.count(), b.count());
  covariance(a, b, 0, out);
  return out;
}

void Kernel::lower_covariance(const Points& a, Eigen::Ref<Eigen::MatrixXd> out) const {
  const detail::KernelView va = view(a);
  for (Eigen::Index j = 0; j < a.count(); ++j) {
    detail::dispatch_covariances(va, j, a.values.data() + j, a.values.rows(), out.col(j).data() + j);
  }
}

Eigen::MatrixXd Kernel::gradient(const Points& a, const Points& z, const Eigen::VectorXd& covariances) const {
  Eigen::VectorXd scales(numeric_);
  for (Eigen::Index f = 0; f < numeric_; ++f)
    scales[f] = root_five / length_scales_[order_[static_cast<std::size_t>(f)]];
  Eigen::MatrixXd slopes(a.count(), numeric_);
  detail::dispatch_slopes(view(a), z.values.data(), z.values.rows(), covariances.data(), scales.data(), slopes.data());
  Eigen::MatrixXd out = Eigen::MatrixXd::Zero(a.count(), number_of_features());
  for (Eigen::Index f = 0; f < numeric_; ++f) out.col(order_[static_cast<std::size_t>(f)]) = slopes.col(f);
  return out;
}

Eigen::VectorXd Kernel::contract_length_scale_gradient(const Points& a,
                                                       const Eigen::Ref<const Eigen::MatrixXd>& weights) const {
  Eigen::VectorXd sums(number_of_features());
  detail::dispatch_length_scale_sums(view(a), weights.data(), weights.outerStride(), sums.data());
  Eigen::VectorXd out(number_of_features());
  for (Eigen::Index f = 0; f < number_of_features(); ++f) out[order_[static_cast<std::size_t>(f)]] = sums[f];
  return out;
}

double Kernel::factor(Eigen::Index feature, double x, double other) const {
  if (kinds_[static_cast<std::size_t>(feature)] == FeatureKind::categorical) {
    return x != other ? std::exp(-1.0 / length_scales_[feature]) : 1.0;
  }
  const double s = root_five / length_scales_[feature] * std::abs(x - other);
  return (1.0 + s * (1.0 + s / 3.0)) * std::exp(-s);
}

}  // namespace hyperego
