#include <hyperego/core/objective.hpp>
#include <hyperego/study/pooled_front.hpp>

#include <limits>
#include <utility>

namespace hyperego {

PooledFront::PooledFront(std::vector<Objective> objectives)
    : objectives_(std::move(objectives)), archive_(static_cast<int>(objectives_.size())) {}

bool PooledFront::add(std::uint64_t trial, const Configuration& configuration, const Eigen::VectorXd& objectives) {
  const auto [pool, is_first] = pools_.try_emplace(configuration, Pool{trial, 1, objectives});
  if (is_first && !stale_) return archive_.add(trial, to_minimised(objectives_, objectives)).entered;
  if (!is_first) {
    constexpr double most = std::numeric_limits<double>::max();
    pool->second.sum = (pool->second.sum + objectives).cwiseMin(most).cwiseMax(-most);
    ++pool->second.count;
  }
  stale_ = true;
  return true;
}

const ParetoArchive& PooledFront::archive() const {
  if (stale_) {
    archive_ = ParetoArchive(archive_.number_of_objectives());
    for (const auto& [configuration, pool] : pools_) archive_.add(pool.first, to_minimised(objectives_, pool.mean()));
    stale_ = false;
  }
  return archive_;
}

Eigen::VectorXd PooledFront::mean(const Configuration& configuration) const { return pools_.at(configuration).mean(); }

}  // namespace hyperego
