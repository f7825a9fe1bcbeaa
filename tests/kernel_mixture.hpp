// A cheap predictor with gradients that behaves like a Gaussian process: Σ_i α_i Π_l k(x_l, x_il) with Matérn-5/2
// factors for numbers and Hamming factors for categoricals, α fitted to a target. Inactive hyperparameters stand at
// their default's coordinate.
#pragma once

#include <hyperego/core/blend_predictor.hpp>
#include <hyperego/core/search_space.hpp>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cmath>
#include <cstddef>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace hyperego::test {

class KernelMixture final : public BlendPredictor {
 public:
  KernelMixture(std::shared_ptr<const SearchSpace> space, const std::vector<Configuration>& data,
                const Eigen::VectorXd& targets, double length_scale = 0.4, double noise = 1e-4)
      : space_(std::move(space)),
        length_scale_(length_scale),
        centres_(static_cast<Eigen::Index>(data.size()), size_of_space()) {
    const auto n = static_cast<Eigen::Index>(data.size());
    for (Eigen::Index i = 0; i < n; ++i)
      centres_.row(i) = space_->encode(data[static_cast<std::size_t>(i)]).transpose();
    Eigen::MatrixXd gram(n, n);
    for (Eigen::Index j = 0; j < n; ++j) gram.col(j) = products(centres_.row(j).transpose());
    gram.diagonal().array() += noise;
    alpha_ = gram.llt().solve(targets);
  }

  [[nodiscard]] Eigen::VectorXd predict(std::span<const Configuration> configurations) const override {
    Eigen::VectorXd values(static_cast<Eigen::Index>(configurations.size()));
    for (std::size_t k = 0; k < configurations.size(); ++k) {
      values(static_cast<Eigen::Index>(k)) = alpha_.dot(products(space_->encode(configurations[k])));
    }
    return values;
  }

  /// Depth-first over the players where the coalitions are all of 0 … 2^k − 1 above a common part and every blend is
  /// plain.
  void predict_blends(const Blends& blends, std::size_t first, std::span<const Coalition> coalitions,
                      Eigen::Ref<Eigen::MatrixXd> predictions) const override {
    const std::size_t count = coalitions.size();
    const int low = std::countr_zero(count);
    const bool whole = (count & (count - 1)) == 0 && coalitions.back() - coalitions.front() == count - 1 &&
                       low <= blends.number_of_players();
    if (!whole || space_->has_conditions() || !blends.all_count()) {
      BlendPredictor::predict_blends(blends, first, coalitions, predictions);
      return;
    }
    const Eigen::VectorXd baseline = space_->encode(blends.baseline());
    const int players = blends.number_of_players();
    const Eigen::Index n = alpha_.size();
    Eigen::MatrixXd off(n, players);
    Eigen::VectorXd rest = alpha_;
    for (std::size_t i = 0; i < space_->size(); ++i) {
      if ((*space_)[i].is_constant()) rest.array() *= factor(i, baseline(static_cast<Eigen::Index>(i)));
    }
    for (int p = 0; p < players; ++p) off.col(p) = column(blends, p, baseline);
    Eigen::MatrixXd on(n, players);
    Eigen::MatrixXd stack(n, low + 1);
    for (Eigen::Index c = 0; c < predictions.cols(); ++c) {
      const Eigen::VectorXd unit = space_->encode(blends.sample(first + static_cast<std::size_t>(c)));
      for (int p = 0; p < players; ++p) on.col(p) = column(blends, p, unit);
      stack.col(low) = rest;
      for (int p = low; p < players; ++p)
        stack.col(low).array() *= (contains(coalitions.front(), p) ? on : off).col(p).array();
      descend(low, 0, on, off, stack, predictions, c);
    }
  }

  [[nodiscard]] bool has_gradient() const override { return true; }

  [[nodiscard]] double value_and_gradient(const Configuration& configuration,
                                          Eigen::Ref<Eigen::VectorXd> gradient) const override {
    const Eigen::VectorXd unit = space_->encode(configuration);
    Eigen::VectorXd product = products(unit).cwiseProduct(alpha_);
    for (Eigen::Index l = 0; l < unit.size(); ++l) {
      const auto i = static_cast<std::size_t>(l);
      const Hyperparameter& h = (*space_)[i];
      gradient(l) = 0;
      const bool numeric =
          std::holds_alternative<FloatDomain>(h.domain) || std::holds_alternative<IntegerDomain>(h.domain);
      if (!numeric || h.is_constant() || !configuration.is_set(i)) continue;
      const Eigen::ArrayXd difference = unit(l) - centres_.col(l).array();
      const Eigen::ArrayXd r = difference.abs() * (std::sqrt(5.0) / length_scale_);
      // d/dx log k for Matérn-5/2.
      gradient(l) = (product.array() *
                     (-(5 / (3 * length_scale_ * length_scale_)) * difference * (1 + r) / (1 + r + r.square() / 3)))
                        .sum();
    }
    return product.sum();
  }

 private:
  [[nodiscard]] Eigen::Index size_of_space() const { return static_cast<Eigen::Index>(space_->size()); }

  [[nodiscard]] Eigen::ArrayXd factor(std::size_t i, double u) const {
    const Eigen::ArrayXd difference = (u - centres_.col(static_cast<Eigen::Index>(i)).array()).abs();
    if ((*space_)[i].is_categorical())
      return (difference > 1e-12).select(Eigen::ArrayXd::Constant(difference.size(), 0.6), 1.0);
    const Eigen::ArrayXd r = difference * (std::sqrt(5.0) / length_scale_);
    return (1 + r + r.square() / 3) * (-r).exp();
  }

  /// All factors of all centres; one exponential a centre.
  [[nodiscard]] Eigen::VectorXd products(const Eigen::VectorXd& unit) const {
    Eigen::ArrayXd product = Eigen::ArrayXd::Ones(centres_.rows());
    Eigen::ArrayXd exponent = Eigen::ArrayXd::Zero(centres_.rows());
    for (std::size_t i = 0; i < space_->size(); ++i) {
      const auto l = static_cast<Eigen::Index>(i);
      if ((*space_)[i].is_categorical()) {
        product *= factor(i, unit(l));
        continue;
      }
      const Eigen::ArrayXd r = (unit(l) - centres_.col(l).array()).abs() * (std::sqrt(5.0) / length_scale_);
      product *= 1 + r + r.square() / 3;
      exponent -= r;
    }
    return product * exponent.exp();
  }

  [[nodiscard]] Eigen::VectorXd column(const Blends& blends, int player, const Eigen::VectorXd& unit) const {
    const std::size_t i = blends.players()[static_cast<std::size_t>(player)];
    return factor(i, unit(static_cast<Eigen::Index>(i)));
  }

  static void descend(int level, Eigen::Index row, const Eigen::MatrixXd& on, const Eigen::MatrixXd& off,
                      Eigen::MatrixXd& stack, Eigen::Ref<Eigen::MatrixXd> predictions, Eigen::Index c) {
    if (level == 0) {
      predictions(row, c) = stack.col(0).sum();
      return;
    }
    if (level == 1) {
      predictions(row, c) = stack.col(1).dot(off.col(0));
      predictions(row + 1, c) = stack.col(1).dot(on.col(0));
      return;
    }
    stack.col(level - 1) = stack.col(level).cwiseProduct(off.col(level - 1));
    descend(level - 1, row, on, off, stack, predictions, c);
    stack.col(level - 1) = stack.col(level).cwiseProduct(on.col(level - 1));
    descend(level - 1, row + (Eigen::Index{1} << (level - 1)), on, off, stack, predictions, c);
  }

  std::shared_ptr<const SearchSpace> space_;
  double length_scale_;
  Eigen::MatrixXd centres_;  // n × d
  Eigen::VectorXd alpha_;
};

}  // namespace hyperego::test
