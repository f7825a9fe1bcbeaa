// The only translation unit that sees protobuf.
#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/yahpo_bridge/onnx_reader.hpp>

#include <onnx/onnx_pb.h>

#include <bit>
#include <cstring>
#include <utility>

namespace hyperego {
namespace {

using onnx::TensorProto;

// ONNX stores raw data little-endian.
static_assert(std::endian::native == std::endian::little, "raw tensor data would have to be swapped");

class GraphReader {
 public:
  explicit GraphReader(std::string file) : file_(std::move(file)) {}

  OnnxGraph read(const onnx::ModelProto& model) const {
    if (!model.has_graph()) fail("holds no graph");
    OnnxGraph graph;
    graph.opset = 0;
    for (const auto& opset : model.opset_import()) {
      if (opset.domain().empty() || opset.domain() == "ai.onnx") graph.opset = opset.version();
    }
    if (graph.opset < 1) fail("names no operator set; is it truncated?");
    const onnx::GraphProto& proto = model.graph();
    if (proto.sparse_initializer_size() > 0) fail("has sparse initializers, which are not supported");
    for (const auto& initializer : proto.initializer()) {
      graph.initializers.emplace_back(initializer.name(),
                                      read_tensor(initializer, "initializer " + initializer.name()));
    }
    for (const auto& input : proto.input()) {
      // Before IR 4 every initializer was listed as an input as well.
      if (!is_initializer(graph, input.name())) graph.inputs.push_back(read_value(input));
    }
    for (const auto& output : proto.output()) graph.outputs.push_back(read_value(output));
    for (const auto& node : proto.node()) graph.nodes.push_back(read_node(node));
    return graph;
  }

  [[noreturn]] void fail(const std::string& message) const { throw InvalidInput(file_, message); }

 private:
  static bool is_initializer(const OnnxGraph& graph, const std::string& name) {
    for (const auto& [known, tensor] : graph.initializers) {
      if (known == name) return true;
    }
    return false;
  }

  OnnxType read_type(std::int32_t type, const std::string& what) const {
    switch (type) {
      case TensorProto::FLOAT:
        return OnnxType::float32;
      case TensorProto::DOUBLE:
        return OnnxType::float64;
      case TensorProto::INT32:
        return OnnxType::int32;
      case TensorProto::INT64:
        return OnnxType::int64;
      default:
        break;
    }
    const std::string name = TensorProto::DataType_IsValid(type)
                                 ? TensorProto::DataType_Name(static_cast<TensorProto::DataType>(type))
                                 : std::to_string(type);
    fail(what + " has element type " + name + "; known are FLOAT, DOUBLE, INT32 and INT64");
  }

  OnnxValueInfo read_value(const onnx::ValueInfoProto& proto) const {
    if (!proto.type().has_tensor_type()) fail("value " + proto.name() + " is not a tensor");
    const auto& tensor = proto.type().tensor_type();
    OnnxValueInfo value{
        .name = proto.name(), .type = read_type(tensor.elem_type(), "value " + proto.name()), .shape = {}};
    for (const auto& dimension : tensor.shape().dim()) {
      value.shape.push_back(dimension.has_dim_value() ? std::optional<std::int64_t>(dimension.dim_value())
                                                      : std::nullopt);
    }
    return value;
  }

  template <typename T, typename Repeated>
  std::vector<T> read_elements(const TensorProto& proto, const Repeated& field, std::size_t count,
                               const std::string& what) const {
    // Compared before anything is allocated: a damaged shape must not ask for gigabytes.
    const std::size_t stored =
        proto.has_raw_data() ? proto.raw_data().size() : static_cast<std::size_t>(field.size()) * sizeof(T);
    if (stored != count * sizeof(T)) fail(what + " does not hold as many elements as its shape says");
    std::vector<T> values(count);
    if (!proto.has_raw_data()) {
      std::copy(field.begin(), field.end(), values.begin());
    } else if (count > 0) {
      std::memcpy(values.data(), proto.raw_data().data(), stored);
    }
    return values;
  }

  OnnxTensor read_tensor(const TensorProto& proto, const std::string& what) const {
    if (proto.data_location() == TensorProto::EXTERNAL)
      fail(what + " is stored outside the file, which is not supported");
    OnnxTensor tensor;
    tensor.shape.assign(proto.dims().begin(), proto.dims().end());
    if (!is_possible_shape(tensor.shape)) fail(what + " has an impossible shape");
    const auto n = static_cast<std::size_t>(element_count(tensor.shape));
    switch (read_type(proto.data_type(), what)) {
      case OnnxType::float32:
        tensor.values = read_elements<float>(proto, proto.float_data(), n, what);
        break;
      case OnnxType::float64:
        tensor.values = read_elements<double>(proto, proto.double_data(), n, what);
        break;
      case OnnxType::int32:
        tensor.values = read_elements<std::int32_t>(proto, proto.int32_data(), n, what);
        break;
      case OnnxType::int64:
        tensor.values = read_elements<std::int64_t>(proto, proto.int64_data(), n, what);
        break;
    }
    return tensor;
  }

  OnnxAttribute read_attribute(const onnx::AttributeProto& proto, const std::string& node) const {
    switch (proto.type()) {
      case onnx::AttributeProto::INT:
        return proto.i();
      case onnx::AttributeProto::FLOAT:
        return proto.f();
      case onnx::AttributeProto::STRING:
        return proto.s();
      case onnx::AttributeProto::INTS:
        return std::vector<std::int64_t>(proto.ints().begin(), proto.ints().end());
      case onnx::AttributeProto::FLOATS:
        return std::vector<float>(proto.floats().begin(), proto.floats().end());
      case onnx::AttributeProto::TENSOR:
        return read_tensor(proto.t(), "attribute " + proto.name() + " of node " + node);
      default:
        fail("attribute " + proto.name() + " of node " + node +
             " is of a kind that is not supported (subgraph, list of strings, …)");
    }
  }

  OnnxNode read_node(const onnx::NodeProto& proto) const {
    OnnxNode node{.op = proto.op_type(),
                  .inputs = {proto.input().begin(), proto.input().end()},
                  .outputs = {proto.output().begin(), proto.output().end()},
                  .name = proto.name(),
                  .domain = proto.domain()};
    for (const auto& attribute : proto.attribute()) {
      node.attributes.emplace(attribute.name(), read_attribute(attribute, proto.op_type() + " " + proto.name()));
    }
    return node;
  }

  std::string file_;
};

}  // namespace

OnnxGraph parse_onnx(std::string_view bytes, const std::string& source) {
  const GraphReader reader(source);
  constexpr std::size_t limit = std::size_t{1} << 30U;
  if (bytes.size() > limit) reader.fail("is larger than 1 GiB");
  onnx::ModelProto model;
  // Garbage often parses as a message of unknown fields, hence the check of the graph in read().
  if (!model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    reader.fail("is not an ONNX model, or is truncated");
  }
  return reader.read(model);
}

OnnxGraph read_onnx(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    throw InvalidInput(file.string(), "is a directory, not an ONNX model");
  }
  return parse_onnx(read_text_file(file), file.string());
}

}  // namespace hyperego
