// Operators that only choose, place or rename elements. Most become another view of the same memory and cost nothing at
// run time.
#include <hyperego/core/error.hpp>
#include <hyperego/yahpo_bridge/detail/onnx_planner.hpp>

#include <cstring>

namespace hyperego::detail {
namespace {

using Shape = std::vector<std::int64_t>;

std::int64_t product(const Shape& shape, std::size_t begin, std::size_t end) {
  std::int64_t result = 1;
  for (std::size_t i = begin; i < end; ++i) result *= shape[i];
  return result;
}

// The same elements under another shape.
OnnxPlanned reshaped(const OnnxPlanned& value, Shape shape) {
  OnnxPlanned result = value;
  result.shape = std::move(shape);
  return result;
}

// A contiguous run of every row, without copying.
OnnxPlanned window(const OnnxPlanned& value, Shape shape, std::int64_t first) {
  OnnxPlanned result = reshaped(value, std::move(shape));
  result.operand.offset += static_cast<std::size_t>(first) * size_of(value.type);
  return result;
}

// Word is an unsigned integer as wide as the elements; what they mean does not matter here.
template <typename F>
void with_word(OnnxType type, F&& f) {
  if (size_of(type) == 4) {
    f(std::uint32_t{});
  } else {
    f(std::uint64_t{});
  }
}

template <typename Word>
void copy_block(const Word* from, std::int64_t count, Word* to) {
  if (count == 1) {
    *to = *from;
  } else if (count > 1) {
    std::memcpy(to, from, static_cast<std::size_t>(count) * sizeof(Word));
  }
}

// out[r, j] = x[r, positions[j]]
template <typename Word>
class SelectStep final : public OnnxStep {
 public:
  SelectStep(const OnnxPlanned& x, std::vector<std::int64_t> positions, const OnnxPlanned& out)
      : x_(x.operand), out_(out.operand), positions_(std::move(positions)) {}

  void run(const OnnxFrame& frame) const override {
    const Word* x = x_.read<Word>(frame);
    Word* out = out_.write<Word>(frame);
    for (std::int64_t r = 0; r < frame.rows; ++r) {
      for (const std::int64_t position : positions_) *out++ = x[r * x_.row_stride + position];
    }
  }

 private:
  OnnxOperand x_;
  OnnxOperand out_;
  std::vector<std::int64_t> positions_;
};

void select(OnnxNodeContext& node, const OnnxPlanned& x, Shape shape, std::vector<std::int64_t> positions) {
  const OnnxPlanned out = node.make(x.type, std::move(shape), x.batched);
  with_word(x.type, [&](auto word) {
    node.emit(out, std::make_unique<SelectStep<decltype(word)>>(x, std::move(positions), out));
  });
  node.set_output(0, out);
}

// out[r, o, i, :] = data[r, o, indices[r, i], :]; either argument may be the same for all rows.
template <typename Word, typename Index>
class GatherStep final : public OnnxStep {
 public:
  struct Extent {
    std::int64_t outer = 1;
    std::int64_t axis = 1;
    std::int64_t block = 1;
    std::int64_t indices = 1;
  };
  GatherStep(const OnnxPlanned& data, const OnnxPlanned& indices, Extent extent, const OnnxPlanned& out,
             std::string where)
      : data_(data.operand), indices_(indices.operand), out_(out.operand), extent_(extent), where_(std::move(where)) {}

  void run(const OnnxFrame& frame) const override {
    const Word* data = data_.read<Word>(frame);
    const Index* indices = indices_.read<Index>(frame);
    Word* out = out_.write<Word>(frame);
    for (std::int64_t r = 0; r < frame.rows; ++r) {
      const Word* row = data + r * data_.row_stride;
      for (std::int64_t o = 0; o < extent_.outer; ++o, row += extent_.axis * extent_.block) {
        for (std::int64_t i = 0; i < extent_.indices; ++i, out += extent_.block) {
          copy_block(row + checked(indices[r * indices_.row_stride + i]) * extent_.block, extent_.block, out);
        }
      }
    }
  }

 private:
  [[nodiscard]] std::int64_t checked(std::int64_t index) const {
    if (index < -extent_.axis || index >= extent_.axis) {
      throw InvalidInput(
          where_, "index " + std::to_string(index) + " is outside a dimension of " + std::to_string(extent_.axis));
    }
    return index < 0 ? index + extent_.axis : index;
  }

  OnnxOperand data_;
  OnnxOperand indices_;
  OnnxOperand out_;
  Extent extent_;
  std::string where_;
};

void plan_gather(OnnxNodeContext& node) {
  node.allow_attributes({"axis"});
  const OnnxPlanned& data = node.input(0);
  const OnnxPlanned& indices = node.input(1);
  if (indices.type != OnnxType::int32 && indices.type != OnnxType::int64) node.fail("needs integer indices");
  if (data.batched && indices.batched) node.fail("gathers from computed data at computed indices, which mixes rows");
  const std::size_t axis = node.axis_of(data, node.attribute<std::int64_t>("axis").value_or(0));
  if (indices.batched && data.holds_batch_size)
    node.fail("computes with the batch size, which is not known beforehand");
  if (indices.batched && axis != 0) node.fail("would move the batch dimension away from the front");

  Shape shape(data.shape.begin(), data.shape.begin() + static_cast<std::ptrdiff_t>(axis));
  shape.insert(shape.end(), indices.shape.begin(), indices.shape.end());
  shape.insert(shape.end(), data.shape.begin() + static_cast<std::ptrdiff_t>(axis) + 1, data.shape.end());
  const std::int64_t outer = product(data.shape, 0, axis);
  const std::int64_t block = product(data.shape, axis + 1, data.shape.size());

  if (!indices.batched) {
    const std::int64_t size = data.shape[axis];
    for (const std::int64_t index : node.integers(1)) {
      if (index < -size || index >= size) {
        node.fail("index " + std::to_string(index) + " is outside a dimension of " + std::to_string(size));
      }
    }
  }
  if (!indices.batched && indices.width() == 1 && outer == 1) {
    std::int64_t index = node.integers(1).front();
    if (index < 0) index += data.shape[axis];
    return node.set_output(0, window(data, std::move(shape), index * block));
  }
  const OnnxPlanned out = node.make(data.type, std::move(shape), data.batched || indices.batched);
  with_word(data.type, [&](auto word) {
    const auto emit = [&](auto index) {
      using Step = GatherStep<decltype(word), decltype(index)>;
      const typename Step::Extent extent{
          .outer = outer, .axis = data.shape[axis], .block = block, .indices = indices.width()};
      node.emit(out, std::make_unique<Step>(data, indices, extent, out, node.where()));
    };
    if (indices.type == OnnxType::int32) {
      emit(std::int32_t{});
    } else {
      emit(std::int64_t{});
    }
  });
  node.set_output(0, out);
}

template <typename Word>
class ConcatStep final : public OnnxStep {
 public:
  struct Part {
    OnnxOperand operand;
    std::int64_t block = 0;  // elements for each outer index
  };
  ConcatStep(std::vector<Part> parts, std::int64_t outer, std::int64_t block, const OnnxPlanned& out)
      : parts_(std::move(parts)), outer_(outer), block_(block), out_(out.operand) {}

  void run(const OnnxFrame& frame) const override {
    Word* begin = out_.write<Word>(frame);
    for (const Part& part : parts_) {
      const Word* from = part.operand.template read<Word>(frame);
      for (std::int64_t r = 0; r < frame.rows; ++r) {
        for (std::int64_t o = 0; o < outer_; ++o) {
          copy_block(from + r * part.operand.row_stride + o * part.block, part.block,
                     begin + (r * outer_ + o) * block_);
        }
      }
      begin += part.block;
    }
  }

 private:
  std::vector<Part> parts_;
  std::int64_t outer_;
  std::int64_t block_;
  OnnxOperand out_;
};

void plan_concat(OnnxNodeContext& node) {
  node.allow_attributes({"axis"});
  const OnnxPlanned& first = node.input(0);
  const auto asked = node.attribute<std::int64_t>("axis");
  if (!asked) node.fail("needs the attribute axis");
  const std::size_t axis = node.axis_of(first, *asked);
  if (node.input_count() == 1) return node.set_output(0, first);
  Shape shape = first.shape;
  shape[axis] = 0;
  for (std::size_t i = 0; i < node.input_count(); ++i) {
    const OnnxPlanned& part = node.input(i);
    Shape other = part.shape;
    if (part.type != first.type || part.batched != first.batched || other.size() != shape.size()) {
      node.fail("joins values of different types or ranks, or computed ones with constants");
    }
    shape[axis] += other[axis];
    other[axis] = shape[axis];
    if (other != shape) node.fail("joins values that differ in another dimension than the joined one");
  }
  const OnnxPlanned out = node.make(first.type, shape, first.batched);
  with_word(first.type, [&](auto word) {
    using Step = ConcatStep<decltype(word)>;
    std::vector<typename Step::Part> parts;
    for (std::size_t i = 0; i < node.input_count(); ++i) {
      const Shape& part = node.input(i).shape;
      parts.push_back({.operand = node.input(i).operand, .block = product(part, axis, part.size())});
    }
    node.emit(out, std::make_unique<Step>(std::move(parts), product(shape, 0, axis), product(shape, axis, shape.size()),
                                          out));
  });
  node.set_output(0, out);
}

// First index, number of indices and step along one axis, after the clamping that the operator's definition prescribes.
struct Range {
  std::int64_t start = 0;
  std::int64_t step = 1;
  std::int64_t count = 0;
};

Range clamped(std::int64_t start, std::int64_t end, std::int64_t step, std::int64_t dimension) {
  if (dimension == 0) return {};
  const auto from_end = [&](std::int64_t i) { return i < 0 ? i + dimension : i; };
  // start and end can be the smallest and largest integers, meaning "all"; adding the dimension once cannot overflow.
  start = std::clamp<std::int64_t>(from_end(start), 0, step > 0 ? dimension : dimension - 1);
  end = std::clamp<std::int64_t>(from_end(end), step > 0 ? 0 : -1, dimension);
  // Steps longer than the dimension reach nothing further; clamping them keeps the division below from overflowing.
  step = std::clamp<std::int64_t>(step, -(dimension + 1), dimension + 1);
  const std::int64_t distance = step > 0 ? end - start : start - end;
  const std::int64_t stride = step > 0 ? step : -step;
  return {.start = start, .step = step, .count = distance <= 0 ? 0 : (distance + stride - 1) / stride};
}

std::vector<std::int64_t> iota(std::size_t count) {
  std::vector<std::int64_t> result(count);
  for (std::size_t i = 0; i < count; ++i) result[i] = static_cast<std::int64_t>(i);
  return result;
}

bool is_whole_batch(const OnnxPlanned& x, std::int64_t axis, std::int64_t start, std::int64_t end, std::int64_t step) {
  const std::int64_t rank = x.rank();
  constexpr std::int64_t unbounded = std::numeric_limits<std::int32_t>::max();  // exporters write INT_MAX or INT64_MAX
  return x.batched && (axis == 0 || axis == -rank) && start == 0 && end >= unbounded && step == 1;
}

// Offsets of the elements that remain, row-major over the ranges.
std::vector<std::int64_t> positions_of(const std::vector<Range>& ranges, const Shape& shape) {
  std::vector<std::int64_t> positions{0};
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const std::int64_t stride = product(shape, i + 1, shape.size());
    std::vector<std::int64_t> next;
    for (const std::int64_t base : positions) {
      for (std::int64_t k = 0; k < ranges[i].count; ++k)
        next.push_back(base + (ranges[i].start + k * ranges[i].step) * stride);
    }
    positions = std::move(next);
  }
  return positions;
}

void plan_slice(OnnxNodeContext& node) {
  if (node.opset() < 10) node.fail("is only known in its form with inputs (operator set 10 and later)");
  node.allow_attributes({});
  const OnnxPlanned& x = node.input(0);
  const auto starts = node.integers(1);
  const auto ends = node.integers(2);
  const auto axes = node.has_input(3) ? node.integers(3) : iota(starts.size());
  const auto steps = node.has_input(4) ? node.integers(4) : std::vector<std::int64_t>(starts.size(), 1);
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size()) {
    node.fail("has starts, ends, axes and steps of different lengths");
  }
  std::vector<Range> ranges;
  for (const std::int64_t dimension : x.shape) ranges.push_back({.count = dimension});
  for (std::size_t i = 0; i < starts.size(); ++i) {
    if (is_whole_batch(x, axes[i], starts[i], ends[i], steps[i])) continue;
    if (steps[i] == 0) node.fail("has a step of 0");
    const std::size_t axis = node.axis_of(x, axes[i]);
    ranges[axis] = clamped(starts[i], ends[i], steps[i], x.shape[axis]);
  }
  Shape shape;
  for (const Range& range : ranges) shape.push_back(range.count);
  std::vector<std::int64_t> positions = positions_of(ranges, x.shape);
  bool contiguous = true;
  for (std::size_t j = 1; j < positions.size(); ++j) contiguous = contiguous && positions[j] == positions[j - 1] + 1;
  if (contiguous && !positions.empty()) return node.set_output(0, window(x, std::move(shape), positions.front()));
  select(node, x, std::move(shape), std::move(positions));
}

std::vector<std::int64_t> axes_of(OnnxNodeContext& node) {
  node.allow_attributes({"axes"});  // an attribute up to operator set 12, an input since
  if (const auto axes = node.attribute<std::vector<std::int64_t>>("axes")) return *axes;
  return node.has_input(1) ? node.integers(1) : std::vector<std::int64_t>{};
}

// The ONNX shape, with the batch dimension as `batch_size`.
Shape full_shape(const OnnxPlanned& x) {
  Shape shape = x.shape;
  if (x.batched) shape.insert(shape.begin(), batch_size);
  return shape;
}

void plan_unsqueeze(OnnxNodeContext& node) {
  const OnnxPlanned& x = node.input(0);
  std::vector<std::int64_t> axes = axes_of(node);
  const std::int64_t rank = x.rank() + static_cast<std::int64_t>(axes.size());
  for (std::int64_t& axis : axes) {
    if (axis < -rank || axis >= rank)
      node.fail("axis " + std::to_string(axis) + " is outside a result of rank " + std::to_string(rank));
    if (axis < 0) axis += rank;
    if (x.batched && axis == 0) node.fail("would move the batch dimension away from the front");
  }
  std::sort(axes.begin(), axes.end());
  if (std::adjacent_find(axes.begin(), axes.end()) != axes.end()) node.fail("names an axis twice");
  Shape shape = x.shape;
  for (const std::int64_t axis : axes) shape.insert(shape.begin() + (x.batched ? axis - 1 : axis), 1);
  node.set_output(0, reshaped(x, std::move(shape)));
}

void plan_squeeze(OnnxNodeContext& node) {
  const OnnxPlanned& x = node.input(0);
  std::vector<bool> drop(x.shape.size(), false);
  const std::vector<std::int64_t> axes = axes_of(node);
  for (const std::int64_t axis : axes) {
    const std::size_t i = node.axis_of(x, axis);
    if (x.shape[i] != 1) node.fail("removes a dimension of size " + std::to_string(x.shape[i]));
    drop[i] = true;
  }
  Shape shape;
  for (std::size_t i = 0; i < x.shape.size(); ++i) {
    if (axes.empty() ? x.shape[i] != 1 : !drop[i]) shape.push_back(x.shape[i]);
  }
  node.set_output(0, reshaped(x, std::move(shape)));
}

void plan_flatten(OnnxNodeContext& node) {
  node.allow_attributes({"axis"});
  const OnnxPlanned& x = node.input(0);
  std::int64_t axis = node.attribute<std::int64_t>("axis").value_or(1);
  if (axis < -x.rank() || axis > x.rank())
    node.fail("axis " + std::to_string(axis) + " is outside a value of rank " + std::to_string(x.rank()));
  if (axis < 0) axis += x.rank();
  if (!x.batched) {
    const auto split = static_cast<std::size_t>(axis);
    return node.set_output(0, reshaped(x, {product(x.shape, 0, split), product(x.shape, split, x.shape.size())}));
  }
  if (axis != 1) node.fail("merges the batch dimension with another one");
  node.set_output(0, reshaped(x, {x.width()}));
}

void plan_reshape(OnnxNodeContext& node) {
  node.allow_attributes({"allowzero"});
  if (node.attribute<std::int64_t>("allowzero").value_or(0) != 0) node.fail("attribute allowzero is not supported");
  const OnnxPlanned& x = node.input(0);
  Shape shape = node.integers(1, /*with_batch_size=*/true);
  const Shape from = full_shape(x);
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] != 0) continue;
    if (i >= from.size()) node.fail("copies a dimension that its input does not have");
    shape[i] = from[i];
  }
  if (x.batched) {
    // −1 in front is the batch dimension exactly where the others hold one row, and so is a 1 where there is one row.
    const bool keeps_batch = !shape.empty() && (shape.front() == batch_size || shape.front() == -1 ||
                                                (shape.front() == 1 && node.batch_of_one()));
    if (!keeps_batch) node.fail("moves the batch dimension away from the front");
    shape.erase(shape.begin());
  }
  std::int64_t known = 1;
  std::int64_t* open = nullptr;
  for (std::int64_t& dimension : shape) {
    if (dimension == -1 && open == nullptr) {
      open = &dimension;
    } else if (dimension < 0) {
      node.fail("has an impossible shape");
    } else {
      if (!is_possible_shape({known, dimension})) node.fail("has an impossible shape");
      known *= dimension;
    }
  }
  if (open != nullptr) *open = known > 0 ? x.width() / known : 0;
  if (!is_possible_shape(shape)) node.fail("has an impossible shape");
  if (element_count(shape) != x.width()) node.fail("changes the number of elements of a row");
  node.set_output(0, reshaped(x, std::move(shape)));
}

void plan_shape(OnnxNodeContext& node) {
  node.allow_attributes({});
  const Shape shape = full_shape(node.input(0));
  OnnxPlanned out = node.make(OnnxType::int64, {static_cast<std::int64_t>(shape.size())}, false);
  std::copy(shape.begin(), shape.end(), reinterpret_cast<std::int64_t*>(out.operand.constant));
  out.holds_batch_size = node.input(0).batched;
  node.set_output(0, std::move(out));
}

// One value everywhere. With the batch size in front every row has the same block.
void plan_constant_of_shape(OnnxNodeContext& node) {
  node.allow_attributes({"value"});
  Shape shape = node.integers(0, /*with_batch_size=*/true);
  const bool batched = !shape.empty() && shape.front() == batch_size;
  if (batched) shape.erase(shape.begin());
  if (!is_possible_shape(shape)) node.fail("has an impossible shape");
  const OnnxTensor value =
      node.attribute<OnnxTensor>("value").value_or(OnnxTensor{.shape = {1}, .values = std::vector<float>{0}});
  OnnxPlanned out = node.make(value.type(), shape, false);
  std::visit(
      [&](const auto& elements) {
        using T = typename std::decay_t<decltype(elements)>::value_type;
        if (elements.size() != 1) node.fail("needs a value of one element");
        std::fill_n(reinterpret_cast<T*>(out.operand.constant), out.width(), elements.front());
      },
      value.values);
  out.batched = batched;
  node.set_output(0, std::move(out));
}

void plan_identity(OnnxNodeContext& node) {
  node.allow_attributes({});
  node.set_output(0, node.input(0));
}

}  // namespace

void append_data_movement_operators(OnnxOperatorTable& table) {
  const auto add = [&](std::string_view name, void (*plan)(OnnxNodeContext&)) {
    table.push_back({name, {.plan = plan, .moves_data_only = true}});
  };
  add("Gather", plan_gather);
  add("Concat", plan_concat);
  add("Slice", plan_slice);
  add("Unsqueeze", plan_unsqueeze);
  add("Squeeze", plan_squeeze);
  add("Flatten", plan_flatten);
  add("Reshape", plan_reshape);
  add("Shape", plan_shape);
  add("Identity", plan_identity);
  add("ConstantOfShape", plan_constant_of_shape);
}

}  // namespace hyperego::detail
