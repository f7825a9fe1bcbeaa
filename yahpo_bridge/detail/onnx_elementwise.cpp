// Operators that compute element by element: arithmetic with broadcasting, functions of one argument, Cast.
#include <hyperego/core/error.hpp>
#include <hyperego/yahpo_bridge/detail/elementwise_kernel.hpp>
#include <hyperego/yahpo_bridge/detail/onnx_planner.hpp>

#include <cmath>
#include <type_traits>

namespace hyperego::elementwise_kernel {
namespace {

void run(Binary op, std::int64_t rows, std::int64_t width, const float* a, std::int64_t a_row, std::int64_t a_column,
         const float* b, std::int64_t b_row, std::int64_t b_column, float* out) {
  HYPEREGO_DISPATCH(binary, op, rows, width, a, a_row, a_column, b, b_row, b_column, out);
}
void run(Unary op, std::int64_t rows, std::int64_t width, const float* x, std::int64_t x_row, float* out) {
  HYPEREGO_DISPATCH(unary, op, rows, width, x, x_row, out);
}

}  // namespace
}  // namespace hyperego::elementwise_kernel

namespace hyperego::detail {
namespace {

using elementwise_kernel::Binary;
using elementwise_kernel::Unary;
using Shape = std::vector<std::int64_t>;

template <typename T>
T apply(Binary op, T a, T b) {
  if constexpr (std::is_integral_v<T>) {
    using U = std::make_unsigned_t<T>;  // wraps around where signed arithmetic would be undefined
    switch (op) {
      case Binary::add:
        return static_cast<T>(static_cast<U>(a) + static_cast<U>(b));
      case Binary::subtract:
        return static_cast<T>(static_cast<U>(a) - static_cast<U>(b));
      case Binary::multiply:
        return static_cast<T>(static_cast<U>(a) * static_cast<U>(b));
      case Binary::divide:
        return b == -1 ? static_cast<T>(U{0} - static_cast<U>(a)) : static_cast<T>(a / b);
      case Binary::maximum:
        return std::max(a, b);
      case Binary::minimum:
        return std::min(a, b);
    }
  } else {
    switch (op) {
      case Binary::add:
        return a + b;
      case Binary::subtract:
        return a - b;
      case Binary::multiply:
        return a * b;
      case Binary::divide:
        return a / b;
      case Binary::maximum:
        return a > b || std::isnan(a) ? a : b;
      case Binary::minimum:
        return a < b || std::isnan(a) ? a : b;
    }
  }
  return a;
}

template <typename T>
T apply(Unary op, T x) {
  if constexpr (std::is_integral_v<T>) {
    using U = std::make_unsigned_t<T>;
    switch (op) {
      case Unary::negate:
        return static_cast<T>(U{0} - static_cast<U>(x));
      case Unary::abs:
        return x < 0 ? static_cast<T>(U{0} - static_cast<U>(x)) : x;
      case Unary::relu:
        return std::max(x, T{0});
      default:
        return x;  // the others are refused while planning
    }
  } else {
    switch (op) {
      case Unary::negate:
        return -x;
      case Unary::relu:
        return x < 0 ? T{0} : x;
      case Unary::sigmoid:
        return 1 / (1 + std::exp(-x));
      case Unary::exp:
        return std::exp(x);
      case Unary::log:
        return std::log(x);
      case Unary::sin:
        return std::sin(x);
      case Unary::cos:
        return std::cos(x);
      case Unary::tanh:
        return std::tanh(x);
      case Unary::sqrt:
        return std::sqrt(x);
      case Unary::abs:
        return std::abs(x);
      case Unary::round:
        return std::nearbyint(x);  // half to even in the default rounding mode
      case Unary::floor:
        return std::floor(x);
      case Unary::ceil:
        return std::ceil(x);
      case Unary::reciprocal:
        return 1 / x;
    }
  }
  return x;
}

// An argument of a broadcasting operation, as seen from the elements of one row of the result.
struct Broadcast {
  OnnxOperand operand;
  std::int64_t column_stride = 1;  // 0 repeats one element
  std::vector<std::int64_t> map;   // where neither stride fits: the argument's element for every element of the result
};

template <typename T>
class BinaryStep final : public OnnxStep {
 public:
  BinaryStep(Binary op, Broadcast a, Broadcast b, const OnnxPlanned& out, std::string where)
      : op_(op), a_(std::move(a)), b_(std::move(b)), out_(out.operand), width_(out.width()), where_(std::move(where)) {}

  void run(const OnnxFrame& frame) const override {
    const T* a = a_.operand.read<T>(frame);
    const T* b = b_.operand.read<T>(frame);
    T* out = out_.write<T>(frame);
    if constexpr (std::is_same_v<T, float>) {
      if (a_.map.empty() && b_.map.empty()) {
        elementwise_kernel::run(op_, frame.rows, width_, a, a_.operand.row_stride, a_.column_stride, b,
                                b_.operand.row_stride, b_.column_stride, out);
        return;
      }
    }
    for (std::int64_t r = 0; r < frame.rows; ++r) {
      for (std::int64_t j = 0; j < width_; ++j) {
        const T x = a[r * a_.operand.row_stride + position(a_, j)];
        const T y = b[r * b_.operand.row_stride + position(b_, j)];
        if constexpr (std::is_integral_v<T>) {
          if (op_ == Binary::divide && y == 0) throw InvalidInput(where_, "divides an integer by zero");
        }
        out[r * width_ + j] = apply(op_, x, y);
      }
    }
  }

 private:
  static std::int64_t position(const Broadcast& argument, std::int64_t j) {
    return argument.map.empty() ? j * argument.column_stride : argument.map[static_cast<std::size_t>(j)];
  }

  Binary op_;
  Broadcast a_;
  Broadcast b_;
  OnnxOperand out_;
  std::int64_t width_;
  std::string where_;
};

template <typename T>
class UnaryStep final : public OnnxStep {
 public:
  UnaryStep(Unary op, const OnnxPlanned& x, const OnnxPlanned& out)
      : op_(op), x_(x.operand), out_(out.operand), width_(out.width()) {}

  void run(const OnnxFrame& frame) const override {
    const T* x = x_.read<T>(frame);
    T* out = out_.write<T>(frame);
    if constexpr (std::is_same_v<T, float>) {
      elementwise_kernel::run(op_, frame.rows, width_, x, x_.row_stride, out);
    } else {
      for (std::int64_t r = 0; r < frame.rows; ++r) {
        for (std::int64_t j = 0; j < width_; ++j) out[r * width_ + j] = apply(op_, x[r * x_.row_stride + j]);
      }
    }
  }

 private:
  Unary op_;
  OnnxOperand x_;
  OnnxOperand out_;
  std::int64_t width_;
};

// γ x above zero, else γ α (e^x − 1).
template <typename T>
class SeluStep final : public OnnxStep {
 public:
  SeluStep(T alpha, T gamma, const OnnxPlanned& x, const OnnxPlanned& out)
      : alpha_(alpha), gamma_(gamma), x_(x.operand), out_(out.operand), width_(out.width()) {}

  void run(const OnnxFrame& frame) const override {
    const T* x = x_.read<T>(frame);
    T* out = out_.write<T>(frame);
    for (std::int64_t r = 0; r < frame.rows; ++r) {
      for (std::int64_t j = 0; j < width_; ++j) {
        const T value = x[r * x_.row_stride + j];
        out[r * width_ + j] = gamma_ * (value > 0 ? value : alpha_ * std::exp(value) - alpha_);
      }
    }
  }

 private:
  T alpha_;
  T gamma_;
  OnnxOperand x_;
  OnnxOperand out_;
  std::int64_t width_;
};

// Numbers outside the range of an integer type are clamped (the standard leaves them undefined), NaN becomes 0.
template <typename To, typename From>
To convert(From x) {
  if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    constexpr auto bound = static_cast<From>(std::uint64_t{1} << (8 * sizeof(To) - 1));
    if (std::isnan(x)) return 0;
    if (x >= bound) return std::numeric_limits<To>::max();
    if (x < -bound) return std::numeric_limits<To>::min();
  }
  return static_cast<To>(x);
}

template <typename From, typename To>
class CastStep final : public OnnxStep {
 public:
  CastStep(const OnnxPlanned& x, const OnnxPlanned& out) : x_(x.operand), out_(out.operand), width_(out.width()) {}

  void run(const OnnxFrame& frame) const override {
    const From* x = x_.read<From>(frame);
    To* out = out_.write<To>(frame);
    for (std::int64_t r = 0; r < frame.rows; ++r) {
      for (std::int64_t j = 0; j < width_; ++j) out[r * width_ + j] = convert<To>(x[r * x_.row_stride + j]);
    }
  }

 private:
  OnnxOperand x_;
  OnnxOperand out_;
  std::int64_t width_;
};

// The result's shape without the batch dimension, which has to stay the first one.
Shape broadcast_shape(const OnnxNodeContext& node, const OnnxPlanned& a, const OnnxPlanned& b) {
  const std::int64_t rank = std::max(a.rank(), b.rank());
  for (const OnnxPlanned* value : {&a, &b}) {
    if (value->batched && value->rank() != rank) node.fail("broadcasts the batch dimension against another dimension");
  }
  const bool batched = a.batched || b.batched;
  Shape shape(static_cast<std::size_t>(rank - (batched ? 1 : 0)), 1);
  for (const OnnxPlanned* value : {&a, &b}) {
    std::size_t skip = 0;
    if (batched && !value->batched && value->rank() == rank) {
      if (value->shape.front() != 1) node.fail("broadcasts the batch dimension against a dimension of fixed size");
      skip = 1;
    }
    const std::size_t shift = shape.size() - (value->shape.size() - skip);
    for (std::size_t i = skip; i < value->shape.size(); ++i) {
      std::int64_t& dimension = shape[i - skip + shift];
      if (dimension == 1) dimension = value->shape[i];
      if (value->shape[i] != 1 && value->shape[i] != dimension) {
        node.fail("cannot broadcast dimensions " + std::to_string(dimension) + " and " +
                  std::to_string(value->shape[i]));
      }
    }
  }
  return shape;
}

Broadcast broadcast(const OnnxPlanned& value, const Shape& shape) {
  Broadcast result{.operand = value.operand, .map = {}};
  const std::int64_t width = element_count(shape);
  if (value.width() == width) return result;
  if (value.width() == 1) {
    result.column_stride = 0;
    return result;
  }
  result.map.resize(static_cast<std::size_t>(width));
  for (std::int64_t j = 0; j < width; ++j) {
    std::int64_t rest = j;
    std::int64_t position = 0;
    std::int64_t stride = 1;
    // Dimensions of the value beyond those of the shape are 1 and add nothing.
    for (std::size_t k = 1; k <= shape.size() && k <= value.shape.size(); ++k) {
      const std::int64_t index = rest % shape[shape.size() - k];
      rest /= shape[shape.size() - k];
      const std::int64_t dimension = value.shape[value.shape.size() - k];
      if (dimension != 1) position += index * stride;
      stride *= dimension;
    }
    result.map[static_cast<std::size_t>(j)] = position;
  }
  return result;
}

// A constant that meets every row in the same way is spread out once, now.
OnnxPlanned spread(OnnxNodeContext& node, const OnnxPlanned& value, const Shape& shape) {
  const Broadcast argument = broadcast(value, shape);
  if (value.batched || argument.map.empty()) return value;
  OnnxPlanned spread = node.make(value.type, shape, false);
  with_type(value.type, [&](auto zero) {
    using T = decltype(zero);
    auto* out = reinterpret_cast<T*>(spread.operand.constant);
    for (std::size_t j = 0; j < argument.map.size(); ++j) out[j] = value.elements<T>()[argument.map[j]];
  });
  return spread;
}

OnnxPlanned combine(OnnxNodeContext& node, Binary op, const OnnxPlanned& a, const OnnxPlanned& b) {
  if (a.type != b.type) {
    node.fail("combines " + std::string(to_string(a.type)) + " with " + std::string(to_string(b.type)));
  }
  const Shape shape = broadcast_shape(node, a, b);
  OnnxPlanned out = node.make(a.type, shape, a.batched || b.batched);
  Broadcast left = broadcast(spread(node, a, shape), shape);
  Broadcast right = broadcast(spread(node, b, shape), shape);
  with_type(a.type, [&](auto zero) {
    using T = decltype(zero);
    node.emit(out, std::make_unique<BinaryStep<T>>(op, std::move(left), std::move(right), out, node.where()));
  });
  return out;
}

template <Binary op>
void plan_binary(OnnxNodeContext& node) {
  node.allow_attributes({});
  if (node.input_count() != 2) node.fail("needs two inputs");
  node.set_output(0, combine(node, op, node.input(0), node.input(1)));
}

template <Binary op>
void plan_variadic(OnnxNodeContext& node) {
  node.allow_attributes({});
  OnnxPlanned result = node.input(0);
  for (std::size_t i = 1; i < node.input_count(); ++i) result = combine(node, op, result, node.input(i));
  node.set_output(0, std::move(result));
}

constexpr bool defined_on_integers(Unary op) { return op == Unary::negate || op == Unary::abs || op == Unary::relu; }

template <Unary op>
void plan_unary(OnnxNodeContext& node) {
  node.allow_attributes({});
  const OnnxPlanned& x = node.input(0);
  if (!defined_on_integers(op) && (x.type == OnnxType::int32 || x.type == OnnxType::int64)) {
    node.fail("is not defined on " + std::string(to_string(x.type)));
  }
  const OnnxPlanned out = node.make(x.type, x.shape, x.batched);
  with_type(x.type, [&](auto zero) { node.emit(out, std::make_unique<UnaryStep<decltype(zero)>>(op, x, out)); });
  node.set_output(0, out);
}

void plan_selu(OnnxNodeContext& node) {
  node.allow_attributes({"alpha", "gamma"});
  const OnnxPlanned& x = node.input(0);
  const float alpha = node.attribute<float>("alpha").value_or(1.67326319217681884765625F);
  const float gamma = node.attribute<float>("gamma").value_or(1.05070102214813232421875F);
  const OnnxPlanned out = node.make(x.type, x.shape, x.batched);
  if (x.type == OnnxType::float32) {
    node.emit(out, std::make_unique<SeluStep<float>>(alpha, gamma, x, out));
  } else if (x.type == OnnxType::float64) {
    node.emit(out, std::make_unique<SeluStep<double>>(alpha, gamma, x, out));
  } else {
    node.fail("is not defined on " + std::string(to_string(x.type)));
  }
  node.set_output(0, out);
}

// The bounds are attributes up to operator set 10, inputs since; either may be left out.
OnnxPlanned clip_bound(OnnxNodeContext& node, std::size_t input, const std::string& name) {
  if (node.opset() >= 11) {
    const OnnxPlanned& bound = node.constant_input(input);
    if (bound.width() != 1) node.fail("needs bounds of one element");
    OnnxPlanned scalar = bound;
    scalar.shape.clear();
    return scalar;
  }
  const OnnxType type = node.input(0).type;
  const float bound = *node.attribute<float>(name);
  if (type == OnnxType::float32) return node.constant({.shape = {}, .values = std::vector<float>{bound}});
  if (type == OnnxType::float64) return node.constant({.shape = {}, .values = std::vector<double>{bound}});
  node.fail("is not defined on " + std::string(to_string(type)));
}

void plan_clip(OnnxNodeContext& node) {
  const bool by_input = node.opset() >= 11;
  if (by_input) {
    node.allow_attributes({});
  } else {
    node.allow_attributes({"min", "max"});
  }
  OnnxPlanned result = node.input(0);
  const auto limit = [&](std::size_t input, const std::string& name, Binary op) {
    if (by_input ? !node.has_input(input) : !node.attribute<float>(name)) return;
    result = combine(node, op, result, clip_bound(node, input, name));
  };
  limit(1, "min", Binary::maximum);
  limit(2, "max", Binary::minimum);
  node.set_output(0, std::move(result));
}

void plan_cast(OnnxNodeContext& node) {
  node.allow_attributes({"to"});
  const OnnxPlanned& x = node.input(0);
  const auto known = onnx_type(node.attribute<std::int64_t>("to").value_or(0));
  if (!known) node.fail("casts to an element type other than float32, float64, int32 and int64");
  const OnnxType to = *known;
  if (to == x.type) return node.set_output(0, x);
  const OnnxPlanned out = node.make(to, x.shape, x.batched);
  with_type(x.type, [&](auto from) {
    with_type(to,
              [&](auto zero) { node.emit(out, std::make_unique<CastStep<decltype(from), decltype(zero)>>(x, out)); });
  });
  node.set_output(0, out);
}

}  // namespace

void append_elementwise_operators(OnnxOperatorTable& table) {
  const auto add = [&](std::string_view name, void (*plan)(OnnxNodeContext&)) {
    table.push_back({name, {.plan = plan}});
  };
  add("Add", plan_binary<Binary::add>);
  add("Sub", plan_binary<Binary::subtract>);
  add("Mul", plan_binary<Binary::multiply>);
  add("Div", plan_binary<Binary::divide>);
  add("Max", plan_variadic<Binary::maximum>);
  add("Min", plan_variadic<Binary::minimum>);
  add("Neg", plan_unary<Unary::negate>);
  add("Relu", plan_unary<Unary::relu>);
  add("Sigmoid", plan_unary<Unary::sigmoid>);
  add("Exp", plan_unary<Unary::exp>);
  add("Log", plan_unary<Unary::log>);
  add("Sin", plan_unary<Unary::sin>);
  add("Cos", plan_unary<Unary::cos>);
  add("Tanh", plan_unary<Unary::tanh>);
  add("Sqrt", plan_unary<Unary::sqrt>);
  add("Abs", plan_unary<Unary::abs>);
  add("Round", plan_unary<Unary::round>);
  add("Floor", plan_unary<Unary::floor>);
  add("Ceil", plan_unary<Unary::ceil>);
  add("Reciprocal", plan_unary<Unary::reciprocal>);
  add("Selu", plan_selu);
  add("Clip", plan_clip);
  add("Cast", plan_cast);
}

}  // namespace hyperego::detail
