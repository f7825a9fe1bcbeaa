#include <hyperego/moo/detail/hypervolume_kernel.hpp>

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

/// a ≥ b in every coordinate.
bool covers(const double* a, const double* b, int stride) {
#if defined(__AVX512F__)
  for (int c = 0; c < stride; c += 8) {
    if (_mm512_cmp_pd_mask(_mm512_loadu_pd(a + c), _mm512_loadu_pd(b + c), _CMP_LT_OQ) != 0) return false;
  }
  return true;
#elif defined(__AVX__)
  for (int c = 0; c < stride; c += 8) {
    const __m256d low = _mm256_cmp_pd(_mm256_loadu_pd(a + c), _mm256_loadu_pd(b + c), _CMP_LT_OQ);
    const __m256d high = _mm256_cmp_pd(_mm256_loadu_pd(a + c + 4), _mm256_loadu_pd(b + c + 4), _CMP_LT_OQ);
    if (_mm256_movemask_pd(_mm256_or_pd(low, high)) != 0) return false;
  }
  return true;
#else
  for (int c = 0; c < stride; ++c) {
    if (a[c] < b[c]) return false;
  }
  return true;
#endif
}

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
    double sum = 0;
    for (int i = 0; i < count; ++i) {
      sum += rows[i][objectives - 1] * exclusive(rows, i, objectives - 1, free_rows, free_order);
    }
    return sum;
  }

  /// Volume in the first `objectives` coordinates that row i dominates and the rows before it do not.
  double exclusive(double** rows, int i, int objectives, double* free_rows, double** free_order) const {
    double* const p = free_rows;
    for (int c = 0; c < stride; ++c) p[c] = c < objectives ? rows[i][c] : 0;
    double* next_row = p + stride;
    int kept = 0;
    for (int j = 0; j < i; ++j) {
      limit(rows[j], p, next_row, stride);
      bool dominated = false;
      int k = 0;
      for (; k < kept; ++k) {
        if (covers(free_order[k], next_row, stride)) {
          dominated = true;
          break;
        }
      }
      if (dominated) {
        // What dominates once tends to dominate again: look at it earlier next time.
        double* const winner = free_order[k];
        free_order[k] = free_order[k / 2];
        free_order[k / 2] = winner;
        continue;
      }
      int survivors = 0;
      for (k = 0; k < kept; ++k) {
        if (!covers(next_row, free_order[k], stride)) free_order[survivors++] = free_order[k];
      }
      free_order[survivors] = next_row;
      kept = survivors + 1;
      next_row += stride;
    }
    if (kept == 1 && covers(free_order[0], p, stride)) return 0;
    return product(p, objectives) - volume(free_order, kept, objectives, next_row, free_order + kept);
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
  const Recursion recursion{workspace.nodes, stride};
  return recursion.volume(workspace.order, count, objectives, workspace.rows + static_cast<long>(count) * stride,
                          workspace.order + count);
}

}  // namespace hyperego::HYPEREGO_ISA
