#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/surrogate/gaussian_process/total_sensitivity.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace hyperego {
namespace {

constexpr int grid = 64;
constexpr std::size_t draws = 256;

/// 1 − E m(|u − u'|/ℓ) of independent uniform u, u', where m is Matérn-5/2 and a = √5/ℓ.
double one_minus_mean_matern(double a) {
  if (a < 1) {
    // With m = Σ c_k s^k, c_k = (−1)^k (k − 1)(k − 3) / (3 k!), and E |u − u'|^k = 2 / ((k + 1)(k + 2)).
    double sum = 0;
    double power = -a;  // (−a)^k / k!
    for (int k = 2; k < 24; ++k) {
      power *= -a / k;
      sum += power * (k - 1) * (k - 3) / 3 * 2 / ((k + 1.0) * (k + 2.0));
    }
    return -sum;
  }
  const double decay = std::exp(-a);
  const double even = 8.0 / 3 - decay * (a * a / 3 + 5 * a / 3 + 8.0 / 3);  // ∫ m ds over [0, a]
  const double odd = 5 - decay * (a * a * a / 3 + 2 * a * a + 5 * a + 5);   // ∫ s m ds
  return 1 - 2 / a * even + 2 / (a * a) * odd;
}

/// Of one player that no condition joins with others.
double alone(const GaussianProcessSurrogate& model, const InputEncoding::Player& player) {
  const Hyperparameter& hyperparameter = model.encoding().space()[player.hyperparameter];
  const Kernel& kernel = model.process().kernel();
  if (!hyperparameter.is_discrete()) {
    return one_minus_mean_matern(std::sqrt(5.0) / kernel.length_scale(player.coordinate));
  }
  // A multiple of the number of values, so that values of equal shares get equal numbers of places.
  const auto values = static_cast<double>(std::min<std::uint64_t>(hyperparameter.cardinality(), grid));
  const int places = static_cast<int>(values * std::ceil(grid / values));
  std::vector<double> coordinates;
  for (int k = 0; k < places; ++k) {
    const double code = hyperparameter.from_unit((k + 0.5) / places);
    coordinates.push_back(model.encoding().coordinate(player.hyperparameter, code));
  }
  double sum = 0;
  for (const double a : coordinates) {
    for (const double b : coordinates) sum += 1 - kernel.factor(player.coordinate, a, b);
  }
  return sum / (static_cast<double>(places) * places);
}

/// Of one player that conditions join with others.
double joined(const GaussianProcessSurrogate& model, std::size_t hyperparameter) {
  const Slice whole(model.encoding().shared_space());
  const Hyperparameter& own = whole.space()[hyperparameter];
  const Kernel& kernel = model.process().kernel();
  double sum = 0;
  for (std::size_t k = 0; k < draws; ++k) {
    Rng rng(0, "total-sensitivity", k);
    const auto configuration = whole.sample(rng);
    const double unit = rng.uniform();
    if (!configuration || !configuration->is_set(hyperparameter)) continue;
    const Configuration other = whole.with(*configuration, hyperparameter, own.from_unit(unit));
    const auto point = [&](const Configuration& c) { return kernel.points(model.encoding().encode(std::span(&c, 1))); };
    sum += 1 - kernel.covariance(point(*configuration), point(other))(0, 0) / kernel.signal_variance();
  }
  return sum / static_cast<double>(draws);
}

}  // namespace

Eigen::VectorXd total_sensitivity(const GaussianProcessSurrogate& model) {
  const SearchSpace& space = model.encoding().space();
  const std::vector<InputEncoding::Player>& players = model.encoding().players();
  std::vector<std::size_t> members(space.size(), 0);
  for (const std::size_t i : space.searched()) ++members[space.component()[i]];
  Eigen::VectorXd result(static_cast<Eigen::Index>(players.size()));
  for (std::size_t p = 0; p < players.size(); ++p) {
    const std::size_t i = players[p].hyperparameter;
    const bool is_alone = members[space.component()[i]] == 1 && !players[p].indicator;
    result[static_cast<Eigen::Index>(p)] =
        model.process().kernel().signal_variance() * (is_alone ? alone(model, players[p]) : joined(model, i));
  }
  return result;
}

}  // namespace hyperego
