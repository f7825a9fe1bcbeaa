#pragma once

namespace hyperego {

/// How hard the maximum of one coalition is searched (`optimized`).
struct CoalitionSearchOptions {
  /// Most gradient evaluations of one ascent.
  int ascent_steps = 12;
  /// Most rounds of ascent followed by one-exchange over discrete hyperparameters.
  int rounds = 4;
  /// Gains below this share of the game's range are rounding, and not followed.
  double relative_gain = 1e-6;

  /// @throws InvalidInput naming the field at fault.
  void validate() const;
};

}  // namespace hyperego
