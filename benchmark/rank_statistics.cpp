#include <hyperego/benchmark/rank_statistics.hpp>
#include <hyperego/core/error.hpp>

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

namespace hyperego {
namespace {

/// Mid-ranks, 1 for the first in the order of `before`.
template <typename Before>
Eigen::VectorXd mid_ranks(const Eigen::VectorXd& values, Before before) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(values.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](Eigen::Index a, Eigen::Index b) { return before(values[a], values[b]); });
  Eigen::VectorXd ranks(values.size());
  for (std::size_t start = 0; start < order.size();) {
    std::size_t end = start + 1;
    while (end < order.size() && values[order[end]] == values[order[start]]) ++end;
    for (std::size_t i = start; i < end; ++i) ranks[order[i]] = 0.5 * static_cast<double>(start + 1 + end);
    start = end;
  }
  return ranks;
}

void require_finite(bool finite, const std::string& what) {
  if (!finite) throw InvalidInput(what, "holds a value that is not finite");
}

void require_methods(int methods) {
  if (methods < 2) throw InvalidInput("methods", "is " + std::to_string(methods) + "; give at least 2");
}

}  // namespace

Eigen::MatrixXd ranks_by_row(const Eigen::Ref<const Eigen::MatrixXd>& scores) {
  require_finite(scores.allFinite(), "scores");
  Eigen::MatrixXd ranks(scores.rows(), scores.cols());
  for (Eigen::Index i = 0; i < scores.rows(); ++i) {
    ranks.row(i) = mid_ranks(scores.row(i).transpose(), [](double a, double b) { return a > b; }).transpose();
  }
  return ranks;
}

FriedmanTest friedman_test(const Eigen::Ref<const Eigen::MatrixXd>& scores) {
  require_methods(static_cast<int>(scores.cols()));
  if (scores.rows() < 2) throw InvalidInput("scores", "has fewer than 2 tasks");
  const auto n = static_cast<double>(scores.rows());
  const auto k = static_cast<double>(scores.cols());
  const Eigen::MatrixXd ranks = ranks_by_row(scores);
  FriedmanTest test;
  test.mean_ranks = ranks.colwise().mean().transpose();
  // Written with sums of squares of the ranks themselves, the statistic is corrected for ties (Conover 1999, 5.8).
  const double spread = ranks.squaredNorm() - n * k * (k + 1) * (k + 1) / 4;
  if (spread <= 0) return test;
  const double between = n * (test.mean_ranks.array() - (k + 1) / 2).square().sum();
  test.chi_squared = n * (k - 1) * between / spread;
  test.p_chi_squared = boost::math::cdf(boost::math::complement(boost::math::chi_squared(k - 1), test.chi_squared));
  const double left = n * (k - 1) - test.chi_squared;
  if (left <= 1e-12 * n * (k - 1)) {
    test.f = std::numeric_limits<double>::infinity();
    test.p_f = 0;
    return test;
  }
  test.f = (n - 1) * test.chi_squared / left;
  test.p_f = boost::math::cdf(boost::math::complement(boost::math::fisher_f(k - 1, (k - 1) * (n - 1)), test.f));
  return test;
}

double studentized_range_tail(double q, int k) {
  require_methods(k);
  if (!(q >= 0)) throw InvalidInput("q", "is negative or no number");
  if (q > 40) return 0;  // below the smallest double that a difference from 1 can tell
  const boost::math::normal normal;
  const auto density = [&](double z) {
    const double inside = boost::math::cdf(normal, z) - boost::math::cdf(normal, z - q);
    return k * boost::math::pdf(normal, z) * std::pow(std::max(inside, 0.0), k - 1);
  };
  double sum = 0;
  for (double a = -9; a < 9 + q; a += 3) {
    sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(density, a, a + 3, 5, 1e-12);
  }
  return std::clamp(1 - sum, 0.0, 1.0);
}

double studentized_range_quantile(double alpha, int k) {
  if (!(alpha > 0 && alpha < 1)) throw InvalidInput("alpha", "is outside (0, 1)");
  double low = 0;
  double high = 40;
  while (high - low > 1e-10) {
    const double middle = 0.5 * (low + high);
    (studentized_range_tail(middle, k) > alpha ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

double nemenyi_critical_difference(int methods, int tasks, double alpha) {
  const double k = methods;
  return studentized_range_quantile(alpha, methods) / std::sqrt(2.0) * std::sqrt(k * (k + 1) / (6.0 * tasks));
}

double nemenyi_p_value(double difference, int methods, int tasks) {
  const double k = methods;
  return studentized_range_tail(std::abs(difference) * std::sqrt(2.0) / std::sqrt(k * (k + 1) / (6.0 * tasks)),
                                methods);
}

WilcoxonTest wilcoxon_signed_rank(const Eigen::Ref<const Eigen::VectorXd>& differences) {
  require_finite(differences.allFinite(), "differences");
  std::vector<double> kept;
  for (const double difference : differences) {
    if (difference != 0) kept.push_back(difference);
  }
  WilcoxonTest test;
  test.pairs = static_cast<int>(kept.size());
  if (kept.empty()) return test;
  const Eigen::Map<const Eigen::VectorXd> values(kept.data(), test.pairs);
  const Eigen::VectorXd ranks = mid_ranks(values.cwiseAbs(), [](double a, double b) { return a < b; });
  // Twice the mid-ranks are whole numbers: how many of the 2^n signs give each sum of positive ones.
  std::vector<double> share{1};
  std::size_t observed = 0;
  for (Eigen::Index i = 0; i < ranks.size(); ++i) {
    const auto twice = static_cast<std::size_t>(std::lround(2 * ranks[i]));
    if (values[i] > 0) observed += twice;
    std::vector<double> next(share.size() + twice, 0);
    for (std::size_t s = 0; s < share.size(); ++s) {
      next[s] += 0.5 * share[s];
      next[s + twice] += 0.5 * share[s];
    }
    share = std::move(next);
  }
  test.positive_ranks = 0.5 * static_cast<double>(observed);
  const std::size_t extreme = std::min(observed, share.size() - 1 - observed);
  double tail = 0;
  for (std::size_t s = 0; s <= extreme; ++s) tail += share[s];
  test.p = std::min(1.0, 2 * tail);
  return test;
}

}  // namespace hyperego
