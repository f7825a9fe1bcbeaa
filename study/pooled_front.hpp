#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/moo/front/pareto_archive.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace hyperego {

/// The front of a stream of completed trials, some of which repeat a configuration: each configuration stands there
/// once, as the trial of it that came first, with the means of its objectives.
class PooledFront {
 public:
  explicit PooledFront(std::vector<Objective> objectives);

  /// Takes the raw objectives of one completed trial in and says whether the front may have changed. O(n m) with n
  /// members.
  bool add(std::uint64_t trial, const Configuration& configuration, const Eigen::VectorXd& objectives);

  /// Minimised. O(N n m) with N configurations after one of them has been repeated, as a mean that has become worse may
  /// uncover what it dominated; not to be called by two threads at once then.
  [[nodiscard]] const ParetoArchive& archive() const;
  /// Raw. @throws std::out_of_range where no trial of the configuration has been added.
  [[nodiscard]] Eigen::VectorXd mean(const Configuration& configuration) const;

 private:
  struct Pool {
    std::uint64_t first = 0;
    double count = 0;
    Eigen::VectorXd sum;

    [[nodiscard]] Eigen::VectorXd mean() const { return sum / count; }
  };

  std::vector<Objective> objectives_;
  std::unordered_map<Configuration, Pool, ConfigurationHash> pools_;
  mutable ParetoArchive archive_;
  mutable bool stale_ = false;
};

}  // namespace hyperego
