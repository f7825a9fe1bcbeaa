// ONNX files: what is accepted can be run, and a row's result does not depend on the rows beside it.
#include <hyperego/yahpo_bridge/onnx_interpreter.hpp>
#include <hyperego/yahpo_bridge/onnx_reader.hpp>

#include "result_or_error.hpp"
#include <algorithm>
#include <cstring>
#include <vector>

using namespace hyperego;

namespace {

constexpr std::size_t rows = 3;
constexpr std::size_t widest = 1 << 12;  // elements per row of an input or output; wider ones are accepted, but not run

/// Memory for one port, `rows` rows.
struct Column {
  std::vector<float> float32;
  std::vector<double> float64;
  std::vector<std::int32_t> int32;
  std::vector<std::int64_t> int64;

  explicit Column(std::size_t length) : float32(length), float64(length), int32(length), int64(length) {
    for (std::size_t i = 0; i < length; ++i) {
      float32[i] = static_cast<float>(i % 5) / 2 - 1;
      float64[i] = float32[i];
      int32[i] = static_cast<std::int32_t>(i % 3);
      int64[i] = int32[i];
    }
  }

  template <typename Buffer>
  Buffer of(OnnxType type, std::size_t length) {
    switch (type) {
      case OnnxType::float32:
        return std::span(float32).first(length);
      case OnnxType::float64:
        return std::span(float64).first(length);
      case OnnxType::int32:
        return std::span(int32).first(length);
      case OnnxType::int64:
        break;
    }
    return std::span(int64).first(length);
  }
};

std::vector<Column> columns_for(const std::vector<OnnxInterpreter::Port>& ports) {
  std::vector<Column> columns;
  for (const auto& port : ports) columns.emplace_back(rows * port.width);
  return columns;
}

template <typename Buffer>
std::vector<Buffer> first_rows(std::vector<Column>& columns, const std::vector<OnnxInterpreter::Port>& ports,
                               std::size_t count) {
  std::vector<Buffer> buffers;
  for (std::size_t i = 0; i < ports.size(); ++i)
    buffers.push_back(columns[i].of<Buffer>(ports[i].type, count * ports[i].width));
  return buffers;
}

void run(const OnnxInterpreter& model) {
  const auto is_wide = [](const OnnxInterpreter::Port& port) { return port.width > widest; };
  if (std::any_of(model.inputs().begin(), model.inputs().end(), is_wide) ||
      std::any_of(model.outputs().begin(), model.outputs().end(), is_wide)) {
    return;
  }
  auto inputs = columns_for(model.inputs());
  auto together = columns_for(model.outputs());
  auto alone = columns_for(model.outputs());
  model.run(rows, first_rows<OnnxInterpreter::Input>(inputs, model.inputs(), rows),
            first_rows<OnnxInterpreter::Output>(together, model.outputs(), rows));
  model.run(1, first_rows<OnnxInterpreter::Input>(inputs, model.inputs(), 1),
            first_rows<OnnxInterpreter::Output>(alone, model.outputs(), 1));
  for (std::size_t i = 0; i < model.outputs().size(); ++i) {
    const auto& port = model.outputs()[i];
    if (port.width == 0) continue;
    const auto address = [](auto span) { return static_cast<const void*>(span.data()); };
    const auto a = std::visit(address, together[i].of<OnnxInterpreter::Output>(port.type, port.width));
    const auto b = std::visit(address, alone[i].of<OnnxInterpreter::Output>(port.type, port.width));
    fuzz::require(std::memcmp(a, b, port.width * size_of(port.type)) == 0,
                  "a row alone gives what it gives in a batch");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz::result_or_error(
      [&] { run(OnnxInterpreter(parse_onnx(fuzz::text_of(data, size), "model.onnx"), "model.onnx")); });
}
