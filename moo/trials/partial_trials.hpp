#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/fidelity.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/core/trial.hpp>

#include <Eigen/Core>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

namespace hyperego {

/// What is known of configurations below the full fidelity, where each of them stands, and what all of it has cost.
/// Without a fidelity nothing is ever below full.
class PartialTrials {
 public:
  struct Observation {
    double fidelity = 0;
    Eigen::VectorXd minimised;
    double seconds = 0;  ///< of the trial that observed it, up to there
  };
  struct Standing {
    Configuration configuration;
    std::vector<Observation> observations = {};  ///< below full, by rising fidelity
    double reached = 0;                          ///< by a trial that completed; 0 where none did
    std::optional<std::uint64_t> trial = {};     ///< the one that did
    std::size_t pending = 0;                     ///< trials
    bool has_ended = false;                      ///< evaluated in full, failed or stopped: it goes no further

    [[nodiscard]] bool can_go_on() const { return reached > 0 && pending == 0 && !has_ended; }
  };
  /// Observations as models take them.
  struct Observations {
    std::vector<Configuration> configurations;
    Eigen::MatrixXd minimised;  ///< observations × objectives
    Eigen::VectorXd distances;  ///< from full fidelity, > 0
  };
  struct Pending {
    Configuration configuration;
    std::optional<double> fidelity;  ///< nothing: full
  };

  PartialTrials(std::vector<Objective> objectives, std::optional<Fidelity> fidelity)
      : objectives_(std::move(objectives)), fidelity_(std::move(fidelity)) {}

  void suggest(std::uint64_t number, const Configuration& configuration, std::optional<double> fidelity);
  /// Of a trial that ended; the history has checked it.
  void end(const Trial& trial);
  /// What a trial of another study showed below full: no cost, and nothing to go on from.
  void learn(const Trial& trial);

  [[nodiscard]] const std::optional<Fidelity>& fidelity() const { return fidelity_; }
  /// In the order in which they were told first.
  [[nodiscard]] const std::vector<Standing>& standings() const { return standings_; }
  [[nodiscard]] const Standing* standing(const Configuration& configuration) const;
  /// At most `most` for each configuration: the first, the last, and what lies best between them.
  [[nodiscard]] Observations observations(std::size_t most = 3) const;
  /// Observations told so far: what is known has changed where this has.
  [[nodiscard]] std::size_t number_observed() const { return number_observed_; }
  [[nodiscard]] const std::map<std::uint64_t, Pending>& pending() const { return pending_; }
  /// Pending trials at full fidelity.
  [[nodiscard]] std::size_t pending_in_full() const;
  /// Of all trials that ended, in full evaluations.
  [[nodiscard]] double spent() const { return spent_; }
  /// What a trial at `value` costs from where the configuration stands: the difference where training continues.
  [[nodiscard]] double cost(double value, const Standing* standing) const;
  /// From scratch: as declared, or, where costs are measured and trials of two fidelities have ended, by the power law
  /// that fits their costs best (least squares of logarithms, the power within [0.1, 3]).
  [[nodiscard]] double cost_from_scratch(double value) const;

 private:
  /// Sums over trials from scratch of 1, x, x², y, x y; x the log of the fidelity and y that of the cost, both relative
  /// to full.
  struct MeasuredCosts {
    double count = 0, x = 0, xx = 0, y = 0, xy = 0;
  };
  Standing& at(const Configuration& configuration);
  void observe(Standing& standing, double fidelity, const Eigen::VectorXd& raw, double seconds);
  void measure(const Trial& trial, double value);
  void observe_reports(Standing& standing, const Trial& trial);

  std::vector<Objective> objectives_;
  std::optional<Fidelity> fidelity_;
  std::vector<Standing> standings_;
  std::unordered_map<Configuration, std::size_t, ConfigurationHash> place_;
  std::map<std::uint64_t, Pending> pending_;
  std::size_t number_observed_ = 0;
  double spent_ = 0;
  MeasuredCosts measured_;
};

}  // namespace hyperego
