#include <hyperego/core/rng.hpp>
#include <hyperego/moo/trials/fitting_subset.hpp>
#include <hyperego/report/explanation/detail/fitted_models.hpp>
#include <hyperego/surrogate/forest/random_forest_surrogate.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_surrogate.hpp>

#include <algorithm>
#include <numeric>
#include <utility>
#include <vector>

namespace hyperego::detail {
namespace {

/// Those of the trials that a model is made of.
struct Chosen {
  std::vector<Configuration> configurations;
  Eigen::VectorXd targets;
};

Chosen chosen(const ModelledTrials& trials, const std::vector<std::size_t>& which) {
  Chosen result{{}, Eigen::VectorXd(static_cast<Eigen::Index>(which.size()))};
  for (std::size_t k = 0; k < which.size(); ++k) {
    result.configurations.push_back(trials.configurations[which[k]]);
    result.targets[static_cast<Eigen::Index>(k)] = trials.targets[static_cast<Eigen::Index>(which[k])];
  }
  return result;
}

/// A tenth of `count` of lowest targets, the others drawn.
std::vector<std::size_t> best_and_drawn(const Eigen::VectorXd& targets, std::size_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(static_cast<std::size_t>(targets.size()));
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto best = static_cast<std::ptrdiff_t>(count / 10);
  std::nth_element(order.begin(), order.begin() + best, order.end(), [&](std::size_t a, std::size_t b) {
    return std::pair(targets[static_cast<Eigen::Index>(a)], a) < std::pair(targets[static_cast<Eigen::Index>(b)], b);
  });
  Rng rng(seed, "trials-of-a-forest");
  for (std::size_t k = count / 10; k < count; ++k) {
    const auto other = k + static_cast<std::size_t>(rng.uniform() * static_cast<double>(order.size() - k));
    std::swap(order[k], order[other]);
  }
  order.resize(count);
  std::sort(order.begin(), order.end());
  return order;
}

GaussianProcessSurrogate process_of(const ModelledTrials& trials, const Chosen& chosen, TargetTransform::Kind transform,
                                    std::uint64_t fit) {
  GaussianProcessSurrogateOptions options{.transform = transform, .reach = trials.reach};
  options.process.seed = trials.seed;
  options.process.progress = part_of(trials.progress, trials.phase, fit, fit + 1, 2);
  // An explanation is made once, and what it says should not depend on where the fit started.
  const std::size_t n = std::min(chosen.configurations.size(), most_fitted);
  options.process.starts = n <= 150 ? 8 : 4;
  options.process.candidates = 3 * options.process.starts;
  const std::vector<std::size_t> subset =
      fitting_subset(*trials.space, chosen.configurations, chosen.targets, most_fitted);
  return GaussianProcessSurrogate::fit_to_subset(trials.space, chosen.configurations, chosen.targets, subset, options);
}

}  // namespace

std::shared_ptr<const Surrogate> fit_process(const ModelledTrials& trials, std::size_t most) {
  const Chosen used = chosen(trials, fitting_subset(*trials.space, trials.configurations, trials.targets, most));
  GaussianProcessSurrogate plain = process_of(trials, used, TargetTransform::Kind::none, 0);
  GaussianProcessSurrogate transformed = process_of(trials, used, TargetTransform::Kind::yeo_johnson, 1);
  const bool transform = transformed.log_left_out_density() > plain.log_left_out_density();
  return std::make_shared<GaussianProcessSurrogate>(transform ? std::move(transformed) : std::move(plain));
}

std::shared_ptr<const Surrogate> grow_forest(const ModelledTrials& trials) {
  const RandomForestOptions options{.seed = trials.seed};
  if (trials.configurations.size() <= most_grown) {
    return std::make_shared<RandomForestSurrogate>(
        RandomForestSurrogate::fit(trials.space, trials.configurations, trials.targets, options));
  }
  const Chosen used = chosen(trials, best_and_drawn(trials.targets, most_grown, trials.seed));
  return std::make_shared<RandomForestSurrogate>(
      RandomForestSurrogate::fit(trials.space, used.configurations, used.targets, options));
}

}  // namespace hyperego::detail
