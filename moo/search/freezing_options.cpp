#include <hyperego/core/error.hpp>
#include <hyperego/moo/search/freezing_options.hpp>

namespace hyperego {

void FreezingOptions::validate() const {
  if (schedule.empty()) throw InvalidInput("schedule", "needs at least one threshold");
  for (const double threshold : schedule) {
    if (!(threshold >= 0 && threshold <= 1)) throw InvalidInput("schedule", "thresholds must be in [0, 1]");
  }
  if (game_samples < 1) throw InvalidInput("game_samples", "must be at least 1");
  if (most_players < 1 || most_players > 20) throw InvalidInput("most_players", "must be in [1, 20]");
  if (coalition_budget < 1) throw InvalidInput("coalition_budget", "must be at least 1");
  if (!(trusted_gain >= 0)) throw InvalidInput("trusted_gain", "must not be negative");
  if (!(trusted_fit <= 1)) throw InvalidInput("trusted_fit", "must be at most 1");
  if (!(hysteresis >= 0 && hysteresis <= 1)) throw InvalidInput("hysteresis", "must be in [0, 1]");
  if (!(least_improvement_share >= 0 && least_improvement_share <= 1)) {
    throw InvalidInput("least_improvement_share", "must be in [0, 1]");
  }
}

}  // namespace hyperego
