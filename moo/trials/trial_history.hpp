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
#include <string>
#include <unordered_map>
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
  /// Takes a completed trial of another study in: part of what has completed, but neither seen nor numbered.
  /// @throws InvalidInput as end().
  void learn(const Trial& trial);

  /// Whether this configuration was suggested or told before.
  [[nodiscard]] bool seen(const Configuration& configuration) const { return seen_.contains(configuration); }
  [[nodiscard]] std::size_t number_seen() const { return seen_.size(); }
  [[nodiscard]] const std::map<std::uint64_t, Configuration>& pending() const { return pending_; }

  /// Configurations of completed trials, each once, in the order in which they were told first.
  [[nodiscard]] const std::vector<Configuration>& completed() const { return completed_; }
  /// Their objectives, minimised (configurations × objectives): means where several trials of one completed.
  [[nodiscard]] Eigen::MatrixXd minimised() const;
  /// Completed trials of completed()[i].
  [[nodiscard]] std::size_t completions(std::size_t i) const { return completions_[i]; }
  /// Completed trials, repeated ones as often as they completed: what is known has changed where this has.
  [[nodiscard]] std::size_t number_completed() const { return number_completed_; }
  [[nodiscard]] bool has_completed(const Configuration& configuration) const { return place_.contains(configuration); }

  /// Trials that came to no result: failed, timed out, or infeasible without values of constraints. Not lost ones.
  [[nodiscard]] const std::vector<Configuration>& failed() const { return failed_; }
  /// Those that came to one: completed, or infeasible by their constraints.
  [[nodiscard]] const std::vector<Configuration>& succeeded() const { return succeeded_; }
  /// Those whose constraints were measured, and the values (trials × constraints).
  [[nodiscard]] const std::vector<Configuration>& constrained() const { return constrained_; }
  [[nodiscard]] Eigen::MatrixXd constraint_values() const;

 private:
  void take_result(const Trial& trial, const std::string& where);

  std::vector<Objective> objectives_;
  std::uint64_t next_ = 0;
  std::map<std::uint64_t, Configuration> pending_;
  std::unordered_set<std::uint64_t> ended_;
  std::unordered_set<Configuration, ConfigurationHash> seen_;
  std::vector<Configuration> completed_;
  std::unordered_map<Configuration, std::size_t, ConfigurationHash> place_;  // in completed_
  std::vector<Eigen::VectorXd> sums_;                                        // of minimised objectives
  std::vector<std::size_t> completions_;
  std::size_t number_completed_ = 0;
  std::vector<Configuration> failed_;
  std::vector<Configuration> succeeded_;
  std::vector<Configuration> constrained_;
  std::vector<Eigen::VectorXd> constraint_values_;
};

/// A uniform configuration of the slice that the history has not seen; where a thousand draws find none and the slice
/// has at most 2^16 points, the first unseen one of them all; nothing where there is none.
[[nodiscard]] std::optional<Configuration> draw_unseen(const Slice& slice, const TrialHistory& history, Rng rng);

}  // namespace hyperego
