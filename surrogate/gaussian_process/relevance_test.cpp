#include <hyperego/core/error.hpp>
#include <hyperego/core/parallel.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/surrogate/gaussian_process/detail/likelihood.hpp>
#include <hyperego/surrogate/gaussian_process/relevance_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
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

/// What is tested: the trials looked at, as features of a process and standardised targets.
struct Sample {
  Eigen::MatrixXd features;
  Eigen::VectorXd targets;
};

Sample sample_of(const GaussianProcess& process, const RelevanceTestOptions& options) {
  const Eigen::Index n = process.number_of_points();
  if (n <= options.most_trials) return {process.features(), process.targets()};
  Rng rng(options.seed, "relevance-sample");
  std::vector<Eigen::Index> chosen = shuffled(n, rng);
  chosen.resize(static_cast<std::size_t>(options.most_trials));
  return {process.features()(Eigen::all, chosen), process.targets()(chosen)};
}

/// The largest log marginal likelihood over the length scale of one hyperparameter and the noise; the other parameters
/// are those of a process that does not know it, so that under the hypothesis nothing favours its observed values.
class Statistic {
 public:
  Statistic(const GaussianProcess& process, const Sample& sample, const InputEncoding::Player& player)
      : kinds_(process.kinds()),
        kernel_(process.options().kernel),
        targets_(sample.targets),
        coordinate_(player.coordinate),
        least_noise_(std::log(process.options().bounds.noise_variance_lower)) {
    Eigen::MatrixXd ignorant = sample.features;
    ignorant.row(coordinate_).setConstant(ignorant(coordinate_, 0));
    GaussianProcessOptions options = process.options();
    options.starts = 1;
    parameters_ = GaussianProcess::fit(kinds_, std::move(ignorant), targets_, options).parameters();
  }

  [[nodiscard]] double of(const Eigen::MatrixXd& features) const {
    detail::Likelihood likelihood(kinds_, kernel_, features, targets_);
    double best = -std::numeric_limits<double>::infinity();
    GaussianProcessParameters parameters = parameters_;
    for (const double length : length_scales) {
      parameters.log_length_scales[coordinate_] = std::log(length);
      for (const double less : {0.0, 0.7, 1.5, 3.0, 5.0}) {
        parameters.log_noise_variance = parameters_.log_noise_variance - less;
        if (parameters.log_noise_variance < least_noise_) break;
        const double value = likelihood(parameters, nullptr);
        if (value < best - 3) break;
        best = std::max(best, value);
      }
    }
    return best;
  }

 private:
  const std::vector<FeatureKind>& kinds_;
  KernelForm kernel_;
  const Eigen::VectorXd& targets_;
  Eigen::Index coordinate_;
  double least_noise_;
  GaussianProcessParameters parameters_;
};

/// The features with the values of one player permuted among the trials in which it is active.
Eigen::MatrixXd permuted(const Eigen::MatrixXd& features, const InputEncoding::Player& player, Rng& rng) {
  std::vector<Eigen::Index> active;
  for (Eigen::Index k = 0; k < features.cols(); ++k) {
    if (!player.indicator || features(*player.indicator, k) != 0) active.push_back(k);
  }
  Eigen::MatrixXd result = features;
  const std::vector<Eigen::Index> order = shuffled(static_cast<Eigen::Index>(active.size()), rng);
  for (std::size_t k = 0; k < active.size(); ++k) {
    result(player.coordinate, active[k]) = features(player.coordinate, active[static_cast<std::size_t>(order[k])]);
  }
  return result;
}

double p_value(const GaussianProcess& process, const Sample& sample, const InputEncoding::Player& player, Rng rng,
               std::size_t permutations) {
  const auto row = sample.features.row(player.coordinate);
  if (!(row.maxCoeff() > row.minCoeff())) return 1;
  const Statistic statistic(process, sample, player);
  const double observed = statistic.of(sample.features);
  std::size_t as_large = 1;
  for (std::size_t k = 0; k < permutations; ++k) {
    if (statistic.of(permuted(sample.features, player, rng)) >= observed) ++as_large;
    // Once a tenth are as large nothing is decided by the rest (Besag & Clifford, Biometrika 78, 1991).
    if (as_large > 1 + permutations / 10 + 2) return static_cast<double>(as_large - 1) / static_cast<double>(k + 1);
  }
  return static_cast<double>(as_large) / static_cast<double>(permutations + 1);
}

}  // namespace

void RelevanceTestOptions::validate() const {
  if (permutations < 1) throw InvalidInput("permutations", "must be at least 1");
  if (most_trials < 4) throw InvalidInput("most_trials", "must be at least 4");
}

std::vector<double> relevance_p_values(const GaussianProcessSurrogate& surrogate, const RelevanceTestOptions& options) {
  options.validate();
  const std::vector<InputEncoding::Player>& players = surrogate.encoding().players();
  const Sample sample = sample_of(surrogate.process(), options);
  std::vector<double> result(players.size(), 1);
  in_parallel(players.size(), options.threads, [&](std::size_t i) {
    result[i] = p_value(surrogate.process(), sample, players[i], Rng(options.seed, "relevance", i),
                        options.permutations);
  });
  return result;
}

}  // namespace hyperego
