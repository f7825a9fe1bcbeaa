#include <hyperego/core/error.hpp>
#include <hyperego/moo/front/simplex_lattice.hpp>

#include <limits>
#include <vector>

namespace hyperego {
namespace {

/// C(partitions + dimension − 1, dimension − 1), or `limit` + 1 when it is larger than `limit`.
Eigen::Index lattice_size(int dimension, int partitions, Eigen::Index limit) {
  Eigen::Index size = 1;
  for (Eigen::Index i = 1; i < dimension; ++i) {
    if (size > std::numeric_limits<Eigen::Index>::max() / (partitions + i)) return limit + 1;
    size = size * (partitions + i) / i;
    if (size > limit) return limit + 1;
  }
  return size;
}

void check_at_least_one(const char* where, int value) {
  if (value < 1) throw InvalidInput(where, "is " + std::to_string(value) + "; give 1 or more");
}

}  // namespace

Eigen::MatrixXd simplex_lattice(int dimension, int partitions) {
  check_at_least_one("dimension", dimension);
  check_at_least_one("partitions", partitions);
  constexpr Eigen::Index most = 100'000'000;
  const Eigen::Index size = lattice_size(dimension, partitions, most);
  if (size > most) throw InvalidInput("partitions", "give more than 1e8 lattice points; choose fewer");
  Eigen::MatrixXd lattice(size, dimension);
  std::vector<int> parts(static_cast<std::size_t>(dimension), 0);
  parts.back() = partitions;
  for (Eigen::Index row = 0; row < size; ++row) {
    for (Eigen::Index c = 0; c < dimension; ++c) {
      lattice(row, c) = static_cast<double>(parts[static_cast<std::size_t>(c)]) / partitions;
    }
    // Next composition: move one part from the last non-zero place to its left neighbour, the rest back to the end.
    auto last = parts.size() - 1;
    while (last > 0 && parts[last] == 0) --last;
    if (last == 0) break;
    const int rest = parts[last] - 1;
    parts[last] = 0;
    ++parts[last - 1];
    parts.back() = rest;
  }
  return lattice;
}

Eigen::MatrixXd simplex_lattice_within(int dimension, Eigen::Index count) {
  check_at_least_one("dimension", dimension);
  if (dimension == 1) return Eigen::MatrixXd::Ones(1, 1);
  int partitions = 1;
  while (lattice_size(dimension, partitions + 1, count) <= count) ++partitions;
  return simplex_lattice(dimension, partitions);
}

}  // namespace hyperego
