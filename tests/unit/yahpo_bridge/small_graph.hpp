// Tiny graphs in the plain representation, and one call to evaluate them.
#pragma once

#include <hyperego/yahpo_bridge/onnx_interpreter.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyperego::test {

template <typename T>
constexpr OnnxType type_of() {
  if constexpr (std::is_same_v<T, float>) return OnnxType::float32;
  if constexpr (std::is_same_v<T, double>) return OnnxType::float64;
  if constexpr (std::is_same_v<T, std::int32_t>) return OnnxType::int32;
  return OnnxType::int64;
}

/// A graph with inputs [N, …] that is built node by node; its output is the last node's.
class SmallGraph {
 public:
  template <typename T>
  SmallGraph& input(const std::string& name, const std::vector<std::int64_t>& row_shape) {
    OnnxValueInfo info{.name = name, .type = type_of<T>(), .shape = {std::nullopt}};
    for (const std::int64_t dimension : row_shape) info.shape.emplace_back(dimension);
    graph_.inputs.push_back(info);
    return *this;
  }

  template <typename T>
  SmallGraph& constant(const std::string& name, std::vector<std::int64_t> shape, std::vector<T> values) {
    graph_.initializers.emplace_back(name, OnnxTensor{.shape = std::move(shape), .values = std::move(values)});
    return *this;
  }

  SmallGraph& node(const std::string& op, std::vector<std::string> inputs,
                   std::map<std::string, OnnxAttribute> attributes = {}, const std::string& output = "y") {
    graph_.nodes.push_back(
        {.op = op, .inputs = std::move(inputs), .outputs = {output}, .attributes = std::move(attributes)});
    return *this;
  }

  SmallGraph& opset(std::int64_t version) {
    graph_.opset = version;
    return *this;
  }

  /// Evaluates `y`, whose elements are of type T, `width` of them in a row.
  template <typename T, typename... Inputs>
  std::vector<T> run(std::size_t rows, const Inputs&... inputs) {
    const OnnxInterpreter interpreter = finish<T>();
    std::vector<T> y(rows * interpreter.outputs().front().width);
    const OnnxInterpreter::Input in[] = {std::span(inputs)...};
    const OnnxInterpreter::Output out[] = {std::span<T>(y)};
    interpreter.run(rows, in, out);
    return y;
  }

  template <typename T>
  OnnxInterpreter finish() {
    graph_.outputs = {{.name = graph_.nodes.back().outputs.front(), .type = type_of<T>(), .shape = {}}};
    return OnnxInterpreter(graph_, "small.onnx");
  }

 private:
  OnnxGraph graph_;
};

}  // namespace hyperego::test
