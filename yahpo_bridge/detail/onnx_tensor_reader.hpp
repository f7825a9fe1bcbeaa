#pragma once

#include <hyperego/yahpo_bridge/detail/protobuf_message.hpp>
#include <hyperego/yahpo_bridge/onnx_graph.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hyperego::detail {

/// A tensor as the file has it (TensorProto): its elements are in `raw`, or else in the vector that belongs to its
/// type.
struct StoredTensor {
  std::string name = {};
  std::vector<std::int64_t> dims = {};
  std::int64_t type = 0;
  bool is_outside_the_file = false;
  std::optional<std::string_view> raw = {};
  std::vector<float> float32 = {};
  std::vector<double> float64 = {};
  std::vector<std::int32_t> int32 = {};
  std::vector<std::int64_t> int64 = {};
};

/// Adds the message to `tensor`: one that stands in a file twice is joined.
void read_stored_tensor(ProtobufMessage message, StoredTensor& tensor);

/// @throws InvalidInput at `place`, naming `what`, for an impossible shape, another number of elements than the shape
/// says, an element type that OnnxTensor cannot hold, and elements outside the file.
[[nodiscard]] OnnxTensor tensor_of(StoredTensor stored, const ProtobufField& place, const std::string& what);

/// The element type with ONNX's number `type`. @throws InvalidInput like tensor_of().
[[nodiscard]] OnnxType element_type(std::int64_t type, const ProtobufField& place, const std::string& what);

}  // namespace hyperego::detail
