#include <hyperego/core/error.hpp>
#include <hyperego/yahpo_bridge/onnx_interpreter.hpp>
#include <hyperego/yahpo_bridge/onnx_reader.hpp>

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
using hyperego::InvalidInput;
using hyperego::OnnxGraph;
using hyperego::OnnxInterpreter;
using hyperego::parse_onnx;
using hyperego::read_onnx;

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
    CHECK_THROWS_AS((void)parse_onnx(std::string_view(bytes).substr(0, length), "cut.onnx"), InvalidInput);
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
