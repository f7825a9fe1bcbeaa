// Models that ask for more than they hold: refused before the memory or the time is spent.
#include <hyperego/core/error.hpp>
#include <hyperego/yahpo_bridge/onnx_interpreter.hpp>

#include <doctest/doctest.h>

#include <string>

using hyperego::InvalidInput;
using hyperego::OnnxGraph;
using hyperego::OnnxInterpreter;
using hyperego::OnnxTensor;
using hyperego::OnnxType;

namespace {

OnnxGraph one_column() {
  return {.inputs = {{"x", OnnxType::float32, {std::nullopt, 1}}}, .outputs = {{"y", OnnxType::float32, {}}}};
}

OnnxTensor integers(std::vector<std::int64_t> values) {
  return {.shape = {static_cast<std::int64_t>(values.size())}, .values = std::move(values)};
}

/// Joins a value with itself `times` times.
void double_it(OnnxGraph& graph, std::string name, int times, std::int64_t axis) {
  for (int i = 0; i < times; ++i) {
    const std::string next = "c" + std::to_string(i);
    graph.nodes.push_back({.op = "Concat", .inputs = {name, name}, .outputs = {next}, .attributes = {{"axis", axis}}});
    name = next;
  }
}

}  // namespace

TEST_CASE("a small model cannot ask for much memory") {
  OnnxGraph constants = one_column();
  constants.initializers = {{"c", {.shape = {1}, .values = std::vector<float>{1}}}};
  double_it(constants, "c", 60, 0);
  constants.nodes.push_back({.op = "Add", .inputs = {"x", "c59"}, .outputs = {"y"}});
  CHECK_THROWS_WITH_AS(OnnxInterpreter(constants, "m"), doctest::Contains("64 MiB"), InvalidInput);

  OnnxGraph rows = one_column();
  double_it(rows, "x", 60, 1);
  rows.outputs[0].name = "c59";
  CHECK_THROWS_WITH_AS(OnnxInterpreter(rows, "m"), doctest::Contains("64 MiB"), InvalidInput);

  OnnxGraph wide = one_column();
  wide.inputs[0].shape = {std::nullopt, std::int64_t{1} << 27};
  wide.nodes = {{.op = "Relu", .inputs = {"x"}, .outputs = {"y"}}};
  CHECK_THROWS_WITH_AS(OnnxInterpreter(wide, "m"), doctest::Contains("input x"), InvalidInput);
}

TEST_CASE("a small model cannot ask for much time") {
  OnnxGraph graph = one_column();
  graph.initializers = {{"row", {.shape = {1, 1}, .values = std::vector<float>{1}}}};
  double_it(graph, "x", 12, 1);  // 4096 columns
  std::string last = "row";
  for (int i = 0; i < 12; ++i) {
    for (const std::int64_t axis : {0, 1}) {
      const std::string next = last + (axis == 0 ? "r" : "c");
      graph.nodes.push_back(
          {.op = "Concat", .inputs = {last, last}, .outputs = {next}, .attributes = {{"axis", axis}}});
      last = next;
    }
  }
  // 64 products with a matrix of 4096 × 4096 would be 2^30 multiplications a row.
  std::string y = "c11";
  for (int i = 0; i < 65; ++i) {
    const std::string next = "y" + std::to_string(i);
    graph.nodes.push_back({.op = "MatMul", .inputs = {y, last}, .outputs = {next}});
    y = next;
  }
  graph.outputs[0].name = y;
  CHECK_THROWS_AS(OnnxInterpreter(graph, "m"), InvalidInput);
}

TEST_CASE("shapes whose products overflow") {
  constexpr std::int64_t huge = std::int64_t{1} << 40;
  CHECK_FALSE(hyperego::is_possible_shape({huge, huge}));
  CHECK_FALSE(hyperego::is_possible_shape({0, huge, huge}));
  CHECK_FALSE(hyperego::is_possible_shape({huge, huge, 0}));
  CHECK(hyperego::is_possible_shape({0, 5}));
  for (const auto& shape : {std::vector<std::int64_t>{-1, huge, huge}, {-1, 1, huge, huge, 1}, {0, huge, -1, huge}}) {
    OnnxGraph graph = one_column();
    graph.initializers = {{"shape", integers(shape)}};
    graph.nodes = {{.op = "Reshape", .inputs = {"x", "shape"}, .outputs = {"y"}}};
    CHECK_THROWS_WITH_AS(OnnxInterpreter(graph, "m"), doctest::Contains("impossible shape"), InvalidInput);
  }
}
