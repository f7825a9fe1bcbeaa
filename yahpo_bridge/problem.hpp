#pragma once

#include <hyperego/core/configuration.hpp>
#include <hyperego/core/objective.hpp>
#include <hyperego/core/search_space.hpp>
#include <hyperego/core/value.hpp>
#include <hyperego/yahpo_bridge/scenario.hpp>

#include <Eigen/Core>

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hyperego {

/// One optimisation problem of YAHPO Gym: a scenario on one instance with chosen objectives, at fixed fidelities.
///
/// Immutable and cheap to copy; evaluate() may be called from many threads at once.
class YahpoProblem {
 public:
  /// `targets` are the objectives in this order; empty for all of the scenario's. `fidelities` not named are full.
  /// @throws InvalidInput naming the nearest known instance, target or fidelity, and for a fidelity outside its domain.
  YahpoProblem(std::shared_ptr<const YahpoScenario> scenario, const std::string& instance,
               const std::vector<std::string>& targets = {}, const std::map<std::string, Value>& fidelities = {});

  [[nodiscard]] const YahpoScenario& scenario() const { return *scenario_; }
  [[nodiscard]] const std::string& instance() const { return instance_; }
  [[nodiscard]] const std::vector<Objective>& objectives() const { return objectives_; }
  /// The scenario's space without instance and fidelities.
  [[nodiscard]] const SearchSpace& space() const { return scenario_->search_space(); }

  /// The same problem at another value of one fidelity. @throws InvalidInput as the constructor.
  [[nodiscard]] YahpoProblem at(const std::string& fidelity, const Value& value) const;

  /// Objectives in raw direction of a configuration of space(), finite or not as the model says.
  /// @throws InvalidInput where the configuration is of another size.
  [[nodiscard]] Eigen::VectorXd evaluate(const Configuration& configuration) const;
  /// One row for each configuration, one column for each objective; the same values as one by one.
  [[nodiscard]] Eigen::MatrixXd evaluate(std::span<const Configuration> configurations) const;

 private:
  void fix(const std::string& fidelity, const Value& value);
  [[nodiscard]] Configuration completed(const Configuration& configuration) const;

  std::shared_ptr<const YahpoScenario> scenario_;
  std::string instance_;
  std::vector<Objective> objectives_;
  std::vector<Eigen::Index> columns_;           // of the model's output, by objective
  Configuration fixed_;                         // of the scenario's whole space: instance and fidelities
  std::vector<std::size_t> whole_of_searched_;  // index in the whole space, by index in space()
};

}  // namespace hyperego
