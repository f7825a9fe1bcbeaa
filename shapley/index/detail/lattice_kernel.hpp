#pragma once

#include <hyperego/core/instruction_set.hpp>

#include <cstddef>

// Hot loops over the lattice of all coalitions, one copy per instruction set. Tables have 2^n entries, entry S at
// bitmask S.
namespace hyperego::detail {

/// In place: a(S) ← Σ_{T⊆S} (−1)^{|S|−|T|} a(T).
HYPEREGO_KERNEL(void subset_differences(double* table, int players))
/// In place: a(S) ← Σ_{T⊆S} a(T).
HYPEREGO_KERNEL(void subset_sums(double* table, int players))
/// In place: a(S) ← Σ_{T⊇S} a(T).
HYPEREGO_KERNEL(void superset_sums(double* table, int players))

/// Sums of a table over the supersets of every small coalition, kept apart by the size of the superset.
///
/// The table has 2^height rows of `row` entries; row H belongs to the coalition H of `height` players. For every J of
/// at most `order` of these players and e = 0 … height − |J|:
///     out(J, e) = Σ_{H ⊇ J, |H| = |J| + e} (row H − offset).
/// Layout of `out`: by |J|, then J ascending as a number, then e, then the entries of the row. `scratch` holds
/// graded_scratch(height, order) rows. False when an entry is not finite.
HYPEREGO_KERNEL(bool graded_superset_sums(const double* table, double offset, int height, int order, std::size_t row,
                                          double* out, double* scratch))

/// Rows in the result of graded_superset_sums: Σ_{j ≤ order} C(height, j) (height − j + 1).
[[nodiscard]] std::size_t graded_rows(int height, int order);
/// Rows of scratch space that graded_superset_sums needs.
[[nodiscard]] std::size_t graded_scratch(int height, int order);

}  // namespace hyperego::detail
