#include <hyperego/core/error.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/estimators/detail/estimator_task.hpp>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

namespace hyperego::detail {
namespace {

// Mean and spread of independent draws of a vector (Welford).
class RunningMoments {
 public:
  explicit RunningMoments(std::size_t length) : mean_(length, 0.0), squares_(length, 0.0) {}

  void add(const std::vector<double>& draw) {
    ++count_;
    for (std::size_t i = 0; i < draw.size(); ++i) {
      const double before = draw[i] - mean_[i];
      mean_[i] += before / static_cast<double>(count_);
      squares_[i] += before * (draw[i] - mean_[i]);
    }
  }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] const std::vector<double>& mean() const { return mean_; }
  [[nodiscard]] std::vector<double> standard_error() const {
    std::vector<double> error(squares_);
    const auto count = static_cast<double>(count_);
    for (double& e : error) e = count_ < 2 ? 0.0 : std::sqrt(e / (count - 1) / count);
    return error;
  }

 private:
  std::size_t count_ = 0;
  std::vector<double> mean_;
  std::vector<double> squares_;
};

std::vector<Coalition> path_of(const std::vector<int>& order) {
  std::vector<Coalition> path{0};
  for (const int player : order) path.push_back(path.back() | singleton(player));
  return path;
}

}  // namespace

void estimate_by_permutations(EstimatorTask& task) {
  const int players = task.game.players();
  const bool paired = task.options.paired;
  const std::size_t cost = static_cast<std::size_t>(players - 1) * (paired ? 2 : 1);  // ∅ and N are known
  if (task.game.remaining() < 2 * cost) {
    throw InvalidInput("budget", "leaves no two " + std::string(paired ? "pairs of orders" : "orders") + " of " +
                                     std::to_string(players) + " players; use at least " +
                                     std::to_string(task.game.evaluated() + 2 * cost));
  }
  Rng rng(task.options.seed, "permutation");
  RunningMoments moments(static_cast<std::size_t>(players));
  std::vector<int> order(static_cast<std::size_t>(players));
  std::iota(order.begin(), order.end(), 0);
  // Whether another one fits is decided before it is drawn, from its largest possible cost: the values do not steer the
  // stop. Draws end as well when nearly every path is known already and the budget no longer shrinks.
  const std::size_t most = std::max<std::size_t>(1024, 16 * task.options.budget / cost);
  while (task.game.remaining() >= cost && moments.count() < most) {
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
    std::vector<Coalition> paths = path_of(order);
    if (paired) {
      const std::vector<Coalition> reverse = path_of({order.rbegin(), order.rend()});
      paths.insert(paths.end(), reverse.begin(), reverse.end());
    }
    task.game.evaluate(paths);
    std::vector<double> draw(order.size(), 0.0);
    for (std::size_t i = 0; i + 1 < paths.size(); ++i) {
      if (paths[i + 1] == 0) continue;  // the second path begins
      const auto player = static_cast<std::size_t>(std::countr_zero(paths[i + 1] & ~paths[i]));
      draw[player] += (task.remainder(paths[i + 1]) - task.remainder(paths[i])) / (paired ? 2 : 1);
    }
    moments.add(draw);
    if (task.options.target_standard_error <= 0 || moments.count() < 8) continue;
    task.estimate.standard_errors = moments.standard_error();
    if (task.target_met()) break;
  }
  task.estimate.values.values = moments.mean();
  task.estimate.standard_errors = moments.standard_error();
}

}  // namespace hyperego::detail
