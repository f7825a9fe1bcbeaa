#include <hyperego/yahpo_bridge/detail/dense_kernel.hpp>

// Register-blocked product after Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (ACM TOMS
// 34(3), 2008): a tile of outputs stays in registers while one panel of weights, which fits the first-level cache,
// streams past. Activations are few enough to be broadcast from where they lie.
namespace hyperego::dense_kernel::HYPEREGO_ISA {
namespace {

#if defined(__AVX512F__)
constexpr int vector_bytes = 64;
constexpr int tile_rows = 12;  // 24 accumulators, 2 weights: 26 of 32 registers, activations are memory operands
#elif defined(__AVX__)
constexpr int vector_bytes = 32;
constexpr int tile_rows = 6;  // 12 accumulators, 2 weights, 1 activation: 15 of 16 registers
#else
constexpr int vector_bytes = 16;
constexpr int tile_rows = 4;
#endif

constexpr int lanes = vector_bytes / 4;
constexpr int tile_vectors = 2;
constexpr int vectors_per_panel = panel_width / lanes;
// Enough independent chains for one row to hide the latency of a multiply-add (4 cycles, 2 a cycle).
constexpr int row_vectors = 8;
constexpr int row_panels = row_vectors / vectors_per_panel;

typedef float Vector __attribute__((vector_size(vector_bytes)));
typedef float Unaligned __attribute__((vector_size(vector_bytes), aligned(4), may_alias));

inline Vector load(const float* p) { return *reinterpret_cast<const Unaligned*>(p); }

inline void store(float* p, Vector v, std::int64_t columns) {
  if (columns >= lanes) {
    *reinterpret_cast<Unaligned*>(p) = v;
  } else {
    for (std::int64_t j = 0; j < columns; ++j) p[j] = v[j];
  }
}

// Rows × (tile_vectors · lanes) outputs beginning at `weights`, which points into a panel.
template <int Rows>
inline void tile(std::int64_t inputs, const float* x, std::int64_t x_stride, const float* weights, const float* bias,
                 float* y, std::int64_t y_stride, std::int64_t columns) {
  Vector sum[Rows][tile_vectors];
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (int v = 0; v < tile_vectors; ++v) sum[r][v] = load(bias + v * lanes);
  }
  for (std::int64_t k = 0; k < inputs; ++k) {
    Vector w[tile_vectors];
#pragma GCC unroll 4
    for (int v = 0; v < tile_vectors; ++v) w[v] = load(weights + k * panel_width + v * lanes);
#pragma GCC unroll 16
    for (int r = 0; r < Rows; ++r) {
      const float a = x[r * x_stride + k];
#pragma GCC unroll 4
      for (int v = 0; v < tile_vectors; ++v) sum[r][v] += a * w[v];
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 4
    for (int v = 0; v < tile_vectors; ++v) store(y + r * y_stride + v * lanes, sum[r][v], columns - v * lanes);
  }
}

// One row against Panels adjacent panels, `panel_size` floats apart.
template <int Panels>
inline void row(std::int64_t inputs, const float* x, const float* weights, std::int64_t panel_size, const float* bias,
                float* y, std::int64_t columns) {
  constexpr int count = Panels * vectors_per_panel;
  Vector sum[count];
#pragma GCC unroll 8
  for (int v = 0; v < count; ++v) sum[v] = load(bias + v * lanes);
  for (std::int64_t k = 0; k < inputs; ++k) {
    const float a = x[k];
#pragma GCC unroll 8
    for (int v = 0; v < count; ++v) {
      sum[v] +=
          a * load(weights + (v / vectors_per_panel) * panel_size + k * panel_width + (v % vectors_per_panel) * lanes);
    }
  }
#pragma GCC unroll 8
  for (int v = 0; v < count; ++v) store(y + v * lanes, sum[v], columns - v * lanes);
}

void one_row(std::int64_t inputs, std::int64_t outputs, const float* x, const float* packed, const float* bias,
             float* y) {
  const std::int64_t panel_size = inputs * panel_width;
  std::int64_t j = 0;
  for (; j + (row_panels - 1) * panel_width < outputs; j += row_panels * panel_width) {
    row<row_panels>(inputs, x, packed + j * inputs, panel_size, bias + j, y + j, outputs - j);
  }
  for (; j < outputs; j += panel_width)
    row<1>(inputs, x, packed + j * inputs, panel_size, bias + j, y + j, outputs - j);
}

template <int Rows>
inline std::int64_t tiles(std::int64_t r, std::int64_t rows, std::int64_t inputs, const float* x, std::int64_t x_stride,
                          const float* weights, const float* bias, float* y, std::int64_t y_stride,
                          std::int64_t columns) {
  for (; r + Rows <= rows; r += Rows) {
    tile<Rows>(inputs, x + r * x_stride, x_stride, weights, bias, y + r * y_stride, y_stride, columns);
  }
  return r;
}

}  // namespace

void dense(std::int64_t rows, std::int64_t inputs, std::int64_t outputs, const float* x, std::int64_t x_stride,
           const float* packed, const float* bias, float* y, std::int64_t y_stride) {
  if (rows == 1) {
    one_row(inputs, outputs, x, packed, bias, y);
    return;
  }
  constexpr std::int64_t tile_columns = tile_vectors * lanes;
  for (std::int64_t j = 0; j < outputs; j += tile_columns) {
    const std::int64_t panel = j / panel_width;
    const float* weights = packed + panel * inputs * panel_width + j % panel_width;
    std::int64_t r = tiles<tile_rows>(0, rows, inputs, x, x_stride, weights, bias + j, y + j, y_stride, outputs - j);
    r = tiles<tile_rows / 2>(r, rows, inputs, x, x_stride, weights, bias + j, y + j, y_stride, outputs - j);
    tiles<1>(r, rows, inputs, x, x_stride, weights, bias + j, y + j, y_stride, outputs - j);
  }
}

}  // namespace hyperego::dense_kernel::HYPEREGO_ISA
