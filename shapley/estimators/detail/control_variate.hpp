#pragma once

#include <hyperego/shapley/estimators/detail/unanimity_model.hpp>

#include <span>
#include <vector>

namespace hyperego::detail {

inline constexpr int control_folds = 8;

/// What a control variate is fitted to: coalitions, their values, and a fold each, 0 … control_folds − 1; −1 for
/// coalitions of a size that is enumerated, which carry no error and take no part in the fit.
struct ControlSample {
  std::span<const Coalition> coalitions;
  std::span<const double> values;
  std::span<const int> fold;
};

/// A game close to the one that is estimated and of known index: a polynomial of low order in the players' indicators
/// plus, where asked for, a function of the coalition's size. What is estimated by sampling is only what it leaves.
///
/// Cross-fitted: a coalition of fold f is judged by a model that has not seen fold f, so that an overfitted model costs
/// variance and never pretends accuracy (compare Witter, Liu & Musco, "Regression-adjusted Monte Carlo estimators for
/// Shapley values and probabilistic values", 2025). The order is the one of least squared error on the folds left out;
/// order 0 is no polynomial. Its index is that of the mean of the models.
class ControlVariate {
 public:
  /// No control.
  explicit ControlVariate(int players);
  /// @param most_order largest order of the polynomial, 0 … 2. @param sizes with a function of the size; the control
  /// then is 0 at ∅ and `full` at N.
  ControlVariate(int players, const ControlSample& sample, int most_order, bool sizes, double full);

  /// By the model of that fold, by the mean of the models for fold −1.
  [[nodiscard]] double value(Coalition coalition, int fold) const;
  void add_index(const CardinalWeights& weights, InteractionValues& values) const;
  [[nodiscard]] int order() const { return order_; }

 private:
  struct Model {
    std::vector<double> coefficients;  // of the signs (−1)^{|S∩T|}, |T| ≤ order
    std::vector<double> of_size;       // 0 … n; empty without
  };

  int players_;
  int order_ = 0;
  std::vector<Coalition> terms_;
  std::vector<Model> models_;  // one a fold; at last their mean

  [[nodiscard]] double mean_of_size(const Model& model, int size) const;
  [[nodiscard]] double polynomial(const Model& model, Coalition coalition) const;
};

/// Adds the index of the game h(|S|), h given for sizes 0 … n.
void add_index_of_sizes(const std::vector<double>& of_size, const CardinalWeights& weights, InteractionValues& values);

}  // namespace hyperego::detail
