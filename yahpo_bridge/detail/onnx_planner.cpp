#include <hyperego/core/error.hpp>
#include <hyperego/yahpo_bridge/detail/onnx_planner.hpp>

#include <cstring>

namespace hyperego::detail {
namespace {

constexpr std::size_t buffer_granularity = 8;  // bytes per row; a block of 8 rows or more keeps buffers on cache lines
constexpr std::size_t forever = std::numeric_limits<std::size_t>::max();

std::size_t padded(std::size_t bytes) {
  return (bytes + buffer_granularity - 1) / buffer_granularity * buffer_granularity;
}

OnnxPlanned constant_of(const OnnxTensor& tensor, OnnxPlan& plan) {
  OnnxPlanned value{.type = tensor.type(), .shape = tensor.shape};
  std::visit(
      [&](const auto& elements) {
        const std::size_t bytes = elements.size() * size_of(tensor.type());
        plan.constants.push_back(allocate_aligned(std::max<std::size_t>(bytes, 8)));
        if (bytes > 0) std::memcpy(plan.constants.back().get(), elements.data(), bytes);
      },
      tensor.values);
  value.operand.constant = plan.constants.back().get();
  return value;
}

// First-fit placement of buffers in the arena: two buffers overlap only where the steps that need them do not.
class ArenaLayout {
 public:
  explicit ArenaLayout(std::size_t buffers) : first_(buffers, 0), last_(buffers, 0) {}

  void defined(std::size_t buffer, std::size_t step) { first_[buffer] = last_[buffer] = step; }
  void used(std::size_t buffer, std::size_t step) { last_[buffer] = std::max(last_[buffer], step); }

  /// Turns the sizes (bytes per row) into offsets and returns the size of the arena.
  std::size_t place(std::vector<std::size_t>& buffers) const {
    std::vector<std::size_t> offsets(buffers.size());
    std::size_t total = 0;
    for (std::size_t i = 0; i < buffers.size(); ++i) {
      std::vector<std::pair<std::size_t, std::size_t>> taken;  // [begin, end) of those that live at the same time
      for (std::size_t j = 0; j < i; ++j) {
        if (first_[j] <= last_[i] && first_[i] <= last_[j]) taken.emplace_back(offsets[j], offsets[j] + buffers[j]);
      }
      std::sort(taken.begin(), taken.end());
      std::size_t offset = 0;
      for (const auto& [begin, end] : taken) {
        if (offset + buffers[i] <= begin) break;
        offset = std::max(offset, end);
      }
      offsets[i] = offset;
      total = std::max(total, offset + buffers[i]);
    }
    buffers = std::move(offsets);
    return total;
  }

 private:
  std::vector<std::size_t> first_;
  std::vector<std::size_t> last_;
};

/// @throws InvalidInput where a plan would need more memory than any surrogate does.
void claim_memory(OnnxPlan& plan, std::size_t bytes, bool batched, const std::string& where) {
  constexpr std::size_t limit = std::size_t{64} << 20U;
  const std::size_t copies = batched ? onnx_block_rows : 1;
  if (bytes > (limit - plan.computed_bytes) / copies) {
    throw InvalidInput(where, "the model computes values of more than 64 MiB, which no surrogate does");
  }
  plan.computed_bytes += bytes * copies;
}

class Planner {
 public:
  Planner(const OnnxGraph& graph, std::string source) : graph_(graph), source_(std::move(source)) {}

  OnnxPlan plan() {
    for (const auto& [name, tensor] : graph_.initializers) {
      const std::size_t count = std::visit([](const auto& elements) { return elements.size(); }, tensor.values);
      if (!is_possible_shape(tensor.shape) || element_count(tensor.shape) != static_cast<std::int64_t>(count)) {
        throw InvalidInput(source_, "initializer " + name + " does not hold as many elements as its shape says");
      }
      define(name, constant_of(tensor, plan_));
    }
    for (const OnnxValueInfo& input : graph_.inputs) plan_input(input);
    for (const OnnxNode& node : graph_.nodes) plan_node(node);
    for (const OnnxValueInfo& output : graph_.outputs) plan_output(output);
    lay_out_arena();
    return std::move(plan_);
  }

 private:
  void define(const std::string& name, OnnxPlanned value) {
    if (!values_.emplace(name, std::move(value)).second)
      throw InvalidInput(source_, "value " + name + " is defined twice");
  }

  void plan_input(const OnnxValueInfo& input) {
    const std::string what = "input " + input.name;
    const bool symbolic = !input.shape.empty() && !input.shape.front().has_value();
    if (input.shape.empty() || (!symbolic && *input.shape.front() != 1)) {
      throw InvalidInput(source_, what +
                                      " has neither a symbolic first dimension nor one of 1; export the model with "
                                      "a dynamic batch size");
    }
    if (!plan_.inputs.empty() && plan_.batch_of_one == symbolic) {
      throw InvalidInput(source_, what +
                                      " has a first dimension of another kind than the inputs before it; export the "
                                      "model with a dynamic batch size");
    }
    plan_.batch_of_one = !symbolic;
    OnnxPlanned value{.type = input.type, .batched = true};
    for (std::size_t i = 1; i < input.shape.size(); ++i) {
      const std::int64_t dimension = input.shape[i].value_or(-1);
      if (dimension < 0) throw InvalidInput(source_, what + " has a symbolic dimension besides the batch size");
      value.shape.push_back(dimension);
    }
    if (!is_possible_shape(value.shape)) throw InvalidInput(source_, what + " has an impossible shape");
    claim_memory(plan_, static_cast<std::size_t>(value.width()) * size_of(value.type), true, source_ + ", " + what);
    value.operand.home = OnnxOperand::Home::input;
    value.operand.slot = plan_.inputs.size();
    value.operand.row_stride = value.width();
    plan_.inputs.push_back({.name = input.name, .type = input.type, .width = value.width(), .operand = {}});
    define(input.name, std::move(value));
  }

  [[nodiscard]] std::string describe(const OnnxNode& node) const {
    const std::string& label = !node.name.empty() || node.outputs.empty() ? node.name : node.outputs.front();
    return source_ + ", node \"" + label + "\" (" + node.op + ")";
  }

  void plan_node(const OnnxNode& node) {
    const std::string where = describe(node);
    const OnnxOperatorTable& table = onnx_operators();
    const auto known =
        std::find_if(table.begin(), table.end(), [&](const auto& entry) { return entry.first == node.op; });
    if ((!node.domain.empty() && node.domain != "ai.onnx") || known == table.end()) {
      std::string names;
      for (const auto& [name, implementation] : table) names += (names.empty() ? "" : ", ") + std::string(name);
      throw InvalidInput(where, "operator " + (node.domain.empty() ? "" : node.domain + "::") + node.op +
                                    " is not known; known are " + names);
    }
    OnnxNodeContext context(node, where, graph_.opset, plan_);
    bool holds_batch_size = false;
    for (const std::string& name : node.inputs) {
      const auto found = values_.find(name);
      if (name.empty()) {
        context.add_input(nullptr);
      } else if (found == values_.end()) {
        throw InvalidInput(where, "input " + name + " is not defined before it is used");
      } else {
        holds_batch_size = holds_batch_size || found->second.holds_batch_size;
        context.add_input(&found->second);
        note_use(found->second);
      }
    }
    if (holds_batch_size && !known->second.moves_data_only) {
      context.fail("computes with the batch size, which is not known beforehand; rows must not depend on their number");
    }
    known->second.plan(context);
    for (std::size_t i = 0; i < node.outputs.size(); ++i) {
      if (node.outputs[i].empty() || !context.outputs()[i].has_value()) continue;
      OnnxPlanned& value = *context.outputs()[i];
      if (holds_batch_size && value.type == OnnxType::int64 && !value.batched) {
        const auto* elements = value.elements<std::int64_t>();
        value.holds_batch_size = std::find(elements, elements + value.width(), batch_size) != elements + value.width();
      }
      note_definition(value);
      define(node.outputs[i], std::move(value));
    }
  }

  // Uses are noted by the node, definitions by the step; both on the one clock of the steps.
  void note_use(const OnnxPlanned& value) {
    if (value.operand.home == OnnxOperand::Home::buffer) uses_.emplace_back(value.operand.slot, plan_.steps.size());
  }
  void note_definition(const OnnxPlanned& value) {
    // A node may need several steps, whose buffers all live from its first to its last one.
    for (; noted_buffers_ < plan_.buffer_bytes_per_row.size(); ++noted_buffers_) definitions_.push_back(noted_steps_);
    noted_steps_ = plan_.steps.size();
    if (value.operand.home == OnnxOperand::Home::buffer && !plan_.steps.empty()) {
      uses_.emplace_back(value.operand.slot, plan_.steps.size() - 1);
    }
  }

  void plan_output(const OnnxValueInfo& output) {
    const auto found = values_.find(output.name);
    if (found == values_.end()) throw InvalidInput(source_, "output " + output.name + " is not computed by any node");
    const OnnxPlanned& value = found->second;
    if (value.type != output.type) {
      throw InvalidInput(source_, "output " + output.name + " is " + std::string(to_string(value.type)) +
                                      " but is declared as " + std::string(to_string(output.type)));
    }
    if (!value.batched) throw InvalidInput(source_, "output " + output.name + " does not depend on the inputs");
    if (value.operand.home == OnnxOperand::Home::buffer) uses_.emplace_back(value.operand.slot, forever);
    plan_.outputs.push_back(
        {.name = output.name, .type = value.type, .width = value.width(), .operand = value.operand});
  }

  void lay_out_arena() {
    ArenaLayout layout(plan_.buffer_bytes_per_row.size());
    for (std::size_t i = 0; i < definitions_.size(); ++i) layout.defined(i, definitions_[i]);
    for (const auto& [buffer, step] : uses_) layout.used(buffer, step);
    plan_.arena_bytes_per_row = layout.place(plan_.buffer_bytes_per_row);
  }

  const OnnxGraph& graph_;
  std::string source_;
  OnnxPlan plan_;
  std::unordered_map<std::string, OnnxPlanned> values_;
  std::vector<std::pair<std::size_t, std::size_t>> uses_;  // buffer, step
  std::vector<std::size_t> definitions_;                   // step by buffer
  std::size_t noted_buffers_ = 0;
  std::size_t noted_steps_ = 0;
};

}  // namespace

void OnnxNodeContext::fail(const std::string& message) const { throw InvalidInput(where_, message); }

const OnnxPlanned& OnnxNodeContext::input(std::size_t i) const {
  if (!has_input(i)) fail("input " + std::to_string(i) + " is missing");
  return *inputs_[i];
}

const OnnxPlanned& OnnxNodeContext::constant_input(std::size_t i) const {
  const OnnxPlanned& value = input(i);
  if (value.batched)
    fail("input " + std::to_string(i) + " is computed from the model's inputs; only constants are supported here");
  return value;
}

std::vector<std::int64_t> OnnxNodeContext::integers(std::size_t i, bool with_batch_size) const {
  const OnnxPlanned& value = constant_input(i);
  if (value.holds_batch_size && !with_batch_size) fail("depends on the batch size, which is not known beforehand");
  std::vector<std::int64_t> result(static_cast<std::size_t>(value.width()));
  if (value.type == OnnxType::int64) {
    std::copy_n(value.elements<std::int64_t>(), result.size(), result.begin());
  } else if (value.type == OnnxType::int32) {
    std::copy_n(value.elements<std::int32_t>(), result.size(), result.begin());
  } else {
    fail("input " + std::to_string(i) + " must hold integers, not " + std::string(to_string(value.type)));
  }
  return result;
}

std::vector<double> OnnxNodeContext::reals(std::size_t i) const {
  const OnnxPlanned& value = constant_input(i);
  std::vector<double> result(static_cast<std::size_t>(value.width()));
  if (value.type == OnnxType::float32) {
    std::copy_n(value.elements<float>(), result.size(), result.begin());
  } else if (value.type == OnnxType::float64) {
    std::copy_n(value.elements<double>(), result.size(), result.begin());
  } else {
    fail("input " + std::to_string(i) + " must hold real numbers, not " + std::string(to_string(value.type)));
  }
  return result;
}

void OnnxNodeContext::allow_attributes(std::initializer_list<std::string_view> names) const {
  for (const auto& [name, value] : node_.attributes) {
    if (std::find(names.begin(), names.end(), name) == names.end()) fail("attribute " + name + " is not supported");
  }
}

std::size_t OnnxNodeContext::axis_of(const OnnxPlanned& value, std::int64_t axis) const {
  const std::int64_t rank = value.rank();
  if (axis < -rank || axis >= rank)
    fail("axis " + std::to_string(axis) + " is outside a value of rank " + std::to_string(rank));
  if (axis < 0) axis += rank;
  if (value.batched && axis == 0) fail("works along the batch dimension; rows must not depend on each other");
  return static_cast<std::size_t>(value.batched ? axis - 1 : axis);
}

void OnnxNodeContext::set_output(std::size_t i, OnnxPlanned value) {
  if (i >= outputs_.size()) fail("has no output " + std::to_string(i));
  outputs_[i] = std::move(value);
}

void OnnxNodeContext::claim(std::size_t bytes, bool batched) { claim_memory(plan_, bytes, batched, where_); }

void OnnxNodeContext::claim_product(std::int64_t rows, std::int64_t inputs, std::int64_t outputs) {
  constexpr std::int64_t limit = std::int64_t{1} << 30;
  // Each is at most 2^28, but only those that exist together multiply to less than an overflow.
  if (rows == 0 || inputs == 0 || outputs == 0) return;
  const std::int64_t left = limit - plan_.multiplications;
  if (rows > left / inputs || rows * inputs > left / outputs) {
    fail("makes the model's matrix products larger than 2^30 multiplications a row, which no surrogate needs");
  }
  plan_.multiplications += rows * inputs * outputs;
}

OnnxPlanned OnnxNodeContext::constant(const OnnxTensor& tensor) { return constant_of(tensor, plan_); }

OnnxPlanned OnnxNodeContext::make(OnnxType type, std::vector<std::int64_t> shape, bool batched) {
  if (!is_possible_shape(shape)) fail("computes a value that is too large");
  OnnxPlanned value{.type = type, .shape = std::move(shape), .batched = batched};
  const auto bytes = static_cast<std::size_t>(value.width()) * size_of(type);
  claim(bytes, batched);
  if (batched) {
    value.operand.home = OnnxOperand::Home::buffer;
    value.operand.slot = plan_.buffer_bytes_per_row.size();
    value.operand.row_stride = value.width();
    plan_.buffer_bytes_per_row.push_back(padded(bytes));
  } else {
    plan_.constants.push_back(allocate_aligned(std::max<std::size_t>(bytes, 8)));
    value.operand.constant = plan_.constants.back().get();
  }
  return value;
}

void OnnxNodeContext::emit(const OnnxPlanned& result, std::unique_ptr<OnnxStep> step) {
  if (result.batched) {
    plan_.steps.push_back(std::move(step));
  } else {
    step->run({.rows = 1});
  }
}

namespace {

void plan_constant(OnnxNodeContext& node) {
  node.allow_attributes({"value", "value_float", "value_floats", "value_int", "value_ints"});
  OnnxTensor tensor;
  if (const auto value = node.attribute<OnnxTensor>("value")) {
    tensor = *value;
  } else if (const auto real = node.attribute<float>("value_float")) {
    tensor.values = std::vector<float>{*real};
  } else if (const auto integer = node.attribute<std::int64_t>("value_int")) {
    tensor.values = std::vector<std::int64_t>{*integer};
  } else if (const auto reals = node.attribute<std::vector<float>>("value_floats")) {
    tensor = {.shape = {static_cast<std::int64_t>(reals->size())}, .values = *reals};
  } else if (const auto integers = node.attribute<std::vector<std::int64_t>>("value_ints")) {
    tensor = {.shape = {static_cast<std::int64_t>(integers->size())}, .values = *integers};
  } else {
    node.fail("holds no value");
  }
  const std::size_t count = std::visit([](const auto& elements) { return elements.size(); }, tensor.values);
  if (!is_possible_shape(tensor.shape) || element_count(tensor.shape) != static_cast<std::int64_t>(count)) {
    node.fail("holds another number of elements than its shape says");
  }
  node.set_output(0, node.constant(tensor));
}

}  // namespace

const OnnxOperatorTable& onnx_operators() {
  static const OnnxOperatorTable table = [] {
    OnnxOperatorTable made{{"Constant", {.plan = plan_constant, .moves_data_only = true}}};
    append_elementwise_operators(made);
    append_data_movement_operators(made);
    append_linear_operators(made);
    std::sort(made.begin(), made.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    return made;
  }();
  return table;
}

OnnxPlan plan_onnx(const OnnxGraph& graph, const std::string& source) { return Planner(graph, source).plan(); }

}  // namespace hyperego::detail
