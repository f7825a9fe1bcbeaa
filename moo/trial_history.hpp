#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/core/rng.hpp>
#include <hyperego/core/slice.hpp>
#include <hyperego/core/trial.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_set>
#include <vector>

namespace hyperego {

/// What an optimizer remembers of its trials: which were suggested, which are pending, and what came of the others.
class TrialHistory {
 public:
  explicit TrialHistory(std::vector<Objective> objectives) : objectives_(std::move(objectives)) {}

  [[nodiscard]] std::uint64_t next_number() const { return next_; }

  /// @throws InvalidInput where `number` is not next_number().
  void suggest(std::uint64_t number, const Configuration& configuration);
  /// As Optimizer::tell().
  void end(const Trial& trial);

  /// Whether this configuration was suggested or told before.
  [[nodiscard]] bool seen(const Configuration& configuration) const { return seen_.contains(configuration); }
  [[nodiscard]] std::size_t number_seen() const { return seen_.size(); }
  [[nodiscard]] const std::map<std::uint64_t, Configuration>& pending() const { return pending_; }

  /// Completed trials in the order in which they were told.
  [[nodiscard]] const std::vector<Configuration>& completed() const { return completed_; }
  /// Their objectives, minimised, one column per trial (m × n).
  [[nodiscard]] Eigen::MatrixXd minimised() const;

  /// Trials that came to no result: failed, timed out, or infeasible without values of constraints. Not lost ones.
  [[nodiscard]] const std::vector<Configuration>& failed() const { return failed_; }
  /// Those that came to one: completed, or infeasible by their constraints.
  [[nodiscard]] const std::vector<Configuration>& succeeded() const { return succeeded_; }
  /// Those whose constraints were measured, and the values, one column per trial.
  [[nodiscard]] const std::vector<Configuration>& constrained() const { return constrained_; }
  [[nodiscard]] Eigen::MatrixXd constraint_values() const;

 private:
  std::vector<Objective> objectives_;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, Configuration> pending_;
  std::unordered_set<std::uint64_t> ended_;
  std::unordered_set<Configuration, ConfigurationHash> seen_;
  std::vector<Configuration> completed_;
  std::vector<Eigen::VectorXd> values_;
  std::vector<Configuration> failed_;
  std::vector<Configuration> succeeded_;
  std::vector<Configuration> constrained_;
  std::vector<Eigen::VectorXd> constraint_values_;
};

/// A uniform configuration of the slice that the history has not seen; where a thousand draws find none and the slice
/// has at most 2^16 points, the first unseen one of them all; nothing where there is none.
[[nodiscard]] std::optional<Configuration> draw_unseen(const Slice& slice, const TrialHistory& history, Rng rng);

}  // namespace hyperego
