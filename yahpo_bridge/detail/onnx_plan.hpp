#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace hyperego::detail {

/// Rows that are evaluated together: a multiple of every kernel's tile, small enough for the activations to stay in the
/// second-level cache.
inline constexpr std::size_t onnx_block_rows = 96;

/// What a step sees of one call: a block of rows of the batch and the memory that belongs to this block alone.
struct OnnxFrame {
  std::int64_t rows = 0;
  std::byte* arena = nullptr;
  const std::size_t* buffer_bytes_per_row = nullptr;  ///< begin of each buffer within the arena, divided by `rows`
  const std::byte* const* inputs = nullptr;           ///< first row of the block, for each graph input
};

/// Where a value lies: for every row of the batch a dense row-major block, `row_stride` elements after the previous
/// row's. A row stride of 0 says that all rows share one block.
struct OnnxOperand {
  enum class Home : std::uint8_t { constant, input, buffer } home = Home::constant;
  std::size_t slot = 0;           ///< number of the input or buffer
  std::byte* constant = nullptr;  ///< written only while the plan is made
  std::size_t offset = 0;         ///< bytes from there to the first element
  std::int64_t row_stride = 0;

  template <typename T>
  [[nodiscard]] const T* read(const OnnxFrame& frame) const {
    return reinterpret_cast<const T*>(home == Home::input ? frame.inputs[slot] + offset : begin(frame));
  }
  template <typename T>
  [[nodiscard]] T* write(const OnnxFrame& frame) const {
    return reinterpret_cast<T*>(begin(frame));
  }

 private:
  [[nodiscard]] std::byte* begin(const OnnxFrame& frame) const {
    if (home == Home::constant) return constant + offset;
    return frame.arena + frame.buffer_bytes_per_row[slot] * static_cast<std::size_t>(frame.rows) + offset;
  }
};

/// One planned operation. Immutable once made, so that many threads may run it.
class OnnxStep {
 public:
  OnnxStep() = default;
  OnnxStep(const OnnxStep&) = delete;
  OnnxStep& operator=(const OnnxStep&) = delete;
  virtual ~OnnxStep() = default;
  virtual void run(const OnnxFrame& frame) const = 0;
};

/// Memory on a cache line, for weights that wide loads stream through.
struct AlignedDelete {
  void operator()(std::byte* memory) const { ::operator delete[](memory, std::align_val_t{64}); }
};
using AlignedBytes = std::unique_ptr<std::byte[], AlignedDelete>;
inline AlignedBytes allocate_aligned(std::size_t bytes) {
  return AlignedBytes(new (std::align_val_t{64}) std::byte[bytes]);
}

}  // namespace hyperego::detail
