#include <hyperego/core/error.hpp>
#include <hyperego/moo/search/parego_options.hpp>

#include <cmath>

namespace hyperego {

void ParEgoOptions::validate() const {
  if (initial_trials && *initial_trials < 2) throw InvalidInput("initial_trials", "must be at least 2");
  if (!(rho >= 0 && rho <= 1)) throw InvalidInput("rho", "must be in [0, 1]");
  if (!(random_share >= 0 && random_share <= 1)) throw InvalidInput("random_share", "must be in [0, 1]");
  if (!(label_length_scale > 0)) throw InvalidInput("label_length_scale", "must be positive");
  if (!(hypervolume_share >= 0 && hypervolume_share <= 1)) {
    throw InvalidInput("hypervolume_share", "must be in [0, 1]");
  }
  if (!(repeats >= 0 && repeats <= 0.9)) throw InvalidInput("repeats", "must be in [0, 0.9]");
  if (!(explain_share >= 0 && explain_share <= 0.9)) throw InvalidInput("explain_share", "must be in [0, 0.9]");
  if (reweigh < 1) throw InvalidInput("reweigh", "must be at least 1");
  if (preference) preference->validate();
  if (target_transform == TargetTransform::Kind::log) {
    throw InvalidInput("target_transform", "is \"log\", which not every target has; use \"yeo_johnson\"");
  }
  if (prior_strength && !(*prior_strength >= 0 && std::isfinite(*prior_strength))) {
    throw InvalidInput("prior_strength", "must be a finite number, not negative");
  }
  if (most_fitted < 10) throw InvalidInput("most_fitted", "must be at least 10");
  if (forest_beyond < 10) throw InvalidInput("forest_beyond", "must be at least 10");
  surrogate.validate();
  forest.validate();
  maximizer.validate();
}

}  // namespace hyperego
