// How good posterior paths are as draws, by the number of random features: the largest deviation of their variance from
// that of the posterior, in standard errors, and the excess kurtosis that features too few would leave (a normal
// number's is 0), at places beside data and far from them; and the median posterior deviation, as a share of the range
// of the targets, to say how much the data leave open. Prints a table.
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/surrogate/gaussian_process/gaussian_process_path.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <memory>
#include <string>
#include <vector>

namespace {

using namespace hyperego;

constexpr int path_count = 4000;
constexpr std::size_t near_count = 20;
constexpr std::size_t far_count = 40;

struct Case {
  int d;
  int n;
  KernelForm form;
};

struct Places {
  std::vector<Configuration> trials;
  std::vector<Configuration> queries;  // near_count within 0.02 of a trial, then far_count anywhere
};

Places places_in(const std::shared_ptr<const SearchSpace>& space, int n) {
  Rng rng(1, "bench path moments");
  const Slice slice(space);
  Places places;
  for (int i = 0; i < n; ++i) places.trials.push_back(slice.sample(rng).value());
  for (std::size_t i = 0; i < near_count; ++i) {
    Configuration place = places.trials[i];
    for (std::size_t j = 0; j < space->size(); ++j) {
      place.set(j, std::clamp(place[j] + 0.02 * rng.normal(), 0.0, 1.0));
    }
    places.queries.push_back(place);
  }
  for (std::size_t i = 0; i < far_count; ++i) places.queries.push_back(slice.sample(rng).value());
  return places;
}

Eigen::VectorXd smooth_targets(const std::vector<Configuration>& trials) {
  Eigen::VectorXd targets(static_cast<Eigen::Index>(trials.size()));
  for (std::size_t i = 0; i < trials.size(); ++i) {
    double sum = 0;
    for (std::size_t j = 0; j < trials[i].size(); ++j) {
      const auto weight = 1.0 / static_cast<double>(j + 1);
      sum += weight * std::sin(3.0 * trials[i][j] + static_cast<double>(j));
    }
    targets[static_cast<Eigen::Index>(i)] = sum + trials[i][0] * trials[i][trials[i].size() - 1];
  }
  return targets;
}

double median_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

void print_case(const Case& at) {
  std::vector<Hyperparameter> hyperparameters;
  for (int i = 0; i < at.d; ++i) hyperparameters.push_back(make_float("x" + std::to_string(i), 0.0, 1.0));
  const auto space = std::make_shared<const SearchSpace>(std::move(hyperparameters));
  const Places places = places_in(space, at.n);
  const Eigen::VectorXd targets = smooth_targets(places.trials);
  const auto surrogate = std::make_shared<const GaussianProcessSurrogate>(
      GaussianProcessSurrogate::fit(space, places.trials, targets, {.process = {.kernel = at.form}}));
  const Prediction posterior = surrogate->posterior(places.queries).on_model_scale();
  const Eigen::VectorXd deviations = posterior.variance.cwiseSqrt();
  const double open = median_of({deviations.begin(), deviations.end()}) / (targets.maxCoeff() - targets.minCoeff());
  for (const Eigen::Index features : {64, 128, 256, 512}) {
    Eigen::ArrayXd second = Eigen::ArrayXd::Zero(posterior.mean.size());
    Eigen::ArrayXd fourth = second;
    for (int k = 0; k < path_count; ++k) {
      const GaussianProcessPath path(surrogate, 1, static_cast<std::uint64_t>(k), features);
      const Eigen::ArrayXd z =
          (path.predict(places.queries) - posterior.mean).array() / posterior.variance.array().sqrt();
      second += z.square() / path_count;
      fourth += z.square().square() / path_count;
    }
    const Eigen::ArrayXd errors = ((fourth - second.square()) / path_count).sqrt();
    std::vector<double> kurtosis;
    for (Eigen::Index i = 0; i < second.size(); ++i) kurtosis.push_back(fourth[i] / (second[i] * second[i]) - 3.0);
    const std::vector<double> near(kurtosis.begin(), kurtosis.begin() + near_count);
    const std::vector<double> far(kurtosis.begin() + near_count, kurtosis.end());
    fmt::print("{:8} {:3} {:5} {:9} {:18.1f} {:22.2f} {:21.2f} {:14.2f} {:12.1e}\n", to_string(at.form), at.d, at.n,
               features, ((second - 1.0).abs() / errors).maxCoeff(), median_of(near), median_of(far),
               *std::max_element(kurtosis.begin(), kurtosis.end()), open);
    std::fflush(stdout);
  }
}

}  // namespace

int main() {
  try {
    fmt::print("{} paths; excess kurtosis has a standard error of {:.2f}\n", path_count, std::sqrt(24.0 / path_count));
    fmt::print(
        "kernel     d     n  features  variance off (se)  kurtosis beside data  kurtosis far (both medians)  "
        "largest\n");
    for (const Case& at : {Case{7, 120, KernelForm::product}, Case{7, 120, KernelForm::joint},
                           Case{2, 40, KernelForm::product}, Case{14, 100, KernelForm::product}}) {
      print_case(at);
    }
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench_path_moments: {}\n", error.what());
    return 1;
  }
}
