#pragma once

#include <hyperego/shapley/index/interaction_index.hpp>

namespace hyperego::detail {

/// Fills result.values and result.empty_interaction for the index, order and interactions in `result`, in one pass over
/// the table (GradedSums). For low orders: time and memory grow as Σ_{j ≤ order} C(n, j) beside the pass. False when a
/// value of the table is not finite.
[[nodiscard]] bool indices_from_graded_sums(std::span<const double> table, InteractionValues& result);

/// The same through the Möbius transform, for any order: one superset-sum transform per size of interaction.
[[nodiscard]] bool indices_from_moebius(std::span<const double> table, InteractionValues& result);

}  // namespace hyperego::detail
