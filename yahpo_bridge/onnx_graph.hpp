#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace hyperego {

// An ONNX graph as plain data: what a file says, without any opinion on what it means.
// Format: https://github.com/onnx/onnx/blob/main/docs/IR.md (restricted to dense tensors, no subgraphs, no sequences).

/// Element types that the interpreter computes with; the order is that of the alternatives of OnnxTensor::values.
enum class OnnxType : std::uint8_t { float32, float64, int32, int64 };

[[nodiscard]] std::string_view to_string(OnnxType type);
/// The type that a file names by this number of TensorProto.DataType, if it is one of ours.
[[nodiscard]] std::optional<OnnxType> onnx_type(std::int64_t data_type);
/// Bytes of one element.
[[nodiscard]] std::size_t size_of(OnnxType type);

/// A dense tensor, row-major. An empty shape is a scalar of one element.
struct OnnxTensor {
  using Values =
      std::variant<std::vector<float>, std::vector<double>, std::vector<std::int32_t>, std::vector<std::int64_t>>;

  std::vector<std::int64_t> shape;
  Values values;

  [[nodiscard]] OnnxType type() const { return static_cast<OnnxType>(values.index()); }
};

/// Product of the dimensions; 1 for a scalar. The dimensions are those of a value that exists: no overflow.
[[nodiscard]] std::int64_t element_count(const std::vector<std::int64_t>& shape);

/// Whether a value of this shape can exist: no dimension is negative and there are at most 2^28 elements, also where
/// the dimensions of 0 are left out (so that no product of some of the dimensions overflows).
[[nodiscard]] bool is_possible_shape(const std::vector<std::int64_t>& shape);

using OnnxAttribute =
    std::variant<std::int64_t, float, std::string, std::vector<std::int64_t>, std::vector<float>, OnnxTensor>;

/// One operator call. An empty input or output name is an optional one that is left out.
struct OnnxNode {
  std::string op;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::map<std::string, OnnxAttribute> attributes = {};
  std::string name = {};
  std::string domain = {};  ///< empty (or "ai.onnx") for the default domain
};

/// A graph input or output. Dimensions without a number are symbolic.
struct OnnxValueInfo {
  std::string name;
  OnnxType type = OnnxType::float32;
  std::vector<std::optional<std::int64_t>> shape;
};

/// Nodes are in topological order, as the format demands.
struct OnnxGraph {
  std::vector<OnnxValueInfo> inputs;
  std::vector<OnnxValueInfo> outputs;
  std::vector<std::pair<std::string, OnnxTensor>> initializers = {};
  std::vector<OnnxNode> nodes = {};
  std::int64_t opset = 13;
};

}  // namespace hyperego
