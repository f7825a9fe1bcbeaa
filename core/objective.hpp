#pragma once

#include <Eigen/Core>

#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace hyperego {

enum class Direction { minimize, maximize };

/// One thing that is to be small or large.
struct Objective {
  enum class Transform { none, log };

  std::string name = {};
  Direction direction = Direction::minimize;
  Transform transform = Transform::none;  ///< scale on which it is modelled; `log` needs values > 0
  std::optional<double> reference =
      std::nullopt;  ///< worst value of interest, raw scale: one coordinate of the hypervolume reference
  /// What no value is below or above, raw scale: predictions keep to it, and an observation outside is an error.
  std::optional<double> lower = std::nullopt;
  std::optional<double> upper = std::nullopt;
};

/// A measured quantity that must stay within bounds; a trial outside is infeasible.
struct Constraint {
  std::string name = {};
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
};

/// Raw values ↔ values to be minimised: a maximised objective is negated here and nowhere else.
[[nodiscard]] inline double to_minimised(const Objective& objective, double raw) {
  return objective.direction == Direction::maximize ? -raw : raw;
}
[[nodiscard]] inline double from_minimised(const Objective& objective, double minimised) {
  return objective.direction == Direction::maximize ? -minimised : minimised;
}
[[nodiscard]] Eigen::VectorXd to_minimised(const std::vector<Objective>& objectives, const Eigen::VectorXd& raw);

}  // namespace hyperego
