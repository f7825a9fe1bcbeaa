#include <hyperego/shapley/index/detail/lattice_kernel.hpp>

namespace hyperego::detail::HYPEREGO_ISA {
namespace {

// Tables of 2^cache_bits entries (16 KiB) stay in the first-level cache while all their bits are transformed.
constexpr int cache_bits = 11;

struct Difference {
  static void pair(double& low, double& high) { high -= low; }
};
struct SumBelow {
  static void pair(double& low, double& high) { high += low; }
};
struct SumAbove {
  static void pair(double& low, double& high) { low += high; }
};

// Players first … first + Bits − 1 at once: 2^Bits streams of 2^first entries, each entry loaded and stored a single
// time.
template <typename Operation, int Bits>
void streams(double* __restrict table, int first) {
  const std::size_t stride = std::size_t{1} << first;
  for (std::size_t i = 0; i < stride; ++i) {
    double x[1 << Bits];
    for (std::size_t j = 0; j < (std::size_t{1} << Bits); ++j) x[j] = table[i + j * stride];
    for (std::size_t bit = 1; bit < (std::size_t{1} << Bits); bit <<= 1U) {
      for (std::size_t j = 0; j < (std::size_t{1} << Bits); ++j) {
        if ((j & bit) == 0) Operation::pair(x[j], x[j | bit]);
      }
    }
    for (std::size_t j = 0; j < (std::size_t{1} << Bits); ++j) table[i + j * stride] = x[j];
  }
}

template <typename Operation>
void top_bits(double* table, int players, int bits) {
  if (bits == 1) streams<Operation, 1>(table, players - 1);
  if (bits == 2) streams<Operation, 2>(table, players - 2);
  if (bits == 3) streams<Operation, 3>(table, players - 3);
}

template <typename Operation>
void in_cache(double* table, int players) {
  int done = 0;
  while (done < players) {
    const int bits = players - done >= 3 ? 3 : players - done;
    const std::size_t block = std::size_t{1} << (done + bits);
    for (std::size_t start = 0; start < (std::size_t{1} << players); start += block) {
      top_bits<Operation>(table + start, done + bits, bits);
    }
    done += bits;
  }
}

template <typename Operation>
void transform(double* table, int players) {
  if (players <= cache_bits) {
    in_cache<Operation>(table, players);
    return;
  }
  const int bits = players - cache_bits >= 3 ? 3 : players - cache_bits;
  const std::size_t part = std::size_t{1} << (players - bits);
  for (std::size_t j = 0; j < (std::size_t{1} << bits); ++j) transform<Operation>(table + j * part, players - bits);
  top_bits<Operation>(table, players, bits);
}

std::size_t choose(int n, int k) {
  std::size_t result = 1;
  for (int i = 1; i <= k; ++i) result = result * static_cast<std::size_t>(n - k + i) / static_cast<std::size_t>(i);
  return result;
}

std::size_t rows_at(int height, int order) {
  std::size_t rows = 0;
  for (int j = 0; j <= order && j <= height; ++j) rows += choose(height, j) * static_cast<std::size_t>(height - j + 1);
  return rows;
}

// One coalition J without the new player: supersets from both halves, one player larger where they come from the upper
// half.
void add_shifted(double* __restrict out, const double* __restrict without, const double* __restrict with,
                 std::size_t sizes, std::size_t row) {
  for (std::size_t i = 0; i < row; ++i) out[i] = without[i];
  const std::size_t shared = (sizes - 1) * row;
  for (std::size_t i = 0; i < shared; ++i) out[row + i] = without[row + i] + with[i];
  for (std::size_t i = 0; i < row; ++i) out[row + shared + i] = with[shared + i];
}

void copy(double* __restrict out, const double* __restrict in, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) out[i] = in[i];
}

void merge(double* out, const double* without, const double* with, int height, int order, std::size_t row) {
  const double* with_previous = with;  // the group of coalitions one player smaller, which the new player joins
  for (int j = 0; j <= order && j <= height; ++j) {
    const auto sizes = static_cast<std::size_t>(height - j);  // e = 0 … height − 1 − j in the halves
    if (j < height) {
      const std::size_t count = choose(height - 1, j);
      for (std::size_t q = 0; q < count; ++q) {
        add_shifted(out, without, with, sizes, row);
        out += (sizes + 1) * row;
        without += sizes * row;
        with += sizes * row;
      }
    }
    if (j > 0) {
      const std::size_t count = choose(height - 1, j - 1) * (sizes + 1) * row;
      copy(out, with_previous, count);
      out += count;
      with_previous += count;
    }
  }
}

bool leaf(double* __restrict out, const double* __restrict in, double offset, std::size_t row) {
  double poison = 0;  // 0 · x is 0 for finite x and NaN otherwise
  for (std::size_t i = 0; i < row; ++i) out[i] = in[i] - offset;
  for (std::size_t i = 0; i < row; ++i) poison += 0 * in[i];
  return poison == 0;
}

// Two players at a time at the bottom, where the states are few and the bookkeeping would cost more than the sums.
bool bottom(double* __restrict out, const double* __restrict in, double offset, int order, std::size_t row) {
  double poison = 0;
  double* __restrict pair = out + 5 * row;  // supersets of {0} (2 sizes), {1} (2 sizes), then {0, 1}
  for (std::size_t i = 0; i < row; ++i) {
    const double none = in[i] - offset;
    const double first = in[row + i] - offset;
    const double second = in[2 * row + i] - offset;
    const double both = in[3 * row + i] - offset;
    out[i] = none;
    out[row + i] = first + second;
    out[2 * row + i] = both;
    poison += 0 * (none + first + second + both);
    if (order == 0) continue;
    out[3 * row + i] = first;
    out[4 * row + i] = both;
    pair[i] = second;
    pair[row + i] = both;
    if (order > 1) pair[2 * row + i] = both;
  }
  return poison == 0;
}

}  // namespace

void subset_differences(double* table, int players) { transform<Difference>(table, players); }
void subset_sums(double* table, int players) { transform<SumBelow>(table, players); }
void superset_sums(double* table, int players) { transform<SumAbove>(table, players); }

bool graded_superset_sums(const double* table, double offset, int height, int order, std::size_t row, double* out,
                          double* scratch) {
  if (height == 0) return leaf(out, table, offset, row);
  if (height == 2) return bottom(out, table, offset, order, row);
  const std::size_t half = (std::size_t{1} << (height - 1)) * row;
  const std::size_t rows = rows_at(height - 1, order) * row;
  double* without = scratch;
  double* with = scratch + rows;
  double* deeper = scratch + 2 * rows;
  const bool low = graded_superset_sums(table, offset, height - 1, order, row, without, deeper);
  const bool high = graded_superset_sums(table + half, offset, height - 1, order, row, with, deeper);
  merge(out, without, with, height, order, row);
  return low && high;
}

}  // namespace hyperego::detail::HYPEREGO_ISA
