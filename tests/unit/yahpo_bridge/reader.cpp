#include <hyperego/core/error.hpp>
#include <hyperego/yahpo_bridge/onnx_interpreter.hpp>
#include <hyperego/yahpo_bridge/onnx_reader.hpp>

#include <doctest/doctest.h>

#include "protobuf_bytes.hpp"
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using hyperego::InvalidInput;
using hyperego::OnnxGraph;
using hyperego::OnnxInterpreter;
using hyperego::parse_onnx;
using hyperego::read_onnx;
using namespace hyperego::test;

namespace {

const std::filesystem::path data = HYPEREGO_TEST_DATA;
const std::filesystem::path tiny = data / "data/iaml_glmnet/model.onnx";

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// y of the tiny model for one row.
std::vector<float> evaluate(const OnnxGraph& graph, std::int32_t code, const std::vector<float>& x) {
  const OnnxInterpreter model(graph, "tiny");
  std::vector<float> y(12);
  const std::vector<std::int32_t> codes{code};
  const OnnxInterpreter::Input inputs[] = {std::span<const std::int32_t>(codes), std::span<const float>(x)};
  const OnnxInterpreter::Output outputs[] = {std::span<float>(y)};
  model.run(1, inputs, outputs);
  return y;
}

// ModelProto, GraphProto and so on, by the numbers of onnx.proto3.
std::string model_of(const std::string& graph) { return block(7, graph) + block(8, number(2, 13)); }
std::string tensor_of(std::int64_t type, std::int64_t size, const std::string& elements) {
  return number(1, size) + number(2, type) + block(8, "t") + elements;
}
std::string initializer(const std::string& tensor) { return model_of(block(5, tensor)); }
std::string port(const std::string& name, const std::string& dimensions) {
  return block(1, name) + block(2, block(1, number(1, 1) + block(2, dimensions)));
}

template <typename T>
std::vector<T> only_tensor(const std::string& bytes) {
  const OnnxGraph graph = parse_onnx(bytes, "one.onnx");
  REQUIRE(graph.initializers.size() == 1);
  CHECK(graph.initializers[0].first == "t");
  return std::get<std::vector<T>>(graph.initializers[0].second.values);
}

}  // namespace

TEST_CASE("a model file is read as it is") {
  const OnnxGraph graph = read_onnx(tiny);
  CHECK(graph.opset == 13);
  CHECK(graph.nodes.size() == 14);
  CHECK(graph.nodes[1].op == "Gather");
  CHECK(graph.nodes[1].name == "Gather_of_code");
  CHECK(std::get<std::int64_t>(graph.nodes[1].attributes.at("axis")) == 1);
  REQUIRE(graph.inputs.size() == 2);
  CHECK(graph.inputs[0].name == "x_cat");
  CHECK(graph.inputs[0].type == hyperego::OnnxType::int32);
  CHECK_FALSE(graph.inputs[0].shape[0].has_value());
  CHECK(graph.inputs[1].shape[1] == 3);
  CHECK(graph.initializers.size() == 3);
  CHECK(graph.initializers[0].second.shape == std::vector<std::int64_t>{5, 2});
  CHECK(std::get<std::vector<float>>(graph.initializers[0].second.values)[9] == 2);
}

TEST_CASE("the tiny model gives what its formulas give by hand") {
  const OnnxGraph graph = read_onnx(tiny);
  // c = 2, alpha = 1/2, s = 1/4, trainsize = 1
  CHECK(evaluate(graph, 2, {0.5F, 0.25F, 1}) ==
        std::vector<float>{2, 2.25F, 1, 2.25F, 0, 2.25F, 0, 2.25F, 0, 2.25F, 0, 2});
  // c = 4, alpha = 1, s = 1/2, trainsize = 1/2; 4.5 − 5.5 = −1 is below 0, so only the last keeps it
  CHECK(evaluate(graph, 4, {1, 0.5F, 0.5F}) == std::vector<float>{4, 4, 4, 3, 4, 2, 4, 1, 4, 0, 4, -1});
  // 2.5 and 3.5 round to even
  CHECK(evaluate(graph, 2, {0, 0.5F, 1}).back() == 2);
  CHECK(evaluate(graph, 3, {0, 0.5F, 1}).back() == 4);
}

TEST_CASE("an unknown operator in a file") {
  const auto file = data / "unknown_operator.onnx";
  CHECK_THROWS_WITH_AS(OnnxInterpreter(read_onnx(file), file.string()), doctest::Contains("Frobnicate"), InvalidInput);
  CHECK_THROWS_WITH_AS(OnnxInterpreter(read_onnx(file), file.string()), doctest::Contains("unknown_operator.onnx"),
                       InvalidInput);
}

TEST_CASE("missing, empty and foreign files are refused by name") {
  CHECK_THROWS_WITH_AS((void)read_onnx(data / "nowhere.onnx"), doctest::Contains("nowhere.onnx"), InvalidInput);
  CHECK_THROWS_WITH_AS((void)read_onnx(data), doctest::Contains("directory"), InvalidInput);
  for (const std::string& bytes :
       {std::string(), std::string("{\"not\": \"a model\"}\n"), std::string(1000, '\xff'), std::string(1000, '\0')}) {
    CHECK_THROWS_WITH_AS((void)parse_onnx(bytes, "foreign.onnx"), doctest::Contains("foreign.onnx"), InvalidInput);
  }
}

TEST_CASE("every truncation is noticed") {
  const std::string bytes = bytes_of(tiny);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    CHECK_THROWS_WITH_AS((void)parse_onnx(std::string_view(bytes).substr(0, length), "cut.onnx"),
                         doctest::Contains("cut.onnx, byte "), InvalidInput);
  }
}

TEST_CASE("a damaged byte gives a message or a model, never a crash") {
  const std::string bytes = bytes_of(tiny);
  int refused = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ (i % 2 == 0 ? 0x01 : 0x84));
    try {
      (void)evaluate(parse_onnx(damaged, "damaged.onnx"), 2, {0.5F, 0.25F, 1});
    } catch (const InvalidInput&) {
      ++refused;
    }
  }
  CHECK(refused > 100);
}

TEST_CASE("elements of a tensor are read wherever the format allows them") {
  const std::vector<float> reals{1.5F, -2};
  CHECK(only_tensor<float>(initializer(tensor_of(1, 2, block(9, raw(1.5F) + raw(-2.F))))) == reals);
  CHECK(only_tensor<float>(initializer(tensor_of(1, 2, block(4, raw(1.5F) + raw(-2.F))))) == reals);
  CHECK(only_tensor<float>(initializer(tensor_of(1, 2, fixed(4, 1.5F) + fixed(4, -2.F)))) == reals);
  CHECK(only_tensor<std::int32_t>(initializer(tensor_of(6, 2, block(5, varint(7) + varint(~0ULL))))) ==
        std::vector<std::int32_t>{7, -1});
  CHECK(only_tensor<std::int64_t>(initializer(tensor_of(7, 2, number(7, 5) + number(7, -6)))) ==
        std::vector<std::int64_t>{5, -6});
  CHECK(only_tensor<double>(initializer(tensor_of(11, 1, block(10, raw(0.1))))) == std::vector<double>{0.1});
  CHECK(only_tensor<float>(initializer(tensor_of(1, 0, block(9, "")))).empty());
}

TEST_CASE("attributes of every kind are read") {
  const auto attribute = [](const std::string& name, std::int64_t type, const std::string& value) {
    return block(5, block(1, name) + value + number(20, type));
  };
  const std::string node = block(4, "Op") + attribute("f", 1, fixed(2, 1.5F)) + attribute("i", 2, number(3, -4)) +
                           attribute("s", 3, block(4, "a\xff")) +
                           attribute("t", 4, block(5, tensor_of(1, 1, fixed(4, 2.F)))) +
                           attribute("fs", 6, fixed(7, 1.F) + fixed(7, 2.F)) +
                           attribute("is", 7, block(8, "\x03\x04")) + attribute("zero", 2, "");
  const OnnxGraph graph = parse_onnx(model_of(block(1, node)), "attributes.onnx");
  const auto& attributes = graph.nodes.at(0).attributes;
  CHECK(std::get<float>(attributes.at("f")) == 1.5F);
  CHECK(std::get<std::int64_t>(attributes.at("i")) == -4);
  CHECK(std::get<std::string>(attributes.at("s")) == "a\xff");
  CHECK(std::get<std::vector<float>>(std::get<hyperego::OnnxTensor>(attributes.at("t")).values) ==
        std::vector<float>{2});
  CHECK(std::get<std::vector<float>>(attributes.at("fs")) == std::vector<float>{1, 2});
  CHECK(std::get<std::vector<std::int64_t>>(attributes.at("is")) == std::vector<std::int64_t>{3, 4});
  CHECK(std::get<std::int64_t>(attributes.at("zero")) == 0);
  for (const std::string& refused : {attribute("g", 5, block(6, "")), attribute("none", 0, "")}) {
    CHECK_THROWS_WITH_AS((void)parse_onnx(model_of(block(1, block(4, "Op") + refused)), "m"),
                         doctest::Contains("of a kind that is not supported"), InvalidInput);
  }
  CHECK_THROWS_WITH_AS((void)parse_onnx(model_of(block(1, node + attribute("i", 2, ""))), "m"),
                       doctest::Contains("attribute i of node Op  is there twice"), InvalidInput);
}

TEST_CASE("unknown fields are skipped, and messages that are there twice are joined") {
  const std::string unknown = number(99, 1) + fixed(98, 1.F) + fixed(97, 1.) + block(96, "\xff\xff");
  const std::string tensor = number(1, 1) + unknown + number(2, 1) + block(8, "t") + fixed(4, 2.F) + unknown;
  const std::string batch = block(1, block(2, "N")) + block(1, unknown + number(1, 3));
  const std::string model = unknown + block(7, unknown + block(5, tensor)) + unknown + block(8, number(2, 13)) +
                            block(8, block(1, "com.example") + number(2, 1)) +
                            block(7, block(11, port("x", batch)) + block(11, port("t", batch)) + block(1, unknown));
  CHECK(only_tensor<float>(model) == std::vector<float>{2});
  const OnnxGraph graph = parse_onnx(model, "joined.onnx");
  CHECK(graph.opset == 13);
  CHECK(graph.nodes.size() == 1);
  REQUIRE(graph.inputs.size() == 1);  // t has a value, so it is no input
  CHECK(graph.inputs[0].name == "x");
  CHECK(graph.inputs[0].shape == std::vector<std::optional<std::int64_t>>{std::nullopt, 3});
}

TEST_CASE("what a graph cannot hold is refused, with its place") {
  const auto refused = [](const std::string& bytes, const std::string& why) {
    CHECK_THROWS_WITH_AS((void)parse_onnx(bytes, "m"), doctest::Contains(why.c_str()), InvalidInput);
  };
  refused(block(8, number(2, 13)), "holds no graph");
  refused(block(7, ""), "names no operator set");
  refused(model_of(block(15, "")), "m, byte 2: the graph has a sparse initializer");
  refused(model_of(block(11, block(1, "x"))), "value x is not a tensor");
  refused(model_of(block(11, block(1, "x") + block(2, block(1, number(1, 16))))), "value x has element type BFLOAT16");
  refused(initializer(tensor_of(8, 1, block(6, "a"))), "initializer t has element type STRING; known are FLOAT");
  refused(initializer(tensor_of(99, 1, "")), "element type 99");
  refused(initializer(tensor_of(-1, 1, "")), "element type -1");
  refused(initializer(tensor_of(1, -1, "")), "impossible shape");
  refused(initializer(tensor_of(1, std::int64_t{1} << 28, block(9, "abcd"))), "does not hold as many elements");
  refused(initializer(tensor_of(1, 1, block(9, raw(1.)))), "does not hold as many elements");
  refused(initializer(tensor_of(1, 1, fixed(4, 1.F) + number(14, 1))), "stored outside the file");
}

TEST_CASE("a file of empty nodes cannot ask for much memory") {
  std::string nodes;
  for (int i = 0; i <= 1 << 20; ++i) nodes += block(1, "");
  CHECK_THROWS_WITH_AS((void)parse_onnx(block(7, nodes), "many.onnx"),
                       doctest::Contains("more than 1048576 nodes and names"), InvalidInput);
}
