#pragma once

#include <hyperego/core/instruction_set.hpp>

#include <cstdint>

namespace hyperego::elementwise_kernel {

enum class Binary : int { add, subtract, multiply, divide, maximum, minimum };
enum class Unary : int { negate, relu, sigmoid, exp, log, sin, cos, tanh, sqrt, abs, round, floor, ceil, reciprocal };

// Single precision; strides count floats and may be 0. Outputs are dense, `width` floats a row, and overlap no input.

/// out[r, j] = f(a[r·a_row + j·a_column], b[r·b_row + j·b_column]).
HYPEREGO_KERNEL(void binary(Binary op, std::int64_t rows, std::int64_t width, const float* a, std::int64_t a_row,
                            std::int64_t a_column, const float* b, std::int64_t b_row, std::int64_t b_column,
                            float* out))

/// out[r, j] = f(x[r·x_row + j]). Round is half to even. Sine and cosine are within 1e-7 (absolute) of the exact
/// values.
HYPEREGO_KERNEL(void unary(Unary op, std::int64_t rows, std::int64_t width, const float* x, std::int64_t x_row,
                           float* out))

/// out[r, j] = x[r·x_row + j] · scale[j] + shift[j].
HYPEREGO_KERNEL(void scale_shift(std::int64_t rows, std::int64_t width, const float* x, std::int64_t x_row,
                                 const float* scale, const float* shift, float* out))

}  // namespace hyperego::elementwise_kernel
