#include <hyperego/core/error.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/detail/least_squares.hpp>

#include <algorithm>
#include <string>

namespace hyperego::detail {
namespace {

// B_0, B_1, …, B_order with B_1 = −1/2, from Σ_{j ≤ m} C(m+1, j) B_j = 0.
std::vector<double> bernoulli_numbers(int order) {
  std::vector<double> numbers{1};
  for (int m = 1; m <= order; ++m) {
    double sum = 0;
    for (int j = 0; j < m; ++j) {
      sum += static_cast<double>(binomial_coefficient(m + 1, j)) * numbers[static_cast<std::size_t>(j)];
    }
    numbers.push_back(-sum / (m + 1));
  }
  return numbers;
}

// λ(k, i) = Σ_{r=1}^{i} C(i, r) B_{k−r}: the share of I(S), |S| = k, that a coalition with i players of S receives.
double bernoulli_share(const std::vector<double>& bernoulli, int k, int i) {
  double sum = 0;
  for (int r = 1; r <= i; ++r)
    sum += static_cast<double>(binomial_coefficient(i, r)) * bernoulli[static_cast<std::size_t>(k - r)];
  return sum;
}

// Border sizes have infinite weight in theory.
constexpr double infinite_weight = 1e6;

// Weight of all coalitions of size l together in the fit of order k; `border` where a single coalition weighs
// infinitely.
struct SizeWeight {
  double weight = 0;
  bool border = false;
};

SizeWeight size_weight(int players, int k, int l) {
  if (l < k || l > players - k) return {0, true};
  const double per_coalition = 1.0 / static_cast<double>(binomial_coefficient(players - 2 * k, l - k));
  return {per_coalition * static_cast<double>(binomial_coefficient(players, l)), false};
}

class SequentialFit {
 public:
  SequentialFit(const InteractionValues& result, const RegressionSample& sample, int players)
      : order_(result.order), first_{0} {
    for (int k = 1; k <= order_; ++k) {
      first_.push_back(first_.back() + static_cast<Eigen::Index>(binomial_coefficient(players, k)));
    }
    const auto rows = static_cast<Eigen::Index>(sample.coalitions.size());
    Eigen::MatrixXd features(rows, first_.back());
    const std::vector<double> bernoulli = bernoulli_numbers(order_);
    for (Eigen::Index r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < result.interactions.size(); ++c) {
        const Coalition interaction = result.interactions[c];
        features(r, static_cast<Eigen::Index>(c)) = bernoulli_share(
            bernoulli, size_of(interaction), size_of(interaction & sample.coalitions[static_cast<std::size_t>(r)]));
      }
    }
    for (int k = 1; k <= order_; ++k) add_order(result, sample, features, k, players);
  }

  // SII up to the order: order 1 with efficiency, every further order on what the ones before leave.
  [[nodiscard]] Eigen::VectorXd solve(int without, double total, bool& ridge) const {
    Eigen::VectorXd solution(first_.back());
    for (int k = 1; k <= order_; ++k) {
      const Step& step = steps_[static_cast<std::size_t>(k - 1)];
      const Eigen::Index begin = first_[static_cast<std::size_t>(k - 1)];
      const Eigen::VectorXd lower = solution.head(begin);
      Eigen::VectorXd found = step.border_values - step.border_cross * lower;
      if (step.inner) {
        const Eigen::VectorXd right = step.equations.right(without) - step.equations.cross(without) * lower;
        found += solve_normal_equations(step.equations.gram(without), right, k == 1 ? &total : nullptr, ridge);
      }
      solution.segment(begin, found.size()) = found;
    }
    return solution;
  }

 private:
  int order_;
  std::vector<Eigen::Index> first_;

  // From order 3 on no weights make the fit exact where the border sizes, fewer than k players inside or outside,
  // disagree. Their part of the index is then summed up by its definition, and the fit sees 0 there.
  struct Step {
    GroupedNormalEquations equations;
    bool inner = true;  // whether there are sizes beside those of the border
    Eigen::VectorXd border_values;
    Eigen::MatrixXd border_cross;  // the same of the features of lower orders
  };
  std::vector<Step> steps_;

  void add_order(const InteractionValues& result, const RegressionSample& sample, const Eigen::MatrixXd& features,
                 int k, int players) {
    const Eigen::Index begin = first_[static_cast<std::size_t>(k - 1)];
    const Eigen::Index width = first_[static_cast<std::size_t>(k)] - begin;
    Eigen::VectorXd values = sample.values;
    Eigen::MatrixXd lower = features.leftCols(begin);
    Eigen::VectorXd border_values = Eigen::VectorXd::Zero(width);
    Eigen::MatrixXd border_cross = Eigen::MatrixXd::Zero(width, begin);
    if (k > 2) {
      const CardinalWeights weights(InteractionIndex::sii, k, players);
      Eigen::VectorXd share(width);
      for (std::size_t r = 0; r < sample.sizes.size(); ++r) {
        if (!size_weight(players, k, sample.sizes[r]).border) continue;
        const auto row = static_cast<Eigen::Index>(r);
        for (Eigen::Index c = 0; c < width; ++c) {
          const Coalition interaction = result.interactions[static_cast<std::size_t>(begin + c)];
          const int inside = size_of(interaction & sample.coalitions[r]);
          const double weight = weights.coalition(k, k + sample.sizes[r] - inside);
          share[c] = (k - inside) % 2 == 0 ? weight : -weight;
        }
        border_values += values[row] * share;
        border_cross += share * lower.row(row);
        values[row] = 0;
        lower.row(row).setZero();
      }
    }
    steps_.push_back(
        {GroupedNormalEquations(block(features, k), weights_of(sample, players, k), values, lower, sample.group),
         k <= 2 || players >= 2 * k, std::move(border_values), std::move(border_cross)});
  }

  [[nodiscard]] Eigen::MatrixXd block(const Eigen::MatrixXd& features, int k) const {
    const Eigen::Index begin = first_[static_cast<std::size_t>(k - 1)];
    return features.middleCols(begin, first_[static_cast<std::size_t>(k)] - begin);
  }

  static Eigen::VectorXd weights_of(const RegressionSample& sample, int players, int k) {
    double total = 0;
    for (int l = k; l <= players - k; ++l) total += size_weight(players, k, l).weight;
    Eigen::VectorXd weights(static_cast<Eigen::Index>(sample.sizes.size()));
    for (std::size_t i = 0; i < sample.sizes.size(); ++i) {
      const SizeWeight size = size_weight(players, k, sample.sizes[i]);
      const double share = size.weight / static_cast<double>(binomial_coefficient(players, sample.sizes[i]));
      weights[static_cast<Eigen::Index>(i)] = size.border ? infinite_weight : share * sample.per[i] / total;
    }
    return weights;
  }
};

// Σ_{T⊇S, |T| ≤ k} B_{|T|−|S|} SII(T).
Eigen::VectorXd aggregated(const InteractionValues& result, const Eigen::VectorXd& sii) {
  Eigen::VectorXd values = Eigen::VectorXd::Zero(sii.size());
  const std::vector<double> bernoulli = bernoulli_numbers(result.order);
  for (std::size_t i = 0; i < result.interactions.size(); ++i) {
    const Coalition larger = result.interactions[i];
    for_each_subset(larger, [&](Coalition smaller) {
      if (smaller == 0) return;
      values[static_cast<Eigen::Index>(result.position(smaller))] +=
          bernoulli[static_cast<std::size_t>(size_of(larger) - size_of(smaller))] * sii[static_cast<Eigen::Index>(i)];
    });
  }
  return values;
}

std::vector<double> sampling_share(int players, int order) {
  std::vector<double> share(static_cast<std::size_t>(players + 1), 0.0);
  for (int k = 1; k <= order; ++k) {
    double total = 0;
    for (int l = k; l <= players - k; ++l) total += size_weight(players, k, l).weight;
    for (int l = k; l <= players - k; ++l)
      share[static_cast<std::size_t>(l)] += size_weight(players, k, l).weight / total;
  }
  return share;
}

std::vector<double> size_means(const RegressionSample& sample, int players, double total) {
  std::vector<double> mean(static_cast<std::size_t>(players + 1), 0.0);
  for (std::size_t i = 0; i < sample.sizes.size(); ++i) {
    mean[static_cast<std::size_t>(sample.sizes[i])] +=
        sample.values[static_cast<Eigen::Index>(i)] * sample.per[i] /
        static_cast<double>(binomial_coefficient(players, sample.sizes[i]));
  }
  mean.back() = total;
  return mean;
}

}  // namespace

void estimate_by_kernel_shap_iq(EstimatorTask& task) {
  const int players = task.game.players();
  const InteractionValues& result = task.estimate.values;
  std::vector<bool> forced(static_cast<std::size_t>(players + 1), false);
  std::size_t border = 2;
  for (int l = 1; l < players; ++l) {
    if (std::min(l, players - l) >= result.order) continue;
    forced[static_cast<std::size_t>(l)] = true;
    border += binomial_coefficient(players, l);
  }
  // One more of every open size; the whole game where there is none.
  const std::size_t least = std::min(std::max(border, result.interactions.size()) + static_cast<std::size_t>(players),
                                     std::size_t{1} << static_cast<unsigned>(players));
  if (task.budget() < least) {
    throw InvalidInput("budget", std::string(to_string(result.index)) + " of order " + std::to_string(result.order) +
                                     " and " + std::to_string(players) +
                                     " players by sequential regression needs at least " +
                                     std::to_string(least + task.game.evaluated() - 2) + " coalitions");
  }
  CoalitionSamples samples(players, task.options.seed, task.options.paired);
  const std::vector<double> share = sampling_share(players, result.order);
  const double total = 0;  // the control variate takes all of the grand coalition
  for (const std::size_t budget : task.stages(least)) {
    const RegressionSample sample =
        draw_for_regression(task, samples, allocate_sizes(players, budget, share, forced), task.options.control_order);
    const SequentialFit fit(result, sample, players);
    task.set_empty_interaction(size_means(sample, players, total));
    bool ridge = false;
    jackknife(task, sample, [&](int without) {
      const Eigen::VectorXd sii = fit.solve(without, total, ridge);
      return result.index == InteractionIndex::k_sii ? aggregated(result, sii) : sii;
    });
    task.estimate.note = ridge ? "the coalitions do not determine all interactions; a ridge of 1e-10 was added" : "";
    if (task.target_met()) return;
  }
}

}  // namespace hyperego::detail
