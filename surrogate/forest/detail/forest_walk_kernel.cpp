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

// Which of 16 items go left: where all samples of the block go is worked out first and looked up in a register. From so
// many items on that is quicker than a gather.
constexpr std::ptrdiff_t many_items = 24;

struct LookedUp {
  __m512i left;
  [[gnu::always_inline]] __mmask16 operator()(__m512i item, __mmask16 /*there*/) const {
    // Of an index the lowest four bits count, of a rotation the lowest five.
    const __m512i word = _mm512_srli_epi32(item, 5);
    const __m512i bit = _mm512_rolv_epi32(_mm512_set1_epi32(1), item);
    return _mm512_test_epi32_mask(_mm512_permutexvar_epi32(word, left), bit);
  }
};

struct Gathered {
  const ForestNode& node;
  const ForestTrees& trees;
  const std::uint32_t* column;
  [[gnu::always_inline]] __mmask16 operator()(__m512i item, __mmask16 there) const {
    const __m512i sample = _mm512_and_si512(item, _mm512_set1_epi32((1 << sample_bits) - 1));
    return goes_left(node, trees, _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), there, sample, column, 4));
  }
};

struct AllAlike {
  __mmask16 left;
  [[gnu::always_inline]] __mmask16 operator()(__m512i /*item*/, __mmask16 /*there*/) const { return left; }
};

template <typename Members, typename Strangers>
[[gnu::always_inline]] inline SplitCounts split_by(std::uint32_t player, std::uint32_t* items, std::ptrdiff_t count,
                                                   std::uint32_t* right_items, const Members& member_left,
                                                   const Strangers& stranger_left) {
  const __m512i in_a = _mm512_set1_epi32(static_cast<int>(std::uint32_t{1} << (sample_bits + player)));
  const __m512i in_b =
      _mm512_set1_epi32(static_cast<int>(std::uint32_t{1} << (baseline_shift<std::uint32_t> + player)));
  std::ptrdiff_t left_count = 0;
  std::ptrdiff_t right_count = 0;
  for (std::ptrdiff_t k = 0; k < count; k += 16) {
    const std::ptrdiff_t rest = count - k;
    const auto there = static_cast<__mmask16>(rest >= 16 ? 0xffffU : (1U << rest) - 1U);
    const __m512i item = _mm512_maskz_loadu_epi32(there, items + k);
    const __mmask16 x = member_left(item, there);
    const __mmask16 b = stranger_left(item, there);
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

inline SplitCounts split(const ForestNode& node, const ForestTrees& trees, const ForestCells& cells,
                         std::uint32_t* items, std::ptrdiff_t count, std::uint32_t* right_items) {
  const std::ptrdiff_t column = static_cast<std::ptrdiff_t>(node.feature) * forest_block;
  const std::uint32_t player = cells.player_of[node.feature];
  const std::uint32_t* members = cells.members + column;
  const std::uint32_t* strangers = cells.strangers + column;
  const auto by = [&](const auto& member_left, const auto& stranger_left) {
    return split_by(player, items, count, right_items, member_left, stranger_left);
  };
  if (cells.are_strangers_alike) {
    const AllAlike alike{static_cast<__mmask16>(goes_left(node, trees.subsets, strangers[0]) ? 0xffffU : 0U)};
    if (count < many_items) return by(Gathered{node, trees, members}, alike);
    return by(LookedUp{left_bits(node, trees, members, cells.samples)}, alike);
  }
  if (count < many_items) return by(Gathered{node, trees, members}, Gathered{node, trees, strangers});
  return by(LookedUp{left_bits(node, trees, members, cells.samples)},
            LookedUp{left_bits(node, trees, strangers, cells.samples)});
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
  Coefficients(std::int64_t* tables, int players)
      : tables_(tables), players_(players), all_((Item{1} << players) - 1U) {}

  // Without branches, which nobody could foresee.
  [[gnu::always_inline]] void add(Item item, std::int64_t value) {
    const Item a = members_of(item);
    const Item b = strangers_of(item);
    const Item free = all_ & ~(a | b);
    const int size_a = __builtin_popcountll(a);
    const int size_b = __builtin_popcountll(b);
    const int size_free = players_ - size_a - size_b;
    const bool is_mirrored = size_b > size_a;
    const int smaller = is_mirrored ? size_a : size_b;
    const bool is_listed = size_free <= smaller;
    const Item expanded = is_listed ? free : is_mirrored ? a : b;
    const Item place = is_listed || !is_mirrored ? a : b;
    int size = is_listed ? size_free : smaller;
    if constexpr (players_in<Item> / 2 >= most_sizes) size = size < most_sizes ? size : most_sizes - 1;
    const int table = is_listed ? 2 : static_cast<int>(is_mirrored);
    const std::ptrdiff_t row = (forest_tables * sample_of(item) + table) << players_;
    const int kind = size + (is_listed ? most_sizes : 0);
    entries_[kind][counts_[kind]++] = {tables_ + (row + static_cast<std::ptrdiff_t>(place)), expanded, value};
  }

  // Room for so many more in every class.
  static constexpr std::ptrdiff_t room = 64;
  [[gnu::always_inline]] void make_room() {
    for (int kind = 0; kind < 2 * most_sizes; ++kind) {
      if (counts_[kind] >= room) flush(kind);
    }
  }

  void flush_all() {
    for (int kind = 0; kind < 2 * most_sizes; ++kind) flush(kind);
  }

 private:
  static constexpr int most_sizes = 7;  // the last class holds all larger ones
  struct Entry {
    std::int64_t* place;
    Item expanded;
    std::int64_t value;
  };

  void flush(int kind) {
    const int size = kind % most_sizes;
    const Entry* entries = entries_[kind];
    const std::ptrdiff_t count = counts_[kind];
    counts_[kind] = 0;
    if (size == 0) {
      for (std::ptrdiff_t k = 0; k < count; ++k) entries[k].place[0] += entries[k].value;
    } else if (kind < most_sizes) {
      for (std::ptrdiff_t k = 0; k < count; ++k) add_signed(entries[k], size);
    } else {
      for (std::ptrdiff_t k = 0; k < count; ++k) add_listed(entries[k], size);
    }
  }

  // Signs by the parity of T: the subsets without the lowest player in pairs with those that have it.
  [[gnu::always_inline]] static void add_signed(const Entry& entry, int size) {
    const Item lowest = entry.expanded & (~entry.expanded + 1U);
    const Item others = entry.expanded ^ lowest;
    add_pair(entry.place, lowest, entry.value, -entry.value);
    if (size == 1) return;
    for (Item t = others; t != 0; t = (t - 1U) & others) {
      const std::int64_t sign = -static_cast<std::int64_t>(__builtin_parityll(t));
      const std::int64_t value = (entry.value ^ sign) - sign;
      add_pair(entry.place + t, lowest, value, -value);
    }
  }

  [[gnu::always_inline]] static void add_listed(const Entry& entry, int size) {
    const Item lowest = entry.expanded & (~entry.expanded + 1U);
    const Item others = entry.expanded ^ lowest;
    add_pair(entry.place, lowest, entry.value, entry.value);
    if (size == 1) return;
    for (Item t = others; t != 0; t = (t - 1U) & others) add_pair(entry.place + t, lowest, entry.value, entry.value);
  }

  [[gnu::always_inline]] static void add_pair(std::int64_t* place, Item player, std::int64_t without,
                                              std::int64_t with) {
    place[0] += without;
    place[player] += with;
  }

  std::int64_t* tables_;
  int players_;
  Item all_;
  std::ptrdiff_t counts_[2 * most_sizes] = {};
  Entry entries_[2 * most_sizes][2 * room];
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
  const std::int64_t* __restrict listed = mirror + size;
  sum_over_subsets(table, players);
  sum_over_subsets(mirror, players);
  for (std::ptrdiff_t s = 0; s < size; ++s) table[s] += mirror[size - 1 - s] + listed[s];
}

}  // namespace hyperego::detail::HYPEREGO_ISA
