#pragma once

#include <cstddef>
#include <optional>

namespace hyperego {

/// The numbers lower, lower + q, …, upper: ConfigSpace's floats and integers with "q" (versions up to 0.7). A value's
/// code is its index 0, …, count() − 1.
///
/// Uniform sampling gives every value an equal share, on a log scale the share between v − q/2 and v + q/2 (the first
/// value's reaches down to v/2 at most). Values are what the bounds and q say in decimals: 3 · 0.1 is 0.3.
struct QuantisedDomain {
  double lower = 0;
  double upper = 1;
  double q = 0.1;
  bool log = false;
  bool whole = false;  ///< an integer

  [[nodiscard]] double count() const;
  [[nodiscard]] double value(double index) const;
  /// The index whose value is `number` but for rounding (10⁻⁹ q); nothing where there is none.
  [[nodiscard]] std::optional<double> index_of(double number) const;
  /// The index of the nearest value; of two, the even one, as ConfigSpace rounds.
  [[nodiscard]] double nearest(double number) const;

  // Ends of uniform sampling: half a step beyond the bounds.
  [[nodiscard]] double lower_end() const;
  [[nodiscard]] double upper_end() const;
  /// The middle of the index's share of [0, 1] and, for any u in [0, 1], the index whose share holds it.
  [[nodiscard]] double unit_of(double index) const;
  [[nodiscard]] double index_at(double u) const;
  /// index_at without rounding.
  [[nodiscard]] double relaxed_index_at(double u) const;
};

}  // namespace hyperego
