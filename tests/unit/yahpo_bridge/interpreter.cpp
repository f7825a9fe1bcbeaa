#include <hyperego/core/error.hpp>

#include <doctest/doctest.h>

#include "small_graph.hpp"

using hyperego::InvalidInput;
using hyperego::OnnxInterpreter;
using hyperego::OnnxTensor;
using hyperego::test::SmallGraph;

using Floats = std::vector<float>;
using std::int64_t;

TEST_CASE("an unknown operator is named together with its node and its file") {
  SmallGraph graph = SmallGraph().input<float>("x", {1}).node("Frobnicate", {"x"}, {}, "broken");
  CHECK_THROWS_WITH_AS((void)graph.finish<float>(), doctest::Contains("Frobnicate"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)graph.finish<float>(), doctest::Contains("broken"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)graph.finish<float>(), doctest::Contains("small.onnx"), InvalidInput);
}

TEST_CASE("attributes without a meaning are refused") {
  SmallGraph graph = SmallGraph().input<float>("x", {1}).node("Relu", {"x"}, {{"slope", 0.1F}});
  CHECK_THROWS_WITH_AS((void)graph.finish<float>(), doctest::Contains("slope"), InvalidInput);
}

TEST_CASE("malformed graphs") {
  SmallGraph undefined = SmallGraph().input<float>("x", {1}).node("Relu", {"z"});
  CHECK_THROWS_WITH_AS((void)undefined.finish<float>(), doctest::Contains("z"), InvalidInput);
  SmallGraph twice = SmallGraph().input<float>("x", {1}).node("Relu", {"x"}).node("Relu", {"x"});
  CHECK_THROWS_AS((void)twice.finish<float>(), InvalidInput);
  SmallGraph type = SmallGraph().input<float>("x", {1}).node("Relu", {"x"});
  CHECK_THROWS_AS((void)type.finish<double>(), InvalidInput);
  SmallGraph constant = SmallGraph().constant<float>("c", {1}, {1}).node("Relu", {"c"});
  CHECK_THROWS_WITH_AS((void)constant.finish<float>(), doctest::Contains("depend"), InvalidInput);
  SmallGraph short_data = SmallGraph().input<float>("x", {1}).constant<float>("c", {2}, {1}).node("Add", {"x", "c"});
  CHECK_THROWS_AS((void)short_data.finish<float>(), InvalidInput);
  SmallGraph huge = SmallGraph()
                        .input<float>("x", {1 << 20, 1})
                        .constant<float>("c", {1, 1024}, Floats(1024))
                        .node("Add", {"x", "c"});
  CHECK_THROWS_WITH_AS((void)huge.finish<float>(), doctest::Contains("more than 64 MiB"), InvalidInput);
  SmallGraph missing = SmallGraph().input<float>("x", {1}).node("Add", {"x"});
  CHECK_THROWS_AS((void)missing.finish<float>(), InvalidInput);
}

TEST_CASE("constant nodes in all their forms") {
  SmallGraph graph = SmallGraph().input<float>("x", {2});
  graph.node("Constant", {}, {{"value", OnnxTensor{.shape = {2}, .values = Floats{1, 2}}}}, "a");
  graph.node("Constant", {}, {{"value_float", 3.0F}}, "b").node("Constant", {}, {{"value_floats", Floats{4, 5}}}, "c");
  graph.node("Constant", {}, {{"value_int", int64_t{1}}}, "i")
      .node("Add", {"a", "b"}, {}, "ab")
      .node("Mul", {"ab", "c"}, {}, "abc");
  graph.node("Gather", {"abc", "i"}, {}, "picked").node("Add", {"x", "picked"});
  CHECK(graph.finish<float>().step_count() == 1);  // everything else is known beforehand
  CHECK(graph.run<float>(1, Floats{0, 1}) == Floats{25, 26});
}

TEST_CASE("calls are checked") {
  SmallGraph graph = SmallGraph().input<float>("x", {2}).node("Relu", {"x"});
  const OnnxInterpreter interpreter = graph.finish<float>();
  CHECK(interpreter.inputs().front().width == 2);
  const Floats x(4);
  Floats y(4);
  std::vector<double> wrong(4);
  const OnnxInterpreter::Input in[] = {std::span<const float>(x)};
  const OnnxInterpreter::Output out[] = {std::span<float>(y)};
  const OnnxInterpreter::Output other[] = {std::span<double>(wrong)};
  interpreter.run(2, in, out);
  CHECK_THROWS_AS(interpreter.run(3, in, out), InvalidInput);
  CHECK_THROWS_AS(interpreter.run(2, in, other), InvalidInput);
  CHECK_THROWS_AS(interpreter.run(2, {}, out), InvalidInput);
  const OnnxInterpreter::Input none[] = {std::span<const float>()};
  const OnnxInterpreter::Output nothing[] = {std::span<float>()};
  interpreter.run(0, none, nothing);
}

namespace {

/// y = Relu of inputs of these shapes, added up.
hyperego::OnnxGraph graph_of(const std::vector<std::vector<std::optional<std::int64_t>>>& shapes) {
  hyperego::OnnxGraph graph;
  std::vector<std::string> names;
  for (const auto& shape : shapes) {
    names.push_back("x" + std::to_string(names.size()));
    graph.inputs.push_back({.name = names.back(), .type = hyperego::OnnxType::float32, .shape = shape});
  }
  graph.nodes.push_back({.op = "Max", .inputs = names, .outputs = {"y"}});
  graph.outputs.push_back({.name = "y", .type = hyperego::OnnxType::float32, .shape = {}});
  return graph;
}

}  // namespace

TEST_CASE("the first dimension is the batch: symbolic, or 1 in all inputs") {
  const OnnxInterpreter of_one_row(graph_of({{1, 2}, {1, 2}}));
  CHECK(of_one_row.inputs().front().width == 2);
  const Floats a{1, 2, 3, 4};
  const Floats b{4, 3, 2, 1};
  Floats y(4);
  const OnnxInterpreter::Input in[] = {std::span<const float>(a), std::span<const float>(b)};
  const OnnxInterpreter::Output out[] = {std::span<float>(y)};
  of_one_row.run(2, in, out);
  CHECK(y == Floats{4, 3, 3, 4});
  CHECK_THROWS_WITH_AS(OnnxInterpreter{graph_of({{4, 2}})}, doctest::Contains("symbolic"), InvalidInput);
  CHECK_THROWS_WITH_AS(OnnxInterpreter{graph_of({{}})}, doctest::Contains("symbolic"), InvalidInput);
  CHECK_THROWS_WITH_AS(OnnxInterpreter{graph_of({{std::nullopt, 2}, {1, 2}})}, doctest::Contains("another kind"),
                       InvalidInput);
  CHECK_THROWS_WITH_AS(OnnxInterpreter{graph_of({{1, 2}, {std::nullopt, 2}})}, doctest::Contains("another kind"),
                       InvalidInput);
}

TEST_CASE("buffers are reused only when nobody needs them any more") {
  // x is needed at both ends of a long chain, and so is the first link.
  SmallGraph graph = SmallGraph().input<float>("x", {4}).node("Neg", {"x"}, {}, "v0");
  for (int i = 0; i < 20; ++i) {
    graph.node("Add", {"v" + std::to_string(i), "x"}, {}, "v" + std::to_string(i + 1));
  }
  graph.node("Sub", {"v20", "v0"}, {}, "d").node("Max", {"d", "v0", "x", "v20"}, {}, "m").node("Add", {"m", "v0"});
  // v20 = 19x, d = 20x, and for x ≥ 0 the maximum is d: 20x − x.
  CHECK(graph.run<float>(1, Floats{0, 1, 2, 3}) == Floats{0, 19, 38, 57});
}
