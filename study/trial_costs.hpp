#pragma once

#include <hyperego/core/fidelity.hpp>

#include <optional>
#include <vector>

namespace hyperego {

/// What trials cost, in full evaluations from scratch.
///
/// Declared costs are Fidelity::declared_cost(). Measured ones follow s(v) = A (v / full)^p seconds of an evaluation
/// from scratch at fidelity v, fitted by least squares on log seconds to all trials that ended; one imagined trial says
/// p = 1 ± 1, so that a single one is enough. A continuation from u to v takes s(v) − s(u). A trial's cost is then its
/// seconds over A.
class TrialCosts {
 public:
  explicit TrialCosts(std::optional<Fidelity> fidelity) : fidelity_(std::move(fidelity)) {}

  /// A trial went from one fidelity (nothing: from scratch) to another in so many seconds; read where costs are
  /// measured.
  void learn(std::optional<double> from, double to, double seconds);
  /// Of a trial that is to be evaluated. O(1) after what learn() made necessary, O(trials).
  [[nodiscard]] double expected(std::optional<double> from, double to) const;
  /// Of one that was evaluated.
  [[nodiscard]] double paid(std::optional<double> from, double to, double seconds) const;

  /// Fitted A and p; nothing where costs are declared or nothing was learned.
  struct PowerLaw {
    double full_seconds = 0;
    double power = 1;
  };
  [[nodiscard]] std::optional<PowerLaw> power_law() const;

 private:
  struct Measured {
    double from, to, log_seconds;  // fidelities over full
  };
  std::optional<Fidelity> fidelity_;
  std::vector<Measured> measured_;
  mutable std::optional<PowerLaw> law_;
};

}  // namespace hyperego
