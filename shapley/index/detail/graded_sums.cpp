#include <hyperego/shapley/coalitions/coalition_enumeration.hpp>
#include <hyperego/shapley/index/detail/graded_sums.hpp>
#include <hyperego/shapley/index/detail/lattice_kernel.hpp>

#include <algorithm>

namespace hyperego::detail {
namespace {

// All coalitions of one size, ascending as numbers: the order in which the kernel lists them.
std::vector<Coalition> ascending(int players, int size) {
  std::vector<Coalition> coalitions = coalitions_of_size(players, size);
  std::sort(coalitions.begin(), coalitions.end());
  return coalitions;
}

// The low players form the rows: long enough to fill vector registers, short enough that the sums stay in the cache.
int row_players(int players) { return std::min(players / 2, 6); }

std::vector<double> transposed(const double* matrix, std::size_t rows, std::size_t columns) {
  std::vector<double> result(rows * columns);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) result[c * rows + r] = matrix[r * columns + c];
  }
  return result;
}

std::vector<double> superset_sums_by_size(const double* table, double offset, int height, int order, std::size_t row,
                                          bool& finite) {
  std::vector<double> sums(graded_rows(height, order) * row);
  std::vector<double> scratch(graded_scratch(height, order) * row);
  finite = HYPEREGO_DISPATCH(graded_superset_sums, table, offset, height, order, row, sums.data(), scratch.data());
  return sums;
}

}  // namespace

std::size_t graded_rows(int height, int order) {
  std::size_t rows = 0;
  for (int j = 0; j <= std::min(order, height); ++j) {
    rows += binomial_coefficient(height, j) * static_cast<std::size_t>(height - j + 1);
  }
  return rows;
}

std::size_t graded_scratch(int height, int order) {
  std::size_t rows = 0;
  for (int h = 0; h < height; ++h) rows += 2 * graded_rows(h, order);
  return rows;
}

GradedSums::GradedSums(std::span<const double> table, int players, int order) : players_(players) {
  std::size_t total = 0;
  for (int size = 0; size <= order; ++size) {
    first_.push_back(total);
    total += binomial_coefficient(players, size) * static_cast<std::size_t>(players - size + 1);
  }
  sums_.assign(total, 0.0);

  // Rows are indexed by the high players; what is left of them is transposed and the low players follow in the same
  // way.
  const int low = row_players(players);
  const int high = players - low;
  const std::vector<double> by_high =
      superset_sums_by_size(table.data(), table[0], high, order, std::size_t{1} << low, finite_);
  const double* group = by_high.data();
  for (int j = 0; j <= std::min(order, high); ++j) {
    const std::vector<Coalition> high_coalitions = ascending(high, j);
    const auto high_sizes = static_cast<std::size_t>(high - j + 1);
    const std::size_t columns = high_coalitions.size() * high_sizes;
    const std::vector<double> rows = transposed(group, columns, std::size_t{1} << low);
    group += columns << low;
    bool ignored = true;
    const std::vector<double> by_low = superset_sums_by_size(rows.data(), 0.0, low, order - j, columns, ignored);
    const double* entry = by_low.data();
    for (int k = 0; k <= std::min(order - j, low); ++k) {
      for (const Coalition low_coalition : ascending(low, k)) {
        for (int e = 0; e <= low - k; ++e) {
          for (const Coalition high_coalition : high_coalitions) {
            double* target = sums_.data() + offset(low_coalition | (high_coalition << low)) + e;
            for (std::size_t h = 0; h < high_sizes; ++h) target[h] += *entry++;
          }
        }
      }
    }
  }
}

std::size_t GradedSums::offset(Coalition coalition) const {
  const int size = size_of(coalition);
  return first_[static_cast<std::size_t>(size)] +
         lexicographic_rank(coalition, players_) * static_cast<std::size_t>(players_ - size + 1);
}

std::span<const double> GradedSums::of(Coalition coalition) const {
  return {sums_.data() + offset(coalition), static_cast<std::size_t>(players_ - size_of(coalition) + 1)};
}

}  // namespace hyperego::detail
