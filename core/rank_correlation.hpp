#pragma once

#include <span>
#include <vector>

namespace hyperego {

/// Ranks from 0, equal values sharing their mean rank. O(n log n).
[[nodiscard]] std::vector<double> mean_ranks(std::span<const double> values);

/// Pearson's correlation, in [−1, 1]; 0 where one side does not vary. @throws InvalidInput where sizes differ.
[[nodiscard]] double correlation(std::span<const double> a, std::span<const double> b);

/// Spearman's ρ: the correlation of mean ranks.
[[nodiscard]] double rank_correlation(std::span<const double> a, std::span<const double> b);

}  // namespace hyperego
