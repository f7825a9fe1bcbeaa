#include <hyperego/core/error.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/yahpo_bridge/detail/onnx_fields.hpp>
#include <hyperego/yahpo_bridge/detail/onnx_tensor_reader.hpp>
#include <hyperego/yahpo_bridge/detail/protobuf_message.hpp>
#include <hyperego/yahpo_bridge/onnx_reader.hpp>

#include <set>
#include <utility>

namespace hyperego {
namespace {

namespace fields = detail::onnx_fields;
using detail::ProtobufField;
using detail::ProtobufMessage;

// What stands in a message twice is joined, as the format prescribes: the readers append to their last argument.
class GraphReader {
 public:
  OnnxGraph read_model(ProtobufMessage message) {
    OnnxGraph graph;
    graph.opset = 0;
    bool has_graph = false;
    while (const auto field = message.next()) {
      if (field->number() == fields::model::graph) {
        read_graph(field->message(), graph);
        has_graph = true;
      } else if (field->number() == fields::model::opset_import) {
        read_operator_set(field->message(), graph.opset);
      }
    }
    if (!has_graph) message.fail("the model holds no graph; is it truncated?");
    if (graph.opset < 1) message.fail("the model names no operator set; is it truncated?");
    leave_out_initializers(graph);
    return graph;
  }

 private:
  // A name or a node takes up to a hundred times as much memory as in the file.
  void count_entry(const ProtobufField& field) {
    constexpr std::size_t limit = std::size_t{1} << 20U;
    if (++entries_ > limit) {
      field.fail("the model has more than " + std::to_string(limit) + " nodes and names, which no surrogate has");
    }
  }

  std::string read_name(const ProtobufField& field) {
    count_entry(field);
    return field.text();
  }

  static void read_operator_set(ProtobufMessage message, std::int64_t& opset) {
    std::string domain;
    std::int64_t version = 0;
    while (const auto field = message.next()) {
      if (field->number() == fields::operator_set::domain) domain = field->text();
      if (field->number() == fields::operator_set::version) version = field->integer();
    }
    if (domain.empty() || domain == "ai.onnx") opset = version;
  }

  void read_graph(ProtobufMessage message, OnnxGraph& graph) {
    while (const auto field = message.next()) {
      switch (field->number()) {
        case fields::graph::node:
          graph.nodes.push_back(read_node(*field));
          break;
        case fields::graph::initializer:
          graph.initializers.push_back(read_initializer(*field));
          break;
        case fields::graph::input:
          graph.inputs.push_back(read_value(*field));
          break;
        case fields::graph::output:
          graph.outputs.push_back(read_value(*field));
          break;
        case fields::graph::sparse_initializer:
          field->fail("the graph has a sparse initializer, which is not supported; export the model without it");
        default:
          break;
      }
    }
  }

  // Before IR 4 every initializer was listed as an input as well.
  static void leave_out_initializers(OnnxGraph& graph) {
    std::set<std::string_view> initializers;
    for (const auto& [name, tensor] : graph.initializers) initializers.insert(name);
    std::erase_if(graph.inputs, [&](const OnnxValueInfo& input) { return initializers.contains(input.name); });
  }

  OnnxValueInfo read_value(const ProtobufField& place) {
    OnnxValueInfo value;
    std::optional<std::int64_t> type;
    ProtobufMessage message = place.message();
    while (const auto field = message.next()) {
      if (field->number() == fields::value_info::name) value.name = read_name(*field);
      if (field->number() != fields::value_info::type) continue;
      ProtobufMessage kinds = field->message();
      while (const auto kind = kinds.next()) {
        if (kind->number() != fields::type::tensor_type) continue;
        if (!type) type = 0;
        read_tensor_type(kind->message(), *type, value.shape);
      }
    }
    if (!type) place.fail("value " + value.name + " is not a tensor");
    value.type = detail::element_type(*type, place, "value " + value.name);
    return value;
  }

  static void read_tensor_type(ProtobufMessage message, std::int64_t& type, decltype(OnnxValueInfo::shape)& shape) {
    while (const auto field = message.next()) {
      if (field->number() == fields::tensor_type::elem_type) type = field->integer();
      if (field->number() != fields::tensor_type::shape) continue;
      ProtobufMessage dimensions = field->message();
      while (const auto dimension = dimensions.next()) {
        if (dimension->number() == fields::shape::dim) shape.push_back(read_dimension(dimension->message()));
      }
    }
  }

  static std::optional<std::int64_t> read_dimension(ProtobufMessage message) {
    std::optional<std::int64_t> size;
    while (const auto field = message.next()) {
      if (field->number() == fields::dimension::dim_value) size = field->integer();
      if (field->number() == fields::dimension::dim_param) size = std::nullopt;
    }
    return size;
  }

  std::pair<std::string, OnnxTensor> read_initializer(const ProtobufField& place) {
    count_entry(place);
    detail::StoredTensor stored;
    detail::read_stored_tensor(place.message(), stored);
    const std::string name = stored.name;
    return {name, detail::tensor_of(std::move(stored), place, "initializer " + name)};
  }

  OnnxNode read_node(const ProtobufField& place) {
    count_entry(place);
    OnnxNode node;
    std::vector<ProtobufField> attributes;
    ProtobufMessage message = place.message();
    while (const auto field = message.next()) {
      switch (field->number()) {
        case fields::node::input:
          node.inputs.push_back(read_name(*field));
          break;
        case fields::node::output:
          node.outputs.push_back(read_name(*field));
          break;
        case fields::node::name:
          node.name = field->text();
          break;
        case fields::node::op_type:
          node.op = field->text();
          break;
        case fields::node::attribute:
          count_entry(*field);
          attributes.push_back(*field);
          break;
        case fields::node::domain:
          node.domain = field->text();
          break;
        default:
          break;
      }
    }
    // Only now, because messages about attributes name the node.
    for (const ProtobufField& attribute : attributes) read_attribute(attribute, node);
    return node;
  }

  static void read_attribute(const ProtobufField& place, OnnxNode& node) {
    std::string name;
    std::int64_t type = 0;
    std::int64_t integer = 0;
    float real = 0;
    std::string bytes;
    std::vector<std::int64_t> integers;
    std::vector<float> reals;
    detail::StoredTensor tensor;
    ProtobufMessage message = place.message();
    while (const auto field = message.next()) {
      switch (field->number()) {
        case fields::attribute::name:
          name = field->text();
          break;
        case fields::attribute::f:
          real = field->real();
          break;
        case fields::attribute::i:
          integer = field->integer();
          break;
        case fields::attribute::s:
          bytes = field->bytes();
          break;
        case fields::attribute::t:
          detail::read_stored_tensor(field->message(), tensor);
          break;
        case fields::attribute::floats:
          field->append_to(reals);
          break;
        case fields::attribute::ints:
          field->append_to(integers);
          break;
        case fields::attribute::type:
          type = field->integer();
          break;
        default:
          break;
      }
    }
    const std::string what = "attribute " + name + " of node " + node.op + " " + node.name;
    const auto set = [&](OnnxAttribute value) {
      if (!node.attributes.emplace(name, std::move(value)).second) place.fail(what + " is there twice");
    };
    switch (type) {
      case fields::attribute::types::real:
        return set(real);
      case fields::attribute::types::integer:
        return set(integer);
      case fields::attribute::types::string:
        return set(std::move(bytes));
      case fields::attribute::types::tensor:
        return set(detail::tensor_of(std::move(tensor), place, what));
      case fields::attribute::types::reals:
        return set(std::move(reals));
      case fields::attribute::types::integers:
        return set(std::move(integers));
      default:
        place.fail(what + " is of a kind that is not supported (subgraph, list of strings, …)");
    }
  }

  std::size_t entries_ = 0;
};

}  // namespace

OnnxGraph parse_onnx(std::string_view bytes, const std::string& source) {
  constexpr std::size_t limit = std::size_t{1} << 30U;
  if (bytes.size() > limit) throw InvalidInput(source, "is larger than 1 GiB, which no surrogate is");
  return GraphReader().read_model(ProtobufMessage(bytes, source));
}

OnnxGraph read_onnx(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored)) {
    throw InvalidInput(file.string(), "is a directory, not an ONNX model");
  }
  return parse_onnx(read_text_file(file), file.string());
}

}  // namespace hyperego
