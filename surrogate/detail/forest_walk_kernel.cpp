// The walk keeps, for every node, a list of the samples that reach it under some coalition. A sample reaches a node in
// at most one way, so an item is one word: the sample (8 bits), the players that have to be in the coalition (A, 28
// bits) and those that must not (B, 28 bits). Where a sample and the baseline part at a node whose player is undecided
// it goes both ways.
#include <hyperego/surrogate/detail/forest_walk.hpp>

#if defined(__AVX512F__) && defined(__AVX512DQ__)
#include <immintrin.h>
#endif

namespace hyperego::detail::HYPEREGO_ISA {
namespace {

constexpr std::ptrdiff_t slot = forest_block + 8;  // whole vectors are stored past the end of a list
constexpr int sample_bits = 8;
constexpr int baseline_shift = sample_bits + forest_players;
constexpr std::uint64_t sample_mask = (std::uint64_t{1} << sample_bits) - 1;
constexpr std::uint64_t player_mask = (std::uint64_t{1} << forest_players) - 1;
constexpr int most_depth = forest_depth + 1;

// Splits the items of a node: those that go left stay at the front of `items`, those that go right are written to
// `right_items`.
struct SplitCounts {
  std::ptrdiff_t left;
  std::ptrdiff_t right;
};

#if defined(__AVX512F__) && defined(__AVX512DQ__)

[[gnu::always_inline]] inline __mmask8 goes_left(const ForestNode& node, const std::uint64_t* subsets, __m512i cells) {
  switch (node.kind) {
    case ForestNode::Kind::missing_left:
      return _mm512_cmple_epu64_mask(cells, _mm512_set1_epi64(node.bound));
    case ForestNode::Kind::missing_right:
      // The cell 0 wraps round to the largest number.
      return _mm512_cmplt_epu64_mask(_mm512_sub_epi64(cells, _mm512_set1_epi64(1)), _mm512_set1_epi64(node.bound));
    default: {
      const __m512i words = _mm512_i64gather_epi64(_mm512_srli_epi64(cells, 6), subsets + node.bound, 8);
      const __m512i bits = _mm512_srlv_epi64(words, _mm512_and_si512(cells, _mm512_set1_epi64(63)));
      return _mm512_test_epi64_mask(bits, _mm512_set1_epi64(1));
    }
  }
}

inline SplitCounts split(const ForestNode& node, const ForestTrees& trees, const ForestCells& cells,
                         std::uint64_t* items, std::ptrdiff_t count, std::uint64_t* right_items) {
  const std::uint64_t* column = cells.cells + static_cast<std::ptrdiff_t>(node.feature) * forest_block;
  const std::uint32_t player = cells.player_of[node.feature];
  const __m512i in_a = _mm512_set1_epi64(static_cast<long long>(std::uint64_t{1} << (sample_bits + player)));
  const __m512i in_b = _mm512_set1_epi64(static_cast<long long>(std::uint64_t{1} << (baseline_shift + player)));
  std::ptrdiff_t left_count = 0;
  std::ptrdiff_t right_count = 0;
  for (std::ptrdiff_t k = 0; k < count; k += 8) {
    const std::ptrdiff_t rest = count - k;
    const auto there = static_cast<__mmask8>(rest >= 8 ? 0xffU : (1U << rest) - 1U);
    const __m512i item = _mm512_maskz_loadu_epi64(there, items + k);
    const __m512i cell = _mm512_i64gather_epi64(_mm512_and_si512(item, _mm512_set1_epi64(sample_mask)), column, 8);
    const __mmask8 x = goes_left(node, trees.subsets, _mm512_srli_epi64(cell, 32));
    const __mmask8 b = goes_left(node, trees.subsets, _mm512_and_si512(cell, _mm512_set1_epi64(0xffffffff)));
    const auto as_sample = static_cast<__mmask8>(there & ~_mm512_test_epi64_mask(item, in_b));
    const auto as_baseline = static_cast<__mmask8>(there & ~_mm512_test_epi64_mask(item, in_a));
    const auto left = static_cast<__mmask8>((x & as_sample) | (b & as_baseline));
    const auto right = static_cast<__mmask8>((~x & as_sample) | (~b & as_baseline));
    const auto x_left = static_cast<__mmask8>(x & ~b);  // the sample goes left, the baseline right
    const auto x_right = static_cast<__mmask8>(b & ~x);
    const __m512i to_left = _mm512_mask_or_epi64(_mm512_mask_or_epi64(item, x_left, item, in_a), x_right, item, in_b);
    const __m512i to_right = _mm512_mask_or_epi64(_mm512_mask_or_epi64(item, x_right, item, in_a), x_left, item, in_b);
    _mm512_storeu_si512(items + left_count, _mm512_maskz_compress_epi64(left, to_left));
    _mm512_storeu_si512(right_items + right_count, _mm512_maskz_compress_epi64(right, to_right));
    left_count += __builtin_popcount(left);
    right_count += __builtin_popcount(right);
  }
  return {left_count, right_count};
}

#else

[[gnu::always_inline]] inline bool goes_left(const ForestNode& node, const std::uint64_t* subsets, std::uint32_t cell) {
  switch (node.kind) {
    case ForestNode::Kind::missing_left:
      return cell <= node.bound;
    case ForestNode::Kind::missing_right:
      return cell - 1U < node.bound;  // the cell 0 wraps round to the largest number
    default:
      return (subsets[node.bound + (cell >> 6U)] >> (cell & 63U) & 1U) != 0;
  }
}

inline SplitCounts split(const ForestNode& node, const ForestTrees& trees, const ForestCells& cells,
                         std::uint64_t* items, std::ptrdiff_t count, std::uint64_t* right_items) {
  const std::uint64_t* column = cells.cells + static_cast<std::ptrdiff_t>(node.feature) * forest_block;
  const std::uint32_t player = cells.player_of[node.feature];
  const std::uint64_t in_a = std::uint64_t{1} << (sample_bits + player);
  const std::uint64_t in_b = std::uint64_t{1} << (baseline_shift + player);
  std::ptrdiff_t left_count = 0;
  std::ptrdiff_t right_count = 0;
  for (std::ptrdiff_t k = 0; k < count; ++k) {
    const std::uint64_t item = items[k];
    const std::uint64_t cell = column[item & sample_mask];
    const bool x = goes_left(node, trees.subsets, static_cast<std::uint32_t>(cell >> 32U));
    const bool b = goes_left(node, trees.subsets, static_cast<std::uint32_t>(cell));
    const bool as_sample = (item & in_b) == 0;
    const bool as_baseline = (item & in_a) == 0;
    const std::uint64_t with_a = item | in_a;
    const std::uint64_t with_b = item | in_b;
    // An item that may go either way is there twice, with its player decided.
    items[left_count] = x == b ? item : x ? with_a : with_b;
    right_items[right_count] = x == b ? item : x ? with_b : with_a;
    left_count += static_cast<std::ptrdiff_t>((x & as_sample) | (b & as_baseline));
    right_count += static_cast<std::ptrdiff_t>((!x & as_sample) | (!b & as_baseline));
  }
  return {left_count, right_count};
}

#endif

// Calls leaf(number, items, count) for every leaf of one tree that some sample reaches.
template <typename Leaf>
[[gnu::always_inline]] inline void walk(const ForestTrees& trees, const ForestNode* nodes, const ForestCells& cells,
                                        std::uint64_t** free_list, const Leaf& leaf) {
  struct Pending {
    std::uint32_t node;
    std::int32_t count;
    std::uint64_t* items;
  };
  Pending pending[most_depth];
  int depth = 0;
  std::uint32_t at = 0;
  // The list in use stands behind those that are free.
  std::uint64_t*& first_list = free_list[trees.depth + 1];
  std::uint64_t* items = first_list;
  std::ptrdiff_t count = cells.samples;
  for (std::ptrdiff_t i = 0; i < count; ++i) items[i] = static_cast<std::uint64_t>(i);
  for (;;) {
    const ForestNode& node = nodes[at];
    if (node.kind != ForestNode::Kind::leaf) {
      std::uint64_t* right_items = free_list[depth];
      const SplitCounts counts = split(node, trees, cells, items, count, right_items);
      if (counts.left == 0) {
        free_list[depth] = items;
        items = right_items;
        count = counts.right;
        at = node.right;
      } else {
        if (counts.right > 0) pending[depth++] = {node.right, static_cast<std::int32_t>(counts.right), right_items};
        count = counts.left;
        ++at;
      }
      continue;
    }
    leaf(node.bound, items, count);
    if (depth == 0) break;
    const Pending& next = pending[--depth];
    free_list[depth] = items;
    at = next.node;
    count = next.count;
    items = next.items;
  }
  first_list = items;
}

template <typename Leaf>
[[gnu::always_inline]] inline void walk_all(const ForestTrees& trees, const ForestCells& cells, std::uint64_t* scratch,
                                            const Leaf& leaf) {
  std::uint64_t* free_list[most_depth + 2];
  for (std::ptrdiff_t d = 0; d <= trees.depth + 1; ++d) free_list[d] = scratch + d * slot;
  for (std::ptrdiff_t t = 0; t < trees.count; ++t) {
    walk(trees, trees.nodes + trees.roots[t], cells, free_list, leaf);
  }
}

// Items at leaves with what they add, gathered by the size of B: the number of coefficients is then the same for many
// in a row, and the processor foresees every branch.
class Coefficients {
 public:
  Coefficients(std::int64_t* tables, std::ptrdiff_t stride) : tables_(tables), stride_(stride) {}

  [[gnu::always_inline]] void add(std::uint64_t item, std::int64_t value) {
    const std::uint64_t b = item >> baseline_shift;
    const int size = __builtin_popcountll(b);
    Entry* class_of = entries_[size < most_sizes ? size : most_sizes - 1];
    std::ptrdiff_t& count = counts_[size < most_sizes ? size : most_sizes - 1];
    const std::uint64_t a = item >> sample_bits & player_mask;
    class_of[count++] = {tables_ + static_cast<std::ptrdiff_t>(item & sample_mask) * stride_ + a, b, value};
  }

  // Room for so many more in every class.
  static constexpr std::ptrdiff_t room = 64;
  [[gnu::always_inline]] void make_room() {
    for (int size = 0; size < most_sizes; ++size) {
      if (counts_[size] >= room) flush(size);
    }
  }

  void flush_all() {
    for (int size = 0; size < most_sizes; ++size) flush(size);
  }

 private:
  static constexpr int most_sizes = 6;  // the last class holds all larger ones
  struct Entry {
    std::int64_t* place;
    std::uint64_t b;
    std::int64_t value;
  };

  void flush(int size) {
    const Entry* entries = entries_[size];
    const std::ptrdiff_t count = counts_[size];
    counts_[size] = 0;
    if (size == 0) {
      for (std::ptrdiff_t k = 0; k < count; ++k) entries[k].place[0] += entries[k].value;
      return;
    }
    // Signs by the parity of T: the subsets of B without its lowest player in pairs with those that have it.
    for (std::ptrdiff_t k = 0; k < count; ++k) {
      std::int64_t* place = entries[k].place;
      const std::int64_t value = entries[k].value;
      const std::uint64_t lowest = entries[k].b & (~entries[k].b + 1U);
      place[0] += value;
      place[lowest] -= value;
      if (size == 1) continue;
      const std::uint64_t others = entries[k].b ^ lowest;
      for (std::uint64_t t = others; t != 0; t = (t - 1U) & others) {
        const std::int64_t sign = -static_cast<std::int64_t>(__builtin_parityll(t));
        const std::int64_t signed_value = (value ^ sign) - sign;
        place[t] += signed_value;
        place[t | lowest] -= signed_value;
      }
    }
  }

  std::int64_t* tables_;
  std::ptrdiff_t stride_;
  std::ptrdiff_t counts_[most_sizes] = {};
  Entry entries_[most_sizes][2 * room];
};

}  // namespace

void add_unanimity(const ForestTrees& trees, const ForestCells& cells, std::uint64_t* scratch, std::int64_t* tables,
                   std::ptrdiff_t stride) {
  Coefficients coefficients(tables, stride);
  walk_all(trees, cells, scratch, [&](std::uint32_t number, const std::uint64_t* items, std::ptrdiff_t count) {
    const std::int64_t value = trees.leaf_values[number];
    for (std::ptrdiff_t from = 0; from < count; from += Coefficients::room) {
      const std::ptrdiff_t end = from + Coefficients::room < count ? from + Coefficients::room : count;
      coefficients.make_room();
      for (std::ptrdiff_t k = from; k < end; ++k) coefficients.add(items[k], value);
    }
  });
  coefficients.flush_all();
}

void add_listed(const ForestTrees& trees, const ForestCells& cells, std::uint64_t* scratch,
                const std::uint64_t* coalitions, std::ptrdiff_t count, std::int64_t* rows) {
  walk_all(trees, cells, scratch, [&](std::uint32_t number, const std::uint64_t* items, std::ptrdiff_t reached) {
    const std::int64_t value = trees.leaf_values[number];
    for (std::ptrdiff_t k = 0; k < reached; ++k) {
      const std::uint64_t item = items[k];
      const std::uint64_t a = item >> sample_bits & player_mask;
      const std::uint64_t decided = a | item >> baseline_shift;
      std::int64_t* __restrict row = rows + static_cast<std::ptrdiff_t>(item & sample_mask) * count;
      for (std::ptrdiff_t c = 0; c < count; ++c) row[c] += (coalitions[c] & decided) == a ? value : 0;
    }
  });
}

void sum_over_subsets(std::int64_t* table, int players) {
  const std::ptrdiff_t size = std::ptrdiff_t{1} << players;
  for (int bit = 0; bit < players; ++bit) {
    const std::ptrdiff_t half = std::ptrdiff_t{1} << bit;
    for (std::ptrdiff_t start = 0; start < size; start += 2 * half) {
      std::int64_t* __restrict low = table + start;
      std::int64_t* __restrict high = low + half;
      for (std::ptrdiff_t i = 0; i < half; ++i) high[i] += low[i];
    }
  }
}

}  // namespace hyperego::detail::HYPEREGO_ISA
