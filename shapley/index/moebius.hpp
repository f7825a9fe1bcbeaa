#pragma once

#include <cstddef>
#include <span>

namespace hyperego {

/// The Möbius transform of a game, in place: m(S) = Σ_{L⊆S} (−1)^{|S|−|L|} v(L), entry S at bitmask S (Rota 1964;
/// Yates' method).
///
/// O(n 2^n) additions, blocked so that every part of the table is transformed as far as possible while it is in the
/// cache. Results are reproducible to the byte within an instruction set. With a large v(∅) subtract it first: rounding
/// errors grow with |v|.
/// @throws InvalidInput when the length is not 2^n with n ≥ 0.
void moebius_transform(std::span<double> table);

/// The inverse (zeta) transform, in place: v(S) = Σ_{L⊆S} m(L). O(n 2^n).
/// @throws InvalidInput when the length is not 2^n with n ≥ 0.
void inverse_moebius_transform(std::span<double> table);

/// Sums over supersets, in place: a(S) ← Σ_{T⊇S} a(T). O(n 2^n).
/// @throws InvalidInput when the length is not 2^n with n ≥ 0.
void superset_sum_transform(std::span<double> table);

/// n for a table of 2^n entries.
/// @throws InvalidInput when the length is not a power of two.
[[nodiscard]] int players_of_table(std::size_t length);

}  // namespace hyperego
