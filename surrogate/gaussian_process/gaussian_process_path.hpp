#pragma once

#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <memory>
#include <span>

namespace hyperego {

namespace detail {
class FourierFeatures;
}

/// One draw from the posterior of a Gaussian process, as a function.
///
/// Pathwise conditioning (Wilson et al., ICML 2020; JMLR 22, 2021): with g a random function that has the prior's
/// covariance and ε noise like that of the data,
///
///     f(x) = g(x) + k(x, X) (K + noise I)⁻¹ (y − g(X) − ε),
///
/// so f costs what the mean costs plus g. g consists of random Fourier features that every path draws for itself
/// (detail/fourier_features.hpp): means and covariances of paths are exactly those of the posterior for any number of
/// features, and values are normal up to an excess kurtosis of order 1 / features (docs/benchmarks-history.md).
/// Features are products over hyperparameters, so predict_blends() is as fast as that of a process with
/// 2 · features more points. Immutable; const calls are thread-safe.
class GaussianProcessPath final : public BlendPredictor {
 public:
  static constexpr Eigen::Index default_features = 256;

  /// Path number `index` of `seed`: the same for every number of paths. O(n (n + features p)).
  /// @throws InvalidInput where `surrogate` is null or `features` is not a positive multiple of 8.
  GaussianProcessPath(std::shared_ptr<const GaussianProcessSurrogate> surrogate, std::uint64_t seed,
                      std::uint64_t index, Eigen::Index features = default_features);
  ~GaussianProcessPath() override;
  GaussianProcessPath(GaussianProcessPath&&) noexcept;
  GaussianProcessPath& operator=(GaussianProcessPath&&) noexcept;
  GaussianProcessPath(const GaussianProcessPath&) = delete;
  GaussianProcessPath& operator=(const GaussianProcessPath&) = delete;

  /// What it is a draw from; its parameters may be drawn too.
  [[nodiscard]] const std::shared_ptr<const GaussianProcessSurrogate>& surrogate() const { return surrogate_; }

  // All on the target's own scale.
  [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override;
  void predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                      Eigen::Ref<Eigen::MatrixXd> predictions) const override;
  [[nodiscard]] bool has_gradient() const override { return true; }
  [[nodiscard]] double value_and_gradient(const Configuration& configuration,
                                          Eigen::Ref<Eigen::VectorXd> gradient) const override;

 private:
  std::shared_ptr<const GaussianProcessSurrogate> surrogate_;
  std::unique_ptr<const detail::FourierFeatures> prior_;
  Kernel::Points points_;
  Eigen::VectorXd weights_;
};

}  // namespace hyperego
