#include <hyperego/core/error.hpp>
#include <hyperego/shapley/index/detail/lattice_kernel.hpp>
#include <hyperego/shapley/index/moebius.hpp>

#include <bit>
#include <string>

namespace hyperego {
namespace detail {
namespace {

void moebius(double* table, int players) { HYPEREGO_DISPATCH(subset_differences, table, players); }
void inverse_moebius(double* table, int players) { HYPEREGO_DISPATCH(subset_sums, table, players); }
void from_supersets(double* table, int players) { HYPEREGO_DISPATCH(superset_sums, table, players); }

}  // namespace
}  // namespace detail

int players_of_table(std::size_t length) {
  if (!std::has_single_bit(length)) {
    throw InvalidInput("value table",
                       "has " + std::to_string(length) +
                           " values, but a game of n players has 2^n; give one value for every coalition");
  }
  return std::countr_zero(length);
}

void moebius_transform(std::span<double> table) { detail::moebius(table.data(), players_of_table(table.size())); }

void inverse_moebius_transform(std::span<double> table) {
  detail::inverse_moebius(table.data(), players_of_table(table.size()));
}

void superset_sum_transform(std::span<double> table) {
  detail::from_supersets(table.data(), players_of_table(table.size()));
}

}  // namespace hyperego
