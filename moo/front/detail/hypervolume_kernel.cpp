#include <hyperego/moo/front/detail/hypervolume_kernel.hpp>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

// Everything but the entry point has internal linkage; no standard containers or algorithms (see hyperego_kernel()).
namespace hyperego::HYPEREGO_ISA {
namespace {

constexpr double infinity = __builtin_inf();

// ---- Four objectives: HV4D+ (Guerreiro & Fonseca, IEEE TEVC 22(3), 2018), written for maximised extents. ----
//
// Points arrive by descending w; each adds w times the volume that it alone dominates in (x, y, z). The list holds the
// points that no earlier one dominates there, by descending z. Every point remembers its two neighbours on the (x, y)
// staircase of the points above it, so that one walk down the list rebuilds the staircase at every level in O(1) a
// point.

constexpr int right_sentinel = 0;
constexpr int upper_sentinel = 1;
constexpr int head = 2;
constexpr int tail = 3;
constexpr int first_node = 4;

void join_staircase(SweepNode* nodes, int q) {
  nodes[nodes[q].right_delimiter].upper = q;
  nodes[q].upper = nodes[q].upper_delimiter;
}

/// Area of the rectangle below (x, y) that lies above the staircase between the points `from` (right) and `until`
/// (left).
double area_above_staircase(const SweepNode* nodes, int from, int until, double x, double y) {
  double area = 0;
  double below = nodes[from].y;
  for (int v = nodes[from].upper; v != until; v = nodes[v].upper) {
    area += (nodes[v].y - below) * (x - nodes[v].x);
    below = nodes[v].y;
  }
  return area + (y - below) * (x - nodes[until].x);
}

/// Volume in (x, y, z) that node p alone dominates; puts p into the list and drops from it what p dominates.
double insert_and_measure(SweepNode* nodes, int p) {
  const double px = nodes[p].x;
  const double py = nodes[p].y;
  double z = nodes[p].z;
  int right = right_sentinel;
  int upper = upper_sentinel;
  double right_y = 0;
  double upper_x = 0;
  nodes[right_sentinel].upper = upper_sentinel;
  int previous = head;
  int at = nodes[head].next;
  for (; nodes[at].z >= z; previous = at, at = nodes[at].next) {
    const double qx = nodes[at].x;
    const double qy = nodes[at].y;
    if (qx >= px) {
      if (qy >= py) return 0;
      if (qx > px && qy >= right_y) {
        right = at;
        right_y = qy;
      }
    } else if (qy > py && qx >= upper_x) {
      upper = at;
      upper_x = qx;
    }
    join_staircase(nodes, at);
  }
  nodes[p].right_delimiter = right;
  nodes[p].upper_delimiter = upper;
  nodes[p].next = at;
  nodes[previous].next = p;
  previous = p;

  double area = area_above_staircase(nodes, right, upper, px, py);
  double volume = 0;
  for (;; at = nodes[at].next) {
    SweepNode& q = nodes[at];
    volume += area * (z - q.z);
    z = q.z;
    if (q.x >= px && q.y >= py) break;  // hides p from here on; the tail always does
    if (q.x > px) {
      if (q.y >= nodes[right].y) {
        area -= area_above_staircase(nodes, right, q.upper_delimiter, px, q.y);
        right = at;
      }
      join_staircase(nodes, at);
      if (px >= nodes[q.upper_delimiter].x) q.upper_delimiter = p;
      previous = at;
    } else if (q.y > py) {
      if (q.x >= nodes[upper].x) {
        area -= area_above_staircase(nodes, q.right_delimiter, upper, q.x, py);
        upper = at;
      }
      join_staircase(nodes, at);
      if (py >= nodes[q.right_delimiter].y) q.right_delimiter = p;
      previous = at;
    } else {
      area -= area_above_staircase(nodes, q.right_delimiter, q.upper_delimiter, q.x, q.y);
      join_staircase(nodes, at);
      nodes[previous].next = q.next;
    }
  }
  return volume;
}

/// `rows` by descending fourth coordinate.
double sweep_four(double* const* rows, int count, SweepNode* nodes) {
  nodes[right_sentinel] = {infinity, 0, infinity, tail, 0, 0, upper_sentinel};
  nodes[upper_sentinel] = {0, infinity, infinity, tail, 0, 0, upper_sentinel};
  nodes[head] = {infinity, infinity, infinity, tail, 0, 0, 0};
  nodes[tail] = {infinity, infinity, 0, tail, 0, 0, 0};
  double volume = 0;
  for (int i = 0; i < count; ++i) {
    const int p = first_node + i;
    nodes[p].x = rows[i][0];
    nodes[p].y = rows[i][1];
    nodes[p].z = rows[i][2];
    volume += rows[i][3] * insert_and_measure(nodes, p);
  }
  return volume;
}

// ---- More objectives: the exclusive-volume recursion of WFG (While, Bradstreet, Barone, IEEE TEVC 16(1), 2012). ----

/// Points in blocks of eight, coordinate by coordinate, so that one row meets eight points in a comparison.
/// Coordinate c of point k is at values[(k / 8 · size + c) · 8 + k % 8].
struct Blocks {
  double* values;
  int size;  // coordinates

  double* at(int k) const { return values + (k / 8 * size) * 8L + k % 8; }
  /// Rewrites whole vectors: loads of a block soon after could not be forwarded from stores of single lanes.
  void put(int k, const double* row) const {
    double* block = values + (k / 8 * size) * 8L;
    for (int c = 0; c < size; ++c, block += 8) {
      for (int lane = 0; lane < 8; ++lane) block[lane] = lane == k % 8 ? row[c] : block[lane];
    }
  }
  void move(int from, int to) const {
    const double* source = at(from);
    double* target = at(to);
    for (int c = 0; c < size; ++c) target[c * 8] = source[c * 8];
  }
};

enum class Side { above, below };

/// Bit k: point k of the block is at least (above) or at most (below) the row in every coordinate.
template <Side side>
unsigned lanes(const Blocks& blocks, int block, const double* row) {
  const double* values = blocks.values + block * blocks.size * 8L;
#if defined(__AVX512F__)
  constexpr int order = side == Side::above ? _CMP_GE_OQ : _CMP_LE_OQ;
  const auto compared = [&](int c) {
    return static_cast<unsigned>(_mm512_cmp_pd_mask(_mm512_loadu_pd(values + c * 8L), _mm512_set1_pd(row[c]), order));
  };
  // There are always three; none of them waits for another.
  unsigned all = compared(0) & compared(1) & compared(2);
  for (int c = 3; c < blocks.size; ++c) all &= compared(c);
  return all;
#elif defined(__AVX__)
  constexpr int order = side == Side::above ? _CMP_GE_OQ : _CMP_LE_OQ;
  __m256d low = _mm256_castsi256_pd(_mm256_set1_epi64x(-1));
  __m256d high = low;
  for (int c = 0; c < blocks.size; ++c, values += 8) {
    const __m256d value = _mm256_set1_pd(row[c]);
    low = _mm256_and_pd(low, _mm256_cmp_pd(_mm256_loadu_pd(values), value, order));
    high = _mm256_and_pd(high, _mm256_cmp_pd(_mm256_loadu_pd(values + 4), value, order));
  }
  return static_cast<unsigned>(_mm256_movemask_pd(low) | _mm256_movemask_pd(high) << 4);
#elif defined(__SSE2__)
  __m128d pairs[4];
  for (auto& pair : pairs) pair = _mm_castsi128_pd(_mm_set1_epi32(-1));
  for (int c = 0; c < blocks.size; ++c, values += 8) {
    const __m128d value = _mm_set1_pd(row[c]);
    for (int pair = 0; pair < 4; ++pair) {
      const __m128d points = _mm_loadu_pd(values + pair * 2);
      pairs[pair] =
          _mm_and_pd(pairs[pair], side == Side::above ? _mm_cmpge_pd(points, value) : _mm_cmple_pd(points, value));
    }
  }
  return static_cast<unsigned>(_mm_movemask_pd(pairs[0]) | _mm_movemask_pd(pairs[1]) << 2 |
                               _mm_movemask_pd(pairs[2]) << 4 | _mm_movemask_pd(pairs[3]) << 6);
#else
  unsigned all = 255;
  for (int c = 0; c < blocks.size; ++c, values += 8) {
    for (unsigned lane = 0; lane < 8; ++lane) {
      const bool beyond = side == Side::above ? values[lane] < row[c] : values[lane] > row[c];
      all &= ~(static_cast<unsigned>(beyond) << lane);
    }
  }
  return all;
#endif
}

bool covers(const double* a, const double* b, int size) {
  for (int c = 0; c < size; ++c) {
    if (a[c] < b[c]) return false;
  }
  return true;
}

/// A growing set of rows by descending last coordinate, none of which covers another. Blocks hold all but the last
/// coordinate.
struct MaximalSet {
  Blocks blocks;
  double** rows;
  int count;

  int number_of_blocks() const { return (count + 7) / 8; }
  /// The lanes of a block that hold members.
  unsigned valid(int block) const {
    const int members = count - block * 8;
    return members >= 8 ? 255U : (1U << static_cast<unsigned>(members)) - 1U;
  }

  bool covered(const double* row) const {
    // Four blocks a question: where a row is covered cannot be foreseen, and a branch gone wrong costs more than they
    // do.
    for (int block = 0; block < number_of_blocks();) {
      const int end = block + 4 < number_of_blocks() ? block + 4 : number_of_blocks();
      unsigned above = 0;
      for (; block < end; ++block) above |= lanes<Side::above>(blocks, block, row) & valid(block);
      if (above != 0) return true;
    }
    return false;
  }

  /// For a row that is lower than all members in the last coordinate: it can only be covered.
  bool add_lower(double* row) {
    if (covered(row)) return false;
    blocks.put(count, row);
    rows[count++] = row;
    return true;
  }

  /// For a row that is equal to all members in the last coordinate: it may cover members as well, which leave.
  bool add_level(double* row) {
    if (covered(row)) return false;
    // From the end, so that the last member, which fills the gap, is one that stays.
    for (int block = number_of_blocks() - 1; block >= 0; --block) {
      unsigned below = lanes<Side::below>(blocks, block, row) & valid(block);
      while (below != 0) {
        const int lane = 31 - __builtin_clz(below);
        below &= ~(1U << static_cast<unsigned>(lane));
        --count;
        blocks.move(count, block * 8 + lane);
        rows[block * 8 + lane] = rows[count];
      }
    }
    blocks.put(count, row);
    rows[count++] = row;
    return true;
  }
};

void limit(const double* a, const double* b, double* result, int stride) {
  for (int c = 0; c < stride; ++c) result[c] = a[c] < b[c] ? a[c] : b[c];
}

double product(const double* a, int size) {
  double volume = 1;
  for (int c = 0; c < size; ++c) volume *= a[c];
  return volume;
}

/// Insertion sort by descending coordinate; sets are small and the sweep after it is quadratic anyway.
void sort_descending(double** rows, int count, int coordinate) {
  for (int i = 1; i < count; ++i) {
    double* const row = rows[i];
    const double key = row[coordinate];
    int j = i;
    for (; j > 0 && rows[j - 1][coordinate] < key; --j) rows[j] = rows[j - 1];
    rows[j] = row;
  }
}

struct Recursion {
  SweepNode* nodes;
  double* blocks;
  int stride;

  /// Volume of `rows` in the first `objectives` coordinates; the coordinates behind are zero. `free_rows` and
  /// `free_order` are room for the deeper levels.
  double volume(double** rows, int count, int objectives, double* free_rows, double** free_order) const {
    if (count == 0) return 0;
    if (count == 1) return product(rows[0], objectives);
    if (count == 2) {
      double common = 1;
      for (int c = 0; c < objectives; ++c) common *= rows[0][c] < rows[1][c] ? rows[0][c] : rows[1][c];
      return product(rows[0], objectives) + product(rows[1], objectives) - common;
    }
    sort_descending(rows, count, objectives - 1);
    if (objectives == 4) return sweep_four(rows, count, nodes);
    double** const earlier =
        free_order;  // by descending coordinate `objectives` − 2, which orders the limited rows as well
    int inserted = 0;
    double sum = 0;
    for (int i = 0; i < count; ++i) {
      double* const row = rows[i];
      const double exclusive = exclusive_volume(row, earlier, inserted, objectives - 1, free_rows, free_order + count);
      if (exclusive == 0) continue;  // the earlier rows hide this one from everything later, too
      sum += row[objectives - 1] * exclusive;
      int at = inserted++;
      for (; at > 0 && earlier[at - 1][objectives - 2] < row[objectives - 2]; --at) earlier[at] = earlier[at - 1];
      earlier[at] = row;
    }
    return sum;
  }

  /// Volume in the first `objectives` coordinates that `row` dominates and the `earlier` ones do not; exactly 0 when
  /// one of them covers it.
  double exclusive_volume(const double* row, double* const* earlier, int count, int objectives, double* free_rows,
                          double** free_order) const {
    double* const p = free_rows;
    for (int c = 0; c < stride; ++c) p[c] = c < objectives ? row[c] : 0;
    double* next_row = p + stride;
    MaximalSet limited{{blocks, objectives - 1}, free_order, 0};
    int level = 0;
    while (level < count && earlier[level][objectives - 1] >= p[objectives - 1]) ++level;
    // Rows that are low in the last coordinate tend to be high in the others: taken first, they cover most of the rest.
    for (int j = level - 1; j >= 0; --j) {
      limit(earlier[j], p, next_row, stride);
      if (!limited.add_level(next_row)) continue;
      if (limited.count == 1 && covers(next_row, p, objectives - 1)) return 0;
      next_row += stride;
    }
    for (int j = level; j < count; ++j) {
      limit(earlier[j], p, next_row, stride);
      if (limited.add_lower(next_row)) next_row += stride;
    }
    const double rest =
        product(p, objectives) - volume(free_order, limited.count, objectives, next_row, free_order + limited.count);
    return rest > 0 ? rest : 0;
  }
};

}  // namespace

double hypervolume_of_extents(const double* extents, int count, int objectives, const HypervolumeWorkspace& workspace) {
  const int stride = workspace.stride;
  for (int i = 0; i < count; ++i) {
    double* const row = workspace.rows + static_cast<long>(i) * stride;
    for (int c = 0; c < stride; ++c) row[c] = extents[static_cast<long>(i) * stride + c];
    workspace.order[i] = row;
  }
  const Recursion recursion{workspace.nodes, workspace.blocks, stride};
  return recursion.volume(workspace.order, count, objectives, workspace.rows + static_cast<long>(count) * stride,
                          workspace.order + count);
}

}  // namespace hyperego::HYPEREGO_ISA
