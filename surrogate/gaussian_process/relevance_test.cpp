#include <hyperego/core/error.hpp>
#include <hyperego/core/parallel.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/gaussian_process/detail/cholesky.hpp>
#include <hyperego/surrogate/gaussian_process/detail/likelihood.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process.hpp>
#include <hyperego/surrogate/gaussian_process/relevance_test.hpp>
#include <hyperego/surrogate/input_encoding.hpp>

#include <boost/math/distributions/normal.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace hyperego {
namespace {

/// In units of features; the last one says that the hyperparameter does nothing.
constexpr std::array<double, 7> length_scales{0.15, 0.3, 0.6, 1.2, 2.5, 5, 1e3};

std::vector<Eigen::Index> shuffled(Eigen::Index n, Rng& rng) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  for (std::size_t k = order.size(); k > 1; --k) {
    std::swap(order[k - 1], order[static_cast<std::size_t>(rng.uniform() * static_cast<double>(k))]);
  }
  return order;
}

/// What is tested: the trials looked at, as features of a process, and normal scores of their targets.
struct Sample {
  InputEncoding encoding;
  Eigen::MatrixXd features;
  Eigen::VectorXd targets;
};

/// Φ⁻¹((rank − ½) / n), equal targets sharing their mean rank.
Eigen::VectorXd normal_scores(const Eigen::VectorXd& targets) {
  std::vector<Eigen::Index> order(static_cast<std::size_t>(targets.size()));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::sort(order.begin(), order.end(), [&](Eigen::Index a, Eigen::Index b) { return targets[a] < targets[b]; });
  Eigen::VectorXd scores(targets.size());
  const boost::math::normal normal;
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    while (end < order.size() && targets[order[end]] == targets[order[first]]) ++end;
    const double share = static_cast<double>(first + end) / (2 * static_cast<double>(order.size()));
    for (std::size_t k = first; k < end; ++k) scores[order[k]] = boost::math::quantile(normal, share);
    first = end;
  }
  return scores;
}

Sample sample_of(const std::shared_ptr<const SearchSpace>& space, std::span<const Configuration> configurations,
                 const Eigen::VectorXd& targets, const RelevanceTestOptions& options) {
  if (static_cast<Eigen::Index>(configurations.size()) != targets.size()) {
    throw InvalidInput("targets", "has " + std::to_string(targets.size()) + " entries for " +
                                      std::to_string(configurations.size()) + " configurations");
  }
  if (!targets.allFinite()) throw InvalidInput("targets", "holds a value that is not finite; leave failed trials out");
  Rng rng(options.seed, "relevance-sample");
  std::vector<Eigen::Index> chosen = shuffled(targets.size(), rng);
  chosen.resize(std::min(chosen.size(), options.most_trials));
  std::sort(chosen.begin(), chosen.end());
  std::vector<Configuration> places;
  for (const Eigen::Index k : chosen) places.push_back(configurations[static_cast<std::size_t>(k)]);
  InputEncoding encoding(space);
  Eigen::MatrixXd features = encoding.encode(places);
  return {std::move(encoding), std::move(features), normal_scores(targets(chosen))};
}

/// Players that are tested as one.
using Group = std::vector<InputEncoding::Player>;

/// The largest log marginal likelihood over the length scale of one group of hyperparameters and the noise; the other
/// parameters are those of a process that does not know it, so that under the hypothesis nothing favours its observed
/// values.
class Statistic {
 public:
  Statistic(const Sample& sample, const Group& group)
      : kinds_(sample.encoding.kinds()), targets_(sample.targets), group_(group) {
    Eigen::MatrixXd ignorant = sample.features;
    for (const InputEncoding::Player& player : group_) {
      ignorant.row(player.coordinate).setConstant(ignorant(player.coordinate, 0));
    }
    GaussianProcessOptions options;
    options.starts = 1;
    parameters_ = GaussianProcess::fit(kinds_, std::move(ignorant), targets_, options).parameters();
  }

  [[nodiscard]] double of(const Eigen::MatrixXd& features) const {
    detail::Likelihood likelihood(kinds_, KernelForm::product, features, targets_);
    const double least_noise = std::log(GaussianProcessBounds{}.noise_variance_lower);
    double best = -std::numeric_limits<double>::infinity();
    GaussianProcessParameters parameters = parameters_;
    for (const double length : length_scales) {
      for (const InputEncoding::Player& player : group_) {
        parameters.log_length_scales[player.coordinate] = std::log(length);
      }
      for (const double less : {0.0, 0.7, 1.5, 3.0, 5.0}) {
        parameters.log_noise_variance = parameters_.log_noise_variance - less;
        if (parameters.log_noise_variance < least_noise) break;
        const double value = likelihood(parameters, nullptr);
        if (value < best - 3) break;
        best = std::max(best, value);
      }
    }
    return best;
  }

 private:
  const std::vector<FeatureKind>& kinds_;
  const Eigen::VectorXd& targets_;
  const Group& group_;
  GaussianProcessParameters parameters_;
};

/// The features with the values of a group permuted among the trials in which all of it is active.
Eigen::MatrixXd permuted(const Eigen::MatrixXd& features, const Group& group, Rng& rng) {
  std::vector<Eigen::Index> active;
  for (Eigen::Index k = 0; k < features.cols(); ++k) {
    const bool is_active = std::all_of(group.begin(), group.end(), [&](const InputEncoding::Player& player) {
      return !player.indicator || features(*player.indicator, k) != 0;
    });
    if (is_active) active.push_back(k);
  }
  Eigen::MatrixXd result = features;
  const std::vector<Eigen::Index> order = shuffled(static_cast<Eigen::Index>(active.size()), rng);
  for (std::size_t k = 0; k < active.size(); ++k) {
    for (const InputEncoding::Player& player : group) {
      result(player.coordinate, active[k]) = features(player.coordinate, active[static_cast<std::size_t>(order[k])]);
    }
  }
  return result;
}

bool varies(const Sample& sample, const InputEncoding::Player& player) {
  const auto row = sample.features.row(player.coordinate);
  return row.maxCoeff() > row.minCoeff();
}

double p_value(const Sample& sample, const Group& group, Rng rng, std::size_t permutations) {
  if (std::none_of(group.begin(), group.end(), [&](const auto& player) { return varies(sample, player); })) return 1;
  const Statistic statistic(sample, group);
  const double observed = statistic.of(sample.features);
  // Once so many are as large the others decide nothing (Besag & Clifford, Biometrika 78, 1991).
  const std::size_t enough = permutations / 8 + 2;
  std::size_t as_large = 0;
  for (std::size_t k = 1; k <= permutations; ++k) {
    if (statistic.of(permuted(sample.features, group, rng)) >= observed) ++as_large;
    if (as_large == enough) return static_cast<double>(as_large) / static_cast<double>(k);
  }
  return static_cast<double>(as_large + 1) / static_cast<double>(permutations + 1);
}

/// The largest log marginal likelihood over a list of kernels, for many targets on the same features.
class JointStatistic {
 public:
  explicit JointStatistic(const Sample& sample) {
    const auto p = sample.features.rows();
    std::vector<Eigen::VectorXd> lengths;
    for (const double length : {0.3, 0.7, 1.5, 3.0}) {
      const double scaled = length * std::sqrt(static_cast<double>(p));
      lengths.push_back(Eigen::VectorXd::Constant(p, std::log(scaled)));
    }
    for (Eigen::Index l = 0; l < p; ++l) {
      for (const double length : {0.3, 1.2}) {
        lengths.push_back(Eigen::VectorXd::Constant(p, std::log(1e3)));
        lengths.back()[l] = std::log(length);
      }
    }
    for (const Eigen::VectorXd& length : lengths) {
      const Kernel kernel(sample.encoding.kinds(), KernelForm::product, 0.0, length);
      Eigen::MatrixXd covariance(sample.features.cols(), sample.features.cols());
      kernel.lower_covariance(kernel.points(sample.features), covariance);
      for (const double noise : {0.05, 0.5, 2.0}) {
        Eigen::MatrixXd factor;
        detail::factorize_with_jitter(covariance, noise, factor);
        half_log_determinants_.push_back(factor.diagonal().array().log().sum());
        factors_.push_back(std::move(factor));
      }
    }
  }

  [[nodiscard]] double of(const Eigen::VectorXd& targets) const {
    double best = -std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < factors_.size(); ++k) {
      const double squares = factors_[k].triangularView<Eigen::Lower>().solve(targets).squaredNorm();
      best = std::max(best, -0.5 * static_cast<double>(targets.size()) * std::log(squares) - half_log_determinants_[k]);
    }
    return best;
  }

 private:
  std::vector<Eigen::MatrixXd> factors_;
  std::vector<double> half_log_determinants_;
};

double joint_p_value(const Sample& sample, const RelevanceTestOptions& options) {
  if (!(sample.targets.maxCoeff() > sample.targets.minCoeff())) return 1;
  const JointStatistic statistic(sample);
  const double observed = statistic.of(sample.targets);
  const std::size_t enough = options.target_permutations / 8 + 2;
  std::size_t as_large = 0;
  Rng rng(options.seed, "relevance-targets");
  for (std::size_t k = 1; k <= options.target_permutations; ++k) {
    const Eigen::VectorXd targets = sample.targets(shuffled(sample.targets.size(), rng));
    if (statistic.of(targets) >= observed) ++as_large;
    if (as_large == enough) return static_cast<double>(as_large) / static_cast<double>(k);
  }
  return static_cast<double>(as_large + 1) / static_cast<double>(options.target_permutations + 1);
}

}  // namespace

void RelevanceTestOptions::validate() const {
  if (permutations < 1) throw InvalidInput("permutations", "must be at least 1");
  if (target_permutations < 1) throw InvalidInput("target_permutations", "must be at least 1");
  if (most_trials < 4) throw InvalidInput("most_trials", "must be at least 4");
}

RelevanceTest test_relevance(const std::shared_ptr<const SearchSpace>& space,
                             std::span<const Configuration> configurations, const Eigen::VectorXd& targets,
                             const RelevanceTestOptions& options) {
  options.validate();
  const Sample sample = sample_of(space, configurations, targets, options);
  const std::vector<InputEncoding::Player>& players = sample.encoding.players();
  RelevanceTest test;
  test.p_values.assign(players.size(), 1);
  if (sample.targets.size() < 4 || !(sample.targets.maxCoeff() > sample.targets.minCoeff())) return test;
  std::vector<Group> groups;
  for (const InputEncoding::Player& player : players) groups.push_back({player});
  for (const auto& [first, second] : options.together) {
    groups[first].push_back(players[second]);
    groups[second].push_back(players[first]);
  }
  in_parallel(players.size() + 1, options.threads, [&](std::size_t i) {
    if (i == players.size()) {
      test.p_value = joint_p_value(sample, options);
    } else {
      test.p_values[i] = p_value(sample, groups[i], Rng(options.seed, "relevance", i), options.permutations);
    }
  });
  return test;
}

}  // namespace hyperego
