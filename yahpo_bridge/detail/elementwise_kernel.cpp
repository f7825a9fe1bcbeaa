#include <hyperego/yahpo_bridge/detail/elementwise_kernel.hpp>

// Only built-ins here: the inline functions of <cmath> are weak symbols and would leak from one instruction set to
// another.
namespace hyperego::elementwise_kernel::HYPEREGO_ISA {
namespace {

struct Add {
  static float of(float a, float b) { return a + b; }
};
struct Subtract {
  static float of(float a, float b) { return a - b; }
};
struct Multiply {
  static float of(float a, float b) { return a * b; }
};
struct Divide {
  static float of(float a, float b) { return a / b; }
};
// Both propagate NaN from either side.
struct Maximum {
  static float of(float a, float b) { return a > b || a != a ? a : b; }
};
struct Minimum {
  static float of(float a, float b) { return a < b || a != a ? a : b; }
};

struct Negate {
  static float of(float x) { return -x; }
};
struct Relu {
  static float of(float x) { return x < 0 ? 0 : x; }
};
struct Sigmoid {
  static float of(float x) { return 1 / (1 + __builtin_expf(-x)); }
};
struct Exp {
  static float of(float x) { return __builtin_expf(x); }
};
struct Log {
  static float of(float x) { return __builtin_logf(x); }
};
struct Tanh {
  static float of(float x) { return __builtin_tanhf(x); }
};
struct Sqrt {
  static float of(float x) { return __builtin_sqrtf(x); }
};
struct Abs {
  static float of(float x) { return __builtin_fabsf(x); }
};
struct Round {
  static float of(float x) { return __builtin_rintf(x); }
};
struct Floor {
  static float of(float x) { return __builtin_floorf(x); }
};
struct Ceil {
  static float of(float x) { return __builtin_ceilf(x); }
};
struct Reciprocal {
  static float of(float x) { return 1 / x; }
};

template <typename F>
void binary_run(std::int64_t n, const float* a, std::int64_t sa, const float* b, std::int64_t sb, float* out) {
  if (sa == 1 && sb == 1) {
    for (std::int64_t j = 0; j < n; ++j) out[j] = F::of(a[j], b[j]);
  } else if (sa == 1 && sb == 0) {
    const float fixed = *b;
    for (std::int64_t j = 0; j < n; ++j) out[j] = F::of(a[j], fixed);
  } else if (sa == 0 && sb == 1) {
    const float fixed = *a;
    for (std::int64_t j = 0; j < n; ++j) out[j] = F::of(fixed, b[j]);
  } else {
    for (std::int64_t j = 0; j < n; ++j) out[j] = F::of(a[j * sa], b[j * sb]);
  }
}

template <typename F>
void binary_rows(std::int64_t rows, std::int64_t width, const float* a, std::int64_t a_row, std::int64_t a_column,
                 const float* b, std::int64_t b_row, std::int64_t b_column, float* out) {
  if (width == 1) return binary_run<F>(rows, a, a_row, b, b_row, out);
  // Rows that follow each other without a gap are one long row.
  if (a_row == width * a_column && b_row == width * b_column) {
    return binary_run<F>(rows * width, a, a_column, b, b_column, out);
  }
  for (std::int64_t r = 0; r < rows; ++r) {
    binary_run<F>(width, a + r * a_row, a_column, b + r * b_row, b_column, out + r * width);
  }
}

template <typename F>
void unary_rows(std::int64_t rows, std::int64_t width, const float* x, std::int64_t x_row, float* out) {
  if (width == 1) {
    for (std::int64_t r = 0; r < rows; ++r) out[r] = F::of(x[r * x_row]);
    return;
  }
  if (x_row == width) {
    width *= rows;
    rows = 1;
  }
  for (std::int64_t r = 0; r < rows; ++r) {
    const float* from = x + r * x_row;
    float* to = out + r * width;
    for (std::int64_t j = 0; j < width; ++j) to[j] = F::of(from[j]);
  }
}

// Largest argument whose quotient by π/2 has few enough bits for the reduction below to be exact.
constexpr float reducible = 8192;

// sin(x + quarter · π/2). Three-part reduction of Cody & Waite with the constants and polynomials of Moshier's Cephes
// library.
inline float sine(float x, int quarter) {
  constexpr float magic = 12582912.0F;  // 1.5 · 2^23: adding it rounds to the nearest whole number
  const float turns = (x * 0.636619772367581343F + magic) - magic;
  float t = x - turns * 1.5703125F;
  t = t - turns * 4.837512969970703125e-4F;
  t = t - turns * 7.549789948768648e-8F;
  const float t2 = t * t;
  const float s = t + t * t2 * (-1.6666654611e-1F + t2 * (8.3321608736e-3F + t2 * -1.9515295891e-4F));
  const float c =
      1 - 0.5F * t2 + t2 * t2 * (4.166664568298827e-2F + t2 * (-1.388731625493765e-3F + t2 * 2.443315711809948e-5F));
  const int q = static_cast<int>(turns) + quarter;
  const float value = (q & 1) != 0 ? c : s;
  return (q & 2) != 0 ? -value : value;
}

void sines(std::int64_t rows, std::int64_t width, const float* x, std::int64_t x_row, float* out, int quarter) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const float* from = x + r * x_row;
    float* to = out + r * width;
    int far = 0;
    for (std::int64_t j = 0; j < width; ++j) {
      const bool near = __builtin_fabsf(from[j]) < reducible;
      far |= near ? 0 : 1;
      to[j] = sine(near ? from[j] : 0.0F, quarter);
    }
    if (far == 0) continue;
    for (std::int64_t j = 0; j < width; ++j) {
      if (__builtin_fabsf(from[j]) < reducible) continue;
      to[j] = quarter == 0 ? __builtin_sinf(from[j]) : __builtin_cosf(from[j]);
    }
  }
}

}  // namespace

void binary(Binary op, std::int64_t rows, std::int64_t width, const float* a, std::int64_t a_row, std::int64_t a_column,
            const float* b, std::int64_t b_row, std::int64_t b_column, float* out) {
  switch (op) {
    case Binary::add:
      return binary_rows<Add>(rows, width, a, a_row, a_column, b, b_row, b_column, out);
    case Binary::subtract:
      return binary_rows<Subtract>(rows, width, a, a_row, a_column, b, b_row, b_column, out);
    case Binary::multiply:
      return binary_rows<Multiply>(rows, width, a, a_row, a_column, b, b_row, b_column, out);
    case Binary::divide:
      return binary_rows<Divide>(rows, width, a, a_row, a_column, b, b_row, b_column, out);
    case Binary::maximum:
      return binary_rows<Maximum>(rows, width, a, a_row, a_column, b, b_row, b_column, out);
    case Binary::minimum:
      return binary_rows<Minimum>(rows, width, a, a_row, a_column, b, b_row, b_column, out);
  }
}

void unary(Unary op, std::int64_t rows, std::int64_t width, const float* x, std::int64_t x_row, float* out) {
  switch (op) {
    case Unary::negate:
      return unary_rows<Negate>(rows, width, x, x_row, out);
    case Unary::relu:
      return unary_rows<Relu>(rows, width, x, x_row, out);
    case Unary::sigmoid:
      return unary_rows<Sigmoid>(rows, width, x, x_row, out);
    case Unary::exp:
      return unary_rows<Exp>(rows, width, x, x_row, out);
    case Unary::log:
      return unary_rows<Log>(rows, width, x, x_row, out);
    case Unary::sin:
      return sines(rows, width, x, x_row, out, 0);
    case Unary::cos:
      return sines(rows, width, x, x_row, out, 1);
    case Unary::tanh:
      return unary_rows<Tanh>(rows, width, x, x_row, out);
    case Unary::sqrt:
      return unary_rows<Sqrt>(rows, width, x, x_row, out);
    case Unary::abs:
      return unary_rows<Abs>(rows, width, x, x_row, out);
    case Unary::round:
      return unary_rows<Round>(rows, width, x, x_row, out);
    case Unary::floor:
      return unary_rows<Floor>(rows, width, x, x_row, out);
    case Unary::ceil:
      return unary_rows<Ceil>(rows, width, x, x_row, out);
    case Unary::reciprocal:
      return unary_rows<Reciprocal>(rows, width, x, x_row, out);
  }
}

void scale_shift(std::int64_t rows, std::int64_t width, const float* x, std::int64_t x_row, const float* scale,
                 const float* shift, float* out) {
  for (std::int64_t r = 0; r < rows; ++r) {
    const float* from = x + r * x_row;
    float* to = out + r * width;
    for (std::int64_t j = 0; j < width; ++j) to[j] = from[j] * scale[j] + shift[j];
  }
}

}  // namespace hyperego::elementwise_kernel::HYPEREGO_ISA
