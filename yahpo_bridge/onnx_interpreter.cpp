#include <hyperego/core/error.hpp>
#include <hyperego/yahpo_bridge/detail/onnx_planner.hpp>
#include <hyperego/yahpo_bridge/onnx_interpreter.hpp>

#include <cstring>

namespace hyperego {
namespace {

using detail::onnx_block_rows;

/// Scratch memory of the calling thread, grown on demand and kept for the next call.
std::byte* scratch(std::size_t bytes) {
  struct Arena {
    detail::AlignedBytes memory;
    std::size_t size = 0;
  };
  thread_local Arena arena;
  if (arena.size < bytes) {
    arena.memory = detail::allocate_aligned(bytes);
    arena.size = bytes;
  }
  return arena.memory.get();
}

void copy_rows(const std::byte* from, std::size_t stride, std::size_t rows, std::size_t row_bytes, std::byte* to) {
  if (row_bytes == 0) return;  // an empty span may have no address at all
  if (stride == row_bytes) {
    std::memcpy(to, from, rows * row_bytes);
    return;
  }
  for (std::size_t r = 0; r < rows; ++r) std::memcpy(to + r * row_bytes, from + r * stride, row_bytes);
}

template <typename Buffer>
void check(const Buffer& buffer, const OnnxInterpreter::Port& port, std::size_t rows, const std::string& source) {
  const std::size_t length = std::visit([](const auto& span) { return span.size(); }, buffer);
  if (static_cast<OnnxType>(buffer.index()) != port.type || length != rows * port.width) {
    throw InvalidInput(source, port.name + " takes " + std::to_string(rows) + " × " + std::to_string(port.width) +
                                   " elements of " + std::string(to_string(port.type)) + ", not " +
                                   std::to_string(length) + " of " +
                                   std::string(to_string(static_cast<OnnxType>(buffer.index()))));
  }
}

}  // namespace

OnnxInterpreter::OnnxInterpreter(const OnnxGraph& graph, std::string source)
    : plan_(std::make_shared<const detail::OnnxPlan>(detail::plan_onnx(graph, source))), source_(std::move(source)) {
  const auto ports = [](const std::vector<detail::OnnxPlan::Port>& planned) {
    std::vector<Port> result;
    for (const auto& port : planned) {
      result.push_back({.name = port.name, .type = port.type, .width = static_cast<std::size_t>(port.width)});
    }
    return result;
  };
  inputs_ = ports(plan_->inputs);
  outputs_ = ports(plan_->outputs);
}

std::size_t OnnxInterpreter::step_count() const { return plan_->steps.size(); }

void OnnxInterpreter::run(std::size_t rows, std::span<const Input> inputs, std::span<const Output> outputs) const {
  if (inputs.size() != inputs_.size() || outputs.size() != outputs_.size()) {
    throw InvalidInput(source_, "takes " + std::to_string(inputs_.size()) + " inputs and " +
                                    std::to_string(outputs_.size()) + " outputs");
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) check(inputs[i], inputs_[i], rows, source_);
  for (std::size_t i = 0; i < outputs.size(); ++i) check(outputs[i], outputs_[i], rows, source_);

  std::vector<const std::byte*> begins(inputs.size());
  std::byte* arena = scratch(plan_->arena_bytes_per_row * std::min(rows, onnx_block_rows));
  for (std::size_t row = 0; row < rows; row += onnx_block_rows) {
    const std::size_t count = std::min(onnx_block_rows, rows - row);
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      const void* data = std::visit([](const auto& span) -> const void* { return span.data(); }, inputs[i]);
      begins[i] = static_cast<const std::byte*>(data) + row * inputs_[i].width * size_of(inputs_[i].type);
    }
    const detail::OnnxFrame frame{.rows = static_cast<std::int64_t>(count),
                                  .arena = arena,
                                  .buffer_bytes_per_row = plan_->buffer_bytes_per_row.data(),
                                  .inputs = begins.data()};
    for (const auto& step : plan_->steps) step->run(frame);
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const detail::OnnxPlan::Port& port = plan_->outputs[i];
      const std::size_t size = size_of(port.type);
      void* data = std::visit([](const auto& span) -> void* { return span.data(); }, outputs[i]);
      copy_rows(port.operand.read<std::byte>(frame), static_cast<std::size_t>(port.operand.row_stride) * size, count,
                outputs_[i].width * size, static_cast<std::byte*>(data) + row * outputs_[i].width * size);
    }
  }
}

std::vector<std::string_view> OnnxInterpreter::operators() {
  std::vector<std::string_view> names;
  for (const auto& [name, implementation] : detail::onnx_operators()) names.push_back(name);
  return names;
}

}  // namespace hyperego
