#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace hyperego::detail {

/// p-values from here on are "cannot be told from noise".
inline constexpr double significance = 0.05;
/// What gains no larger share than this of all may be left alone.
inline constexpr double small_share = 0.05;

/// What is to be done about a hyperparameter.
enum class Verdict {
  tune,     ///< it gains, and more than chance would
  leave,    ///< what it gains is at most a twentieth of all
  noise,    ///< what it gains cannot be told from noise with these trials
  unknown,  ///< it never varied in the trials
};

/// Of a hyperparameter that varied. @param total sum of the amounts of all values
[[nodiscard]] Verdict verdict_of(double value, double total, std::optional<double> p_value);

/// A value and its interval.
struct Ranked {
  double value = 0, low = 0, high = 0;
};

/// The first, and those that its interval or their own does not tell from it: the trials do not rank them. Positions in
/// `ranked`, which has the most valuable first.
[[nodiscard]] std::vector<std::size_t> leaders_among(const std::vector<Ranked>& ranked);

}  // namespace hyperego::detail
