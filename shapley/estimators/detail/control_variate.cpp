#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/detail/control_variate.hpp>
#include <hyperego/shapley/estimators/detail/regression_kernel.hpp>
#include <hyperego/shapley/estimators/detail/sign_products.hpp>

#include <algorithm>
#include <cmath>

namespace hyperego::detail {
namespace {

// Coalitions that a term of the polynomial needs, beside its share of a ridge.
constexpr std::size_t coalitions_per_term = 3;
constexpr double ridge_share = 0.01;
// Above this many terms the fit would cost more than what it is for.
constexpr std::size_t most_terms = 700;

std::size_t at(int i) { return static_cast<std::size_t>(i); }

// Sums over the coalitions of one fold: signs and values by size, products of signs, products of signs and values.
struct FoldSums {
  Eigen::MatrixXd signs;   // terms × (n + 1)
  Eigen::VectorXd values;  // n + 1
  Eigen::VectorXd counts;  // n + 1
  Eigen::MatrixXd gram;
  Eigen::VectorXd right;

  FoldSums& operator+=(const FoldSums& other) {
    signs += other.signs;
    values += other.values;
    counts += other.counts;
    gram += other.gram;
    right += other.right;
    return *this;
  }
};

class PolynomialFit {
 public:
  PolynomialFit(int players, const ControlSample& sample, std::vector<Coalition> terms)
      : players_(players), terms_(std::move(terms)) {
    const SignProducts products(players, terms_);
    for (int f = 0; f < control_folds; ++f) folds_.push_back(sums_of(sample, f, products));
  }

  /// Coefficients of the first `width` terms without a fold, deviations from the mean of every size being fitted.
  [[nodiscard]] Eigen::VectorXd solve(int without, Eigen::Index width) const {
    FoldSums all = folds_[at(without == 0 ? 1 : 0)];
    for (int f = without == 0 ? 2 : 1; f < control_folds; ++f) {
      if (f != without) all += folds_[at(f)];
    }
    const Eigen::VectorXd inverse = all.counts.unaryExpr([](double count) { return count > 0 ? 1 / count : 0.0; });
    const Eigen::MatrixXd means = all.signs.topRows(width) * inverse.cwiseSqrt().asDiagonal();
    Eigen::MatrixXd gram = all.gram.topLeftCorner(width, width);
    gram.selfadjointView<Eigen::Lower>().rankUpdate(means, -1.0);
    // Single players are not shrunk, or the function of the size would pick up what is left of them and paired
    // coalitions would no longer cancel; their signs add up to a constant in every size, hence the trace of a ridge.
    const Eigen::Index singles = std::min<Eigen::Index>(width, players_);
    gram.diagonal().head(singles).array() += 1e-9 * (1 + all.counts.sum());
    gram.diagonal().tail(width - singles).array() += 1 + ridge_share * all.counts.sum();
    const Eigen::VectorXd right = all.right.head(width) - all.signs.topRows(width) * inverse.cwiseProduct(all.values);
    Eigen::VectorXd solution = right;
    static_cast<void>(HYPEREGO_DISPATCH(regression_cholesky, gram.data(), width));  // the ridge keeps it definite
    HYPEREGO_DISPATCH(regression_solve, gram.data(), width, solution.data(), 1);
    return solution;
  }

  /// Squared error on a fold of coefficients fitted without it, deviations being taken from the fold's own size means.
  [[nodiscard]] double error(int fold, const Eigen::VectorXd& c) const {
    const FoldSums& own = folds_[at(fold)];
    const Eigen::Index width = c.size();
    const Eigen::VectorXd inverse = own.counts.unaryExpr([](double count) { return count > 0 ? 1 / count : 0.0; });
    const Eigen::VectorXd means = own.signs.topRows(width).transpose() * c;
    const double squares = c.dot(own.gram.topLeftCorner(width, width).selfadjointView<Eigen::Lower>() * c) -
                           means.cwiseAbs2().dot(inverse);
    const double cross = c.dot(own.right.head(width)) - means.cwiseProduct(inverse).dot(own.values);
    return squares - 2 * cross;  // up to the squares of the values themselves
  }

  /// Mean over every size of what the coefficients leave of the values without a fold; sizes without coalitions are
  /// left alone and their flag stays down.
  void size_means(int without, const std::vector<double>& c, std::vector<double>& mean,
                  std::vector<bool>& known) const {
    for (std::size_t l = 0; l < mean.size(); ++l) {
      const auto size = static_cast<Eigen::Index>(l);
      double sum = 0;
      double count = 0;
      for (int f = 0; f < control_folds; ++f) {
        if (f == without) continue;
        sum += folds_[at(f)].values[size];
        for (std::size_t t = 0; t < c.size(); ++t) {
          sum -= c[t] * folds_[at(f)].signs(static_cast<Eigen::Index>(t), size);
        }
        count += folds_[at(f)].counts[size];
      }
      if (count == 0) continue;
      mean[l] = sum / count;
      known[l] = true;
    }
  }

 private:
  int players_;
  std::vector<Coalition> terms_;
  std::vector<FoldSums> folds_;

  [[nodiscard]] FoldSums sums_of(const ControlSample& sample, int fold, const SignProducts& products) const {
    const auto width = static_cast<Eigen::Index>(terms_.size());
    FoldSums sums{Eigen::MatrixXd::Zero(width, players_ + 1),
                  Eigen::VectorXd::Zero(players_ + 1),
                  Eigen::VectorXd::Zero(players_ + 1),
                  {},
                  Eigen::VectorXd::Zero(width)};
    std::vector<Coalition> mine;
    for (std::size_t i = 0; i < sample.coalitions.size(); ++i) {
      if (sample.fold[i] != fold) continue;
      const Coalition coalition = sample.coalitions[i];
      const double value = sample.values[i];
      const int size = size_of(coalition);
      mine.push_back(coalition);
      sums.values[size] += value;
      sums.counts[size] += 1;
      double* signs = sums.signs.col(size).data();
      double* right = sums.right.data();
      for (std::size_t t = 0; t < terms_.size(); ++t) {
        const double sign = sign_of(coalition, terms_[t]);
        signs[t] += sign;
        right[t] += sign * value;
      }
    }
    if (width > 0) sums.gram = products.gram(mine);
    return sums;
  }
};

// Largest order of which there are coalitions enough.
int affordable_order(int players, std::size_t sampled, int most_order) {
  int order = 0;
  std::size_t terms = 0;
  while (order < std::min(most_order, players)) {
    terms += binomial_coefficient(players, order + 1);
    if (terms > most_terms || sampled < coalitions_per_term * terms) break;
    ++order;
  }
  return order;
}

// Linear between the nearest known entries; the first and the last are known.
void interpolate(std::vector<double>& values, const std::vector<bool>& known) {
  std::size_t left = 0;
  for (std::size_t right = 1; right < values.size(); ++right) {
    if (!known[right]) continue;
    for (std::size_t l = left + 1; l < right; ++l) {
      const double share = static_cast<double>(l - left) / static_cast<double>(right - left);
      values[l] = (1 - share) * values[left] + share * values[right];
    }
    left = right;
  }
}

}  // namespace

ControlVariate::ControlVariate(int players) : players_(players), models_(at(control_folds) + 1) {}

ControlVariate::ControlVariate(int players, const ControlSample& sample, int most_order, bool sizes, double full)
    : ControlVariate(players) {
  const auto sampled = static_cast<std::size_t>(
      std::count_if(sample.fold.begin(), sample.fold.end(), [](int fold) { return fold >= 0; }));
  const int most = affordable_order(players, sampled, most_order);
  const PolynomialFit fit(players, sample, interactions_up_to(players, most));
  double least = 0;
  for (int order = 1; order <= most; ++order) {
    const std::vector<Coalition> terms = interactions_up_to(players, order);
    std::vector<Eigen::VectorXd> coefficients;
    double error = 0;
    for (int f = 0; f < control_folds; ++f) {
      coefficients.push_back(fit.solve(f, static_cast<Eigen::Index>(terms.size())));
      error += fit.error(f, coefficients.back());
    }
    if (!(error < least)) continue;
    least = error;
    order_ = order;
    terms_ = terms;
    Eigen::VectorXd mean = Eigen::VectorXd::Zero(coefficients[0].size());
    for (const Eigen::VectorXd& c : coefficients) mean += c / control_folds;
    coefficients.push_back(mean);
    for (std::size_t m = 0; m < models_.size(); ++m) {
      models_[m].coefficients.assign(coefficients[m].data(), coefficients[m].data() + coefficients[m].size());
    }
  }
  if (!sizes) return;
  // Sizes that are enumerated: the mean of the values is known, that of the polynomial follows from its terms.
  std::vector<double> total(at(players) + 1, 0.0);
  std::vector<bool> enumerated(total.size(), false);
  for (std::size_t i = 0; i < sample.coalitions.size(); ++i) {
    if (sample.fold[i] >= 0) continue;
    const int size = size_of(sample.coalitions[i]);
    total[at(size)] += sample.values[i] / static_cast<double>(binomial_coefficient(players, size));
    enumerated[at(size)] = true;
  }
  total.back() = full;
  enumerated.front() = enumerated.back() = true;
  std::vector<double> average(total.size(), 0.0);
  for (int f = 0; f < control_folds; ++f) {
    Model& model = models_[at(f)];
    model.of_size.assign(total.size(), 0.0);
    std::vector<bool> known = enumerated;
    fit.size_means(f, model.coefficients, model.of_size, known);
    for (std::size_t l = 0; l < total.size(); ++l) {
      if (enumerated[l]) model.of_size[l] = total[l] - mean_of_size(model, static_cast<int>(l));
    }
    interpolate(model.of_size, known);
    for (std::size_t l = 0; l < total.size(); ++l) average[l] += model.of_size[l] / control_folds;
  }
  models_.back().of_size = average;
}

double ControlVariate::mean_of_size(const Model& model, int size) const {
  std::vector<double> sign(at(order_) + 1, 0.0);
  for (int t = 1; t <= order_; ++t) {
    for (int j = 0; j <= t; ++j) {
      sign[at(t)] += (j % 2 == 0 ? 1.0 : -1.0) * static_cast<double>(binomial_coefficient(size, j)) *
                     static_cast<double>(binomial_coefficient(players_ - size, t - j)) /
                     static_cast<double>(binomial_coefficient(players_, t));
    }
  }
  double sum = 0;
  for (std::size_t t = 0; t < model.coefficients.size(); ++t)
    sum += model.coefficients[t] * sign[at(size_of(terms_[t]))];
  return sum;
}

double ControlVariate::polynomial(const Model& model, Coalition coalition) const {
  double sum = 0;
  for (std::size_t t = 0; t < model.coefficients.size(); ++t) {
    sum += sign_of(coalition, terms_[t]) * model.coefficients[t];
  }
  return sum;
}

double ControlVariate::value(Coalition coalition, int fold) const {
  const Model& model = fold < 0 ? models_.back() : models_[at(fold)];
  const double of_size = model.of_size.empty() ? 0.0 : model.of_size[at(size_of(coalition))];
  return polynomial(model, coalition) + of_size;
}

void ControlVariate::add_index(const CardinalWeights& weights, InteractionValues& values) const {
  // (−1)^{|S∩T|} = Σ_{U⊆T} (−2)^{|U|} [U ⊆ S].
  UnanimityModel model;
  const std::vector<Coalition> unanimity = interactions_up_to(players_, order_);
  InteractionValues found;
  found.order = order_;
  found.players = players_;
  std::vector<double> coefficients(unanimity.size(), 0.0);
  double constant = 0;
  for (std::size_t t = 0; t < terms_.size(); ++t) {
    for_each_subset(terms_[t], [&](Coalition subset) {
      const double share = std::ldexp(size_of(subset) % 2 == 0 ? 1.0 : -1.0, size_of(subset));
      (subset == 0 ? constant : coefficients[found.position(subset)]) += share * models_.back().coefficients[t];
    });
  }
  for (std::size_t t = 0; t < unanimity.size(); ++t) model.terms.push_back({unanimity[t], coefficients[t]});
  model.add_index(weights, values);
  if (weights.empty_is_weighted()) values.empty_interaction += constant;
  if (!models_.back().of_size.empty()) add_index_of_sizes(models_.back().of_size, weights, values);
}

void add_index_of_sizes(const std::vector<double>& of_size, const CardinalWeights& weights, InteractionValues& values) {
  const int players = values.players;
  std::vector<double> of_order(at(values.order) + 1, 0.0);
  for (int s = 0; s <= values.order; ++s) {
    for (int j = 0; j <= s; ++j) {
      const double choices = (s - j) % 2 == 0 ? static_cast<double>(binomial_coefficient(s, j))
                                              : -static_cast<double>(binomial_coefficient(s, j));
      for (int l = j; l <= players - s + j; ++l) {
        of_order[at(s)] += choices * static_cast<double>(binomial_coefficient(players - s, l - j)) *
                           weights.coalition(s, s + l - j) * (of_size[at(l)] - of_size[0]);
      }
    }
  }
  for (std::size_t i = 0; i < values.interactions.size(); ++i) {
    values.values[i] += of_order[at(size_of(values.interactions[i]))];
  }
  if (weights.empty_is_weighted()) values.empty_interaction += of_order[0] + of_size[0];
}

}  // namespace hyperego::detail
