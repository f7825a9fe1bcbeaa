// The walk keeps, for every node, a list of the samples that reach it under some coalition. A sample reaches a node in
// at most one way, so an item is one word: the sample (8 bits), the players that have to be in the coalition (A) and
// those that must not (B); 12 bits each in words of 32 bits, 28 in words of 64. Where a sample and the baseline part at
// a node whose player is undecided it goes both ways.
#include <hyperego/surrogate/forest/detail/forest_walk.hpp>

#if defined(__AVX512F__) && defined(__AVX512DQ__) && defined(__AVX512BW__)
#include <immintrin.h>
#define HYPEREGO_FOREST_VECTORS
#endif

namespace hyperego::detail::HYPEREGO_ISA {
namespace {

constexpr std::ptrdiff_t slot = forest_list;
constexpr int sample_bits = 8;
constexpr int most_depth = forest_depth + 1;

template <typename Item>
constexpr int players_in = (8 * static_cast<int>(sizeof(Item)) - sample_bits) / 2;
template <typename Item>
constexpr int baseline_shift = sample_bits + players_in<Item>;

template <typename Item>
[[gnu::always_inline]] inline std::ptrdiff_t sample_of(Item item) {
  return static_cast<std::ptrdiff_t>(item & ((Item{1} << sample_bits) - 1));
}
template <typename Item>
[[gnu::always_inline]] inline Item members_of(Item item) {
  return item >> sample_bits & ((Item{1} << players_in<Item>)-1);
}
template <typename Item>
[[gnu::always_inline]] inline Item strangers_of(Item item) {
  return item >> baseline_shift<Item>;
}

// Splits the items of a node: those that go left stay at the front of `items`, those that go right are written to
// `right_items`.
struct SplitCounts {
  std::ptrdiff_t left;
  std::ptrdiff_t right;
};

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

template <typename Item>
inline SplitCounts split(const ForestNode& node, const ForestTrees& trees, const ForestCells& cells, Item* items,
                         std::ptrdiff_t count, Item* right_items) {
  const std::ptrdiff_t column = static_cast<std::ptrdiff_t>(node.feature) * forest_block;
  const std::uint32_t player = cells.player_of[node.feature];
  const Item in_a = Item{1} << (sample_bits + player);
  const Item in_b = Item{1} << (baseline_shift<Item> + player);
  std::ptrdiff_t left_count = 0;
  std::ptrdiff_t right_count = 0;
  for (std::ptrdiff_t k = 0; k < count; ++k) {
    const Item item = items[k];
    const bool x = goes_left(node, trees.subsets, cells.members[column + sample_of(item)]);
    const bool b = goes_left(node, trees.subsets, cells.strangers[column + sample_of(item)]);
    const bool as_sample = (item & in_b) == 0;
    const bool as_baseline = (item & in_a) == 0;
    const Item with_a = item | in_a;
    const Item with_b = item | in_b;
    // An item that may go either way is there twice, with its player decided.
    items[left_count] = x == b ? item : x ? with_a : with_b;
    right_items[right_count] = x == b ? item : x ? with_b : with_a;
    left_count += static_cast<std::ptrdiff_t>((x & as_sample) | (b & as_baseline));
    right_count += static_cast<std::ptrdiff_t>((!x & as_sample) | (!b & as_baseline));
  }
  return {left_count, right_count};
}

#ifdef HYPEREGO_FOREST_VECTORS

// Which of 16 cells go left. A shift by 32 and more leaves nothing.
[[gnu::always_inline]] inline __mmask16 goes_left(const ForestNode& node, const ForestTrees& trees, __m512i cells) {
  const __m512i one = _mm512_set1_epi32(1);
  switch (node.kind) {
    case ForestNode::Kind::missing_left:
      return _mm512_cmple_epu32_mask(cells, _mm512_set1_epi32(static_cast<int>(node.bound)));
    case ForestNode::Kind::missing_right:
      return _mm512_cmplt_epu32_mask(_mm512_sub_epi32(cells, one), _mm512_set1_epi32(static_cast<int>(node.bound)));
    default: {
      const std::uint64_t* words = trees.subsets + node.bound;
      __m512i bits = _mm512_setzero_si512();
      for (std::uint32_t w = 0; w < trees.subset_words[node.feature]; ++w) {
        const __m512i low = _mm512_set1_epi32(static_cast<int>(words[w]));
        const __m512i high = _mm512_set1_epi32(static_cast<int>(words[w] >> 32U));
        const __m512i in_low = _mm512_sub_epi32(cells, _mm512_set1_epi32(static_cast<int>(64 * w)));
        const __m512i in_high = _mm512_sub_epi32(in_low, _mm512_set1_epi32(32));
        bits = _mm512_or_si512(bits, _mm512_or_si512(_mm512_srlv_epi32(low, in_low), _mm512_srlv_epi32(high, in_high)));
      }
      return _mm512_test_epi32_mask(bits, one);
    }
  }
}

// One bit for every sample of the block, set where its cell goes left, twice over.
[[gnu::always_inline]] inline __m512i left_bits(const ForestNode& node, const ForestTrees& trees,
                                                const std::uint32_t* column, std::ptrdiff_t samples) {
  static_assert(forest_block == 256);
  std::uint64_t words[4] = {};
  for (int w = 0; w < 4; ++w) {
    if (64 * w >= samples) break;
    const auto of_16 = [&](int v) { return goes_left(node, trees, _mm512_loadu_si512(column + 64 * w + 16 * v)); };
    words[w] =
        _cvtmask64_u64(_mm512_kunpackd(_mm512_kunpackw(of_16(3), of_16(2)), _mm512_kunpackw(of_16(1), of_16(0))));
  }
  const auto word = [&](int w) { return static_cast<long long>(words[w]); };
  return _mm512_set_epi64(word(3), word(2), word(1), word(0), word(3), word(2), word(1), word(0));
}

// Gathers are slow: where all samples of the block go is worked out first and looked up in a register.
inline SplitCounts split(const ForestNode& node, const ForestTrees& trees, const ForestCells& cells,
                         std::uint32_t* items, std::ptrdiff_t count, std::uint32_t* right_items) {
  const std::ptrdiff_t column = static_cast<std::ptrdiff_t>(node.feature) * forest_block;
  const __m512i members = left_bits(node, trees, cells.members + column, cells.samples);
  const __m512i strangers = left_bits(node, trees, cells.strangers + column, cells.samples);
  const std::uint32_t player = cells.player_of[node.feature];
  const __m512i in_a = _mm512_set1_epi32(static_cast<int>(std::uint32_t{1} << (sample_bits + player)));
  const __m512i in_b =
      _mm512_set1_epi32(static_cast<int>(std::uint32_t{1} << (baseline_shift<std::uint32_t> + player)));
  std::ptrdiff_t left_count = 0;
  std::ptrdiff_t right_count = 0;
  for (std::ptrdiff_t k = 0; k < count; k += 16) {
    const std::ptrdiff_t rest = count - k;
    const auto there = static_cast<__mmask16>(rest >= 16 ? 0xffffU : (1U << rest) - 1U);
    const __m512i item = _mm512_maskz_loadu_epi32(there, items + k);
    // Of an index the lowest four bits count, of a rotation the lowest five.
    const __m512i word = _mm512_srli_epi32(item, 5);
    const __m512i bit = _mm512_rolv_epi32(_mm512_set1_epi32(1), item);
    const __mmask16 x = _mm512_test_epi32_mask(_mm512_permutexvar_epi32(word, members), bit);
    const __mmask16 b = _mm512_test_epi32_mask(_mm512_permutexvar_epi32(word, strangers), bit);
    const __mmask16 as_sample = _mm512_mask_testn_epi32_mask(there, item, in_b);
    const __mmask16 as_baseline = _mm512_mask_testn_epi32_mask(there, item, in_a);
    const auto left = static_cast<__mmask16>((x & as_sample) | (b & as_baseline));
    const auto right = static_cast<__mmask16>((~x & as_sample) | (~b & as_baseline));
    const auto x_left = static_cast<__mmask16>(x & ~b);  // the sample goes left, the baseline right
    const auto x_right = static_cast<__mmask16>(b & ~x);
    const __m512i to_left = _mm512_mask_or_epi32(_mm512_mask_or_epi32(item, x_left, item, in_a), x_right, item, in_b);
    const __m512i to_right = _mm512_mask_or_epi32(_mm512_mask_or_epi32(item, x_right, item, in_a), x_left, item, in_b);
    _mm512_storeu_si512(items + left_count, _mm512_maskz_compress_epi32(left, to_left));
    _mm512_storeu_si512(right_items + right_count, _mm512_maskz_compress_epi32(right, to_right));
    left_count += __builtin_popcount(left);
    right_count += __builtin_popcount(right);
  }
  return {left_count, right_count};
}

#endif

// Calls leaf(number, items, count) for every leaf of one tree that some sample reaches.
template <typename Item, typename Leaf>
[[gnu::always_inline]] inline void walk(const ForestTrees& trees, const ForestNode* nodes, const ForestCells& cells,
                                        Item** free_list, const Leaf& leaf) {
  struct Pending {
    std::uint32_t node;
    std::int32_t count;
    Item* items;
  };
  Pending pending[most_depth];
  int depth = 0;
  std::uint32_t at = 0;
  // The list in use stands behind those that are free.
  Item*& first_list = free_list[trees.depth + 1];
  Item* items = first_list;
  std::ptrdiff_t count = cells.samples;
  for (std::ptrdiff_t i = 0; i < count; ++i) items[i] = static_cast<Item>(i);
  for (;;) {
    const ForestNode& node = nodes[at];
    if (node.kind != ForestNode::Kind::leaf) {
      Item* right_items = free_list[depth];
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

template <typename Item, typename Leaf>
[[gnu::always_inline]] inline void walk_all(const ForestTrees& trees, const ForestCells& cells, std::byte* scratch,
                                            const Leaf& leaf) {
  Item* free_list[most_depth + 2];
  for (std::ptrdiff_t d = 0; d <= trees.depth + 1; ++d) free_list[d] = reinterpret_cast<Item*>(scratch) + d * slot;
  for (std::ptrdiff_t t = 0; t < trees.count; ++t) {
    walk(trees, trees.nodes + trees.roots[t], cells, free_list, leaf);
  }
}

// Items at leaves with what they add, gathered by the size of the set that is expanded: the number of coefficients is
// then the same for many in a row, and the processor foresees every branch.
template <typename Item>
class Coefficients {
 public:
  Coefficients(std::int64_t* tables, int players) : tables_(tables), players_(players) {}

  // Without branches, which nobody could foresee.
  [[gnu::always_inline]] void add(Item item, std::int64_t value) {
    const Item a = members_of(item);
    const Item b = strangers_of(item);
    const int size_a = __builtin_popcountll(a);
    const int size_b = __builtin_popcountll(b);
    const auto mirrored = static_cast<Item>(size_b > size_a);
    const Item swapped = (a ^ b) & (~mirrored + 1U);
    int size = size_b - ((size_b - size_a) & -static_cast<int>(mirrored));
    if constexpr (players_in<Item> / 2 >= most_sizes) size = size < most_sizes ? size : most_sizes - 1;
    const std::ptrdiff_t row = (2 * sample_of(item) + static_cast<std::ptrdiff_t>(mirrored)) << players_;
    entries_[size][counts_[size]++] = {tables_ + (row + static_cast<std::ptrdiff_t>(a ^ swapped)), b ^ swapped, value};
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
  static constexpr int most_sizes = 7;  // the last class holds all larger ones
  struct Entry {
    std::int64_t* place;
    Item expanded;
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
    // Signs by the parity of T: the subsets without the lowest player in pairs with those that have it.
    for (std::ptrdiff_t k = 0; k < count; ++k) {
      const Item lowest = entries[k].expanded & (~entries[k].expanded + 1U);
      const Item others = entries[k].expanded ^ lowest;
      add_pair(entries[k].place, lowest, entries[k].value);
      if (size == 1) continue;
      for (Item t = others; t != 0; t = (t - 1U) & others) {
        const std::int64_t sign = -static_cast<std::int64_t>(__builtin_parityll(t));
        add_pair(entries[k].place + t, lowest, (entries[k].value ^ sign) - sign);
      }
    }
  }

  [[gnu::always_inline]] static void add_pair(std::int64_t* place, Item player, std::int64_t value) {
    place[0] += value;
    place[player] -= value;
  }

  std::int64_t* tables_;
  int players_;
  std::ptrdiff_t counts_[most_sizes] = {};
  Entry entries_[most_sizes][2 * room];
};

template <typename Item>
void add_to_tables(const ForestTrees& trees, const ForestCells& cells, std::byte* scratch, std::int64_t* tables) {
  Coefficients<Item> coefficients(tables, cells.players);
  walk_all<Item>(trees, cells, scratch, [&](std::uint32_t number, const Item* items, std::ptrdiff_t count) {
    const std::int64_t value = trees.leaf_values[number];
    constexpr std::ptrdiff_t room = Coefficients<Item>::room;
    for (std::ptrdiff_t from = 0; from < count; from += room) {
      const std::ptrdiff_t end = from + room < count ? from + room : count;
      coefficients.make_room();
      for (std::ptrdiff_t k = from; k < end; ++k) coefficients.add(items[k], value);
    }
  });
  coefficients.flush_all();
}

template <typename Item>
void add_to_rows(const ForestTrees& trees, const ForestCells& cells, std::byte* scratch,
                 const std::uint64_t* coalitions, std::ptrdiff_t count, std::int64_t* rows) {
  walk_all<Item>(trees, cells, scratch, [&](std::uint32_t number, const Item* items, std::ptrdiff_t reached) {
    const std::int64_t value = trees.leaf_values[number];
    for (std::ptrdiff_t k = 0; k < reached; ++k) {
      const std::uint64_t a = members_of(items[k]);
      const std::uint64_t decided = a | strangers_of(items[k]);
      std::int64_t* __restrict row = rows + sample_of(items[k]) * count;
      for (std::ptrdiff_t c = 0; c < count; ++c) row[c] += (coalitions[c] & decided) == a ? value : 0;
    }
  });
}

// Neighbours so close that a loop over them would be shorter than a vector: the distance is known when compiling.
template <std::ptrdiff_t Half>
void add_near(std::int64_t* table, std::ptrdiff_t size) {
  for (std::ptrdiff_t start = 0; start < size; start += 2 * Half) {
    for (std::ptrdiff_t i = start; i < start + Half; ++i) table[i + Half] += table[i];
  }
}

void sum_over_subsets(std::int64_t* table, int players) {
  const std::ptrdiff_t size = std::ptrdiff_t{1} << players;
  if (players > 0) add_near<1>(table, size);
  if (players > 1) add_near<2>(table, size);
  if (players > 2) add_near<4>(table, size);
  for (int bit = 3; bit < players; ++bit) {
    const std::ptrdiff_t half = std::ptrdiff_t{1} << bit;
    for (std::ptrdiff_t start = 0; start < size; start += 2 * half) {
      std::int64_t* __restrict low = table + start;
      std::int64_t* __restrict high = low + half;
      for (std::ptrdiff_t i = 0; i < half; ++i) high[i] += low[i];
    }
  }
}

}  // namespace

void add_coefficients(const ForestTrees& trees, const ForestCells& cells, std::byte* scratch, std::int64_t* tables) {
  if (cells.players <= players_in<std::uint32_t>) {
    add_to_tables<std::uint32_t>(trees, cells, scratch, tables);
  } else {
    add_to_tables<std::uint64_t>(trees, cells, scratch, tables);
  }
}

void add_listed(const ForestTrees& trees, const ForestCells& cells, std::byte* scratch, const std::uint64_t* coalitions,
                std::ptrdiff_t count, std::int64_t* rows) {
  if (cells.players <= players_in<std::uint32_t>) {
    add_to_rows<std::uint32_t>(trees, cells, scratch, coalitions, count, rows);
  } else {
    add_to_rows<std::uint64_t>(trees, cells, scratch, coalitions, count, rows);
  }
}

void sum_coefficients(std::int64_t* table, int players) {
  const std::ptrdiff_t size = std::ptrdiff_t{1} << players;
  std::int64_t* __restrict mirror = table + size;
  sum_over_subsets(table, players);
  sum_over_subsets(mirror, players);
  for (std::ptrdiff_t s = 0; s < size; ++s) table[s] += mirror[size - 1 - s];
}

}  // namespace hyperego::detail::HYPEREGO_ISA
