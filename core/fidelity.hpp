#pragma once

#include <optional>
#include <string>

namespace hyperego {

/// How much of a full evaluation a trial is: epochs, a share of the data, repetitions.
///
/// Costs are in full evaluations: an evaluation from scratch at full fidelity costs 1. A trial that goes on from a
/// checkpoint costs the difference of two such costs.
struct Fidelity {
  /// Whether a further trial of a configuration goes on from the last checkpoint, or begins anew.
  enum class Training { continues, restarts };

  std::string name = {};  ///< "epochs"
  double least = 0;       ///< ≥ 0, above 0 where `log`
  double full = 1;        ///< the full evaluation; ≥ `least`. Where both are equal there is nothing to choose
  bool integer = false;   ///< whole numbers only
  bool log = false;       ///< steps are proportional
  Training training = Training::restarts;
  bool cost_is_measured = false;  ///< learned from the seconds of trials; else declared_cost() is what counts
  double cost_power = 1;          ///< > 0
  double cost_setup = 0;          ///< ≥ 0; what does not depend on the fidelity, as a share of what does at full

  /// @throws InvalidInput naming `where` and the member.
  void validate(const std::string& where) const;

  [[nodiscard]] bool has_choice() const { return least < full; }
  /// F in [0, 1]: the (log) distance from full; 0 at full, 1 at the least. Values outside of the range count as its
  /// ends.
  [[nodiscard]] double distance(double value) const;
  /// The legal value that is nearest to a distance.
  [[nodiscard]] double value_at(double distance) const;
  /// Whether a trial may be asked for at this value.
  [[nodiscard]] bool is_legal(double value) const;
  /// (s + (v / full)^p) / (s + 1): of an evaluation from scratch; 1 at full, strictly increasing in v ≥ 0.
  [[nodiscard]] double declared_cost(double value) const;
  /// Nothing where `value` is full or not given: the form that trials have.
  [[nodiscard]] std::optional<double> below_full(std::optional<double> value) const;
};

}  // namespace hyperego
