#pragma once

#include <hyperego/core/instruction_set.hpp>

#include <cstdint>

namespace hyperego::dense_kernel {

/// Columns of one panel of packed weights: panel p holds W[0, 32p … 32p+31], W[1, 32p … 32p+31], … without gaps.
inline constexpr int panel_width = 32;

/// y[r, :] = bias + x[r, :] W for W of shape inputs × outputs in single precision.
///
/// `packed` and `bias` are padded with zeros to a multiple of panel_width columns; `packed` is aligned to 64 bytes.
/// Strides count floats. Every y[r, j] is one chain of multiply-adds in the order of the inputs, whatever `rows` is: a
/// row's result does not depend on its company. 2 · rows · inputs · outputs operations.
HYPEREGO_KERNEL(void dense(std::int64_t rows, std::int64_t inputs, std::int64_t outputs, const float* x,
                           std::int64_t x_stride, const float* packed, const float* bias, float* y,
                           std::int64_t y_stride))

}  // namespace hyperego::dense_kernel
