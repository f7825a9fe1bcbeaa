#pragma once

#include <hyperego/yahpo_bridge/detail/onnx_plan.hpp>
#include <hyperego/yahpo_bridge/onnx_graph.hpp>

#include <algorithm>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace hyperego::detail {

/// The executable form of a graph.
struct OnnxPlan {
  struct Port {
    std::string name;
    OnnxType type = OnnxType::float32;
    std::int64_t width = 0;  ///< elements per row
    OnnxOperand operand;     ///< outputs only
  };

  std::vector<Port> inputs;
  std::vector<Port> outputs;
  bool batch_of_one = false;  ///< the file says that there is one row, so that a 1 in front may stand for the batch
  std::vector<std::unique_ptr<OnnxStep>> steps;
  std::vector<std::size_t> buffer_bytes_per_row;
  std::size_t arena_bytes_per_row = 0;
  std::size_t computed_bytes = 0;    ///< of everything that is not in the file, a block of rows included
  std::int64_t multiplications = 0;  ///< of all matrix products, for one row and for the constants
  std::deque<AlignedBytes> constants;
};

/// What is known about a value while the plan is made.
///
/// `shape` leaves the batch dimension out: a batched value has the ONNX shape [N, shape…], any other value is a
/// constant whose elements lie at `operand.constant`.
struct OnnxPlanned {
  OnnxType type = OnnxType::float32;
  std::vector<std::int64_t> shape = {};
  bool batched = false;
  bool holds_batch_size = false;  ///< an int64 constant with batch_size among its elements
  OnnxOperand operand = {};

  [[nodiscard]] std::int64_t width() const { return element_count(shape); }
  [[nodiscard]] std::int64_t rank() const { return static_cast<std::int64_t>(shape.size()) + (batched ? 1 : 0); }

  template <typename T>
  [[nodiscard]] const T* elements() const {
    return reinterpret_cast<const T*>(operand.constant + operand.offset);
  }
};

/// Stands for the number of rows in what Shape gives.
inline constexpr std::int64_t batch_size = std::numeric_limits<std::int64_t>::min();

/// One node being planned: its inputs, its attributes, and the way to add steps and outputs.
class OnnxNodeContext {
 public:
  OnnxNodeContext(const OnnxNode& node, std::string where, std::int64_t opset, OnnxPlan& plan)
      : node_(node), where_(std::move(where)), opset_(opset), plan_(plan), outputs_(node.outputs.size()) {}

  [[nodiscard]] const OnnxNode& node() const { return node_; }
  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] std::int64_t opset() const { return opset_; }
  [[nodiscard]] bool batch_of_one() const { return plan_.batch_of_one; }
  [[noreturn]] void fail(const std::string& message) const;

  void add_input(const OnnxPlanned* value) { inputs_.push_back(value); }
  [[nodiscard]] std::size_t input_count() const { return inputs_.size(); }
  [[nodiscard]] bool has_input(std::size_t i) const { return i < inputs_.size() && inputs_[i] != nullptr; }
  [[nodiscard]] const OnnxPlanned& input(std::size_t i) const;
  [[nodiscard]] const OnnxPlanned& constant_input(std::size_t i) const;
  /// The elements of a constant int32 or int64 input; `batch_size` is refused unless asked for.
  [[nodiscard]] std::vector<std::int64_t> integers(std::size_t i, bool with_batch_size = false) const;
  /// The elements of a constant float32 or float64 input.
  [[nodiscard]] std::vector<double> reals(std::size_t i) const;

  template <typename T>
  [[nodiscard]] std::optional<T> attribute(const std::string& name) const {
    const auto found = node_.attributes.find(name);
    if (found == node_.attributes.end()) return std::nullopt;
    const T* value = std::get_if<T>(&found->second);
    if (value == nullptr) fail("attribute " + name + " has the wrong type");
    return *value;
  }
  /// Fails for attributes that are not in the list: their meaning would be lost silently.
  void allow_attributes(std::initializer_list<std::string_view> names) const;

  /// The position of ONNX axis `axis` within `shape`. Fails outside the rank and for the batch dimension.
  [[nodiscard]] std::size_t axis_of(const OnnxPlanned& value, std::int64_t axis) const;

  /// Counts memory that does not come out of the file. Fails beyond 64 MiB in all: a small file must not ask for much.
  void claim(std::size_t bytes, bool batched);
  /// Counts the multiplications of a matrix product. Fails beyond 2^30 in all.
  void claim_product(std::int64_t rows, std::int64_t inputs, std::int64_t outputs);

  /// A constant that the file holds.
  OnnxPlanned constant(const OnnxTensor& tensor);
  /// A value with memory of its own: a buffer when batched, else a constant to be filled by the step that follows.
  OnnxPlanned make(OnnxType type, std::vector<std::int64_t> shape, bool batched);
  /// Adds the step to the plan, or runs it at once where it computes a constant.
  void emit(const OnnxPlanned& result, std::unique_ptr<OnnxStep> step);
  void set_output(std::size_t i, OnnxPlanned value);

  [[nodiscard]] std::vector<std::optional<OnnxPlanned>>& outputs() { return outputs_; }

 private:
  const OnnxNode& node_;
  std::string where_;
  std::int64_t opset_;
  OnnxPlan& plan_;
  std::vector<const OnnxPlanned*> inputs_;
  std::vector<std::optional<OnnxPlanned>> outputs_;
};

struct OnnxOperator {
  void (*plan)(OnnxNodeContext&) = nullptr;
  bool moves_data_only = false;  ///< may therefore be applied to the batch size
};

/// The operators by name. Sorted, so that messages can list them.
using OnnxOperatorTable = std::vector<std::pair<std::string_view, OnnxOperator>>;
[[nodiscard]] const OnnxOperatorTable& onnx_operators();
void append_elementwise_operators(OnnxOperatorTable& table);
void append_data_movement_operators(OnnxOperatorTable& table);
void append_linear_operators(OnnxOperatorTable& table);

/// @throws InvalidInput naming `source`, the node and the operator for anything that cannot be executed.
[[nodiscard]] OnnxPlan plan_onnx(const OnnxGraph& graph, const std::string& source);

/// Calls f with a value of the C++ type that holds elements of `type`.
template <typename F>
decltype(auto) with_type(OnnxType type, F&& f) {
  switch (type) {
    case OnnxType::float32:
      return f(float{});
    case OnnxType::float64:
      return f(double{});
    case OnnxType::int32:
      return f(std::int32_t{});
    case OnnxType::int64:
      break;
  }
  return f(std::int64_t{});
}

}  // namespace hyperego::detail
