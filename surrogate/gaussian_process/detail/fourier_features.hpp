#pragma once

#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/gaussian_process/kernel.hpp>

#include <Eigen/Core>

#include <vector>

namespace hyperego::detail {

/// A random function f(x) = Σ_f Re[c_f Π_l p_fl(x_l)] with the covariance of a kernel: random Fourier features (Rahimi
/// & Recht, NeurIPS 2007) with frequencies of its own.
///
/// Numeric coordinates give phases p_fl(x) = e^{iω_fl x}; ω is √(5/u)/ℓ times a normal number with u ~ χ²_5, which is
/// Student's t of 5 degrees of freedom, the spectral density of Matérn-5/2 (product form: one u for each feature;
/// joint: one for all). Categorical ones give 1 with probability ρ = exp(−1/ℓ), else an independent sign for each
/// category, so that E[p(x) p(x')] is 1 where x = x' and ρ where not.
///
/// What data leave uncertain about a smooth function lives in rare high frequencies. Most features therefore have one
/// or two axes, chosen at random, that are drawn from a wider density (log u uniform over six decades; signs with
/// probability 1/2), and all carry the weight √(density / density of the mixture). With that, and because every
/// function has frequencies of its own, E f = 0 and E f(x) f(x') = k(x, x') hold exactly for any number of features;
/// only the fourth moments know it (bench_path_moments).
class FourierFeatures {
 public:
  /// `categories`: the number of categories of each feature, in the order of kernel.kinds(); anything for numeric ones.
  /// `count` is a multiple of 8.
  FourierFeatures(const Kernel& kernel, const std::vector<Eigen::Index>& categories, Eigen::Index count, Rng& rng);

  [[nodiscard]] Eigen::Index count() const { return frequencies_.rows(); }
  /// c as 2 · count numbers: real parts, then imaginary ones.
  [[nodiscard]] const Eigen::VectorXd& weights() const { return weights_; }
  /// p_·l(coordinate) in the same layout.
  void phases(Eigen::Index feature, double coordinate, double* row) const;
  /// Multiplies a row by the signs of a categorical feature.
  void multiply_signs_of(Eigen::Index feature, double category, double* row) const;

  /// f at the columns of a p × m matrix of features. O(m p count).
  [[nodiscard]] Eigen::VectorXd values(const Eigen::Ref<const Eigen::MatrixXd>& features) const;
  /// f and its derivatives with respect to the features (0 for categorical ones).
  double value_and_gradient(const Eigen::Ref<const Eigen::VectorXd>& features,
                            Eigen::Ref<Eigen::VectorXd> gradient) const;

 private:
  [[nodiscard]] bool is_categorical(Eigen::Index feature) const {
    return signs_[static_cast<std::size_t>(feature)].size() > 0;
  }
  /// All phases joined, at one point.
  void joined_phases(const Eigen::Ref<const Eigen::VectorXd>& features, Eigen::VectorXd& angles,
                     Eigen::VectorXd& row) const;

  Eigen::MatrixXd frequencies_;         // count × p; 0 for categorical features
  std::vector<Eigen::MatrixXd> signs_;  // count × categories; empty for numeric features
  Eigen::VectorXd weights_;
};

}  // namespace hyperego::detail
