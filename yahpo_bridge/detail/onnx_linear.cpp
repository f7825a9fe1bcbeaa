// Operators with weights: Gemm, MatMul, BatchNormalization.
#include <hyperego/yahpo_bridge/detail/dense_kernel.hpp>
#include <hyperego/yahpo_bridge/detail/elementwise_kernel.hpp>
#include <hyperego/yahpo_bridge/detail/onnx_planner.hpp>

#include <cmath>
#include <type_traits>

namespace hyperego::dense_kernel {
namespace {

void run(std::int64_t rows, std::int64_t inputs, std::int64_t outputs, const float* x, std::int64_t x_stride,
         const float* packed, const float* bias, float* y, std::int64_t y_stride) {
  HYPEREGO_DISPATCH(dense, rows, inputs, outputs, x, x_stride, packed, bias, y, y_stride);
}

}  // namespace
}  // namespace hyperego::dense_kernel

namespace hyperego::elementwise_kernel {
namespace {

void run_scale_shift(std::int64_t rows, std::int64_t width, const float* x, std::int64_t x_row, const float* scale,
                     const float* shift, float* out) {
  HYPEREGO_DISPATCH(scale_shift, rows, width, x, x_row, scale, shift, out);
}

}  // namespace
}  // namespace hyperego::elementwise_kernel

namespace hyperego::detail {
namespace {

// y = x W + bias, W of shape inputs × outputs; a row of the batch may hold several rows of x.
template <typename T>
struct Affine {
  std::int64_t inputs = 0;
  std::int64_t outputs = 0;
  std::vector<T> weights;  // row-major
  std::vector<T> bias;
};

template <typename T>
class AffineStep final : public OnnxStep {
 public:
  AffineStep(Affine<T> affine, const OnnxPlanned& x, const OnnxPlanned& out)
      : affine_(std::move(affine)),
        x_(x.operand),
        out_(out.operand),
        lead_(out.width() / std::max<std::int64_t>(affine_.outputs, 1)) {
    if constexpr (std::is_same_v<T, float>) pack();
  }

  void run(const OnnxFrame& frame) const override {
    const T* x = x_.read<T>(frame);
    T* y = out_.write<T>(frame);
    if (lead_ == 1) return product(frame.rows, x, x_.row_stride, y);
    if (x_.row_stride == lead_ * affine_.inputs) return product(frame.rows * lead_, x, affine_.inputs, y);
    for (std::int64_t r = 0; r < frame.rows; ++r) {
      product(lead_, x + r * x_.row_stride, affine_.inputs, y + r * lead_ * affine_.outputs);
    }
  }

 private:
  void pack() {
    constexpr std::int64_t panel = dense_kernel::panel_width;
    const std::int64_t columns = (affine_.outputs + panel - 1) / panel * panel;
    const auto bytes = static_cast<std::size_t>(columns * (affine_.inputs + 1)) * sizeof(float);
    packed_ = allocate_aligned(bytes);
    auto* to = reinterpret_cast<float*>(packed_.get());
    const auto at = [&](const std::vector<T>& values, std::int64_t row, std::int64_t j) {
      return j < affine_.outputs ? values[static_cast<std::size_t>(row * affine_.outputs + j)] : T{0};
    };
    for (std::int64_t j = 0; j < columns; ++j) *to++ = at(affine_.bias, 0, j);
    for (std::int64_t begin = 0; begin < columns; begin += panel) {
      for (std::int64_t k = 0; k < affine_.inputs; ++k) {
        for (std::int64_t j = begin; j < begin + panel; ++j) *to++ = at(affine_.weights, k, j);
      }
    }
    packed_bias_columns_ = columns;
    affine_.weights = {};
    affine_.bias = {};
  }

  void product(std::int64_t rows, const T* x, std::int64_t x_stride, T* y) const {
    const std::int64_t outputs = affine_.outputs;
    if constexpr (std::is_same_v<T, float>) {
      const auto* bias = reinterpret_cast<const float*>(packed_.get());
      dense_kernel::run(rows, affine_.inputs, outputs, x, x_stride, bias + packed_bias_columns_, bias, y, outputs);
    } else {
      for (std::int64_t r = 0; r < rows; ++r) {
        T* row = y + r * outputs;
        for (std::int64_t j = 0; j < outputs; ++j) row[j] = affine_.bias[static_cast<std::size_t>(j)];
        for (std::int64_t k = 0; k < affine_.inputs; ++k) {
          const T* weights = affine_.weights.data() + k * outputs;
          const T a = x[r * x_stride + k];
          for (std::int64_t j = 0; j < outputs; ++j) row[j] += a * weights[j];
        }
      }
    }
  }

  Affine<T> affine_;
  OnnxOperand x_;
  OnnxOperand out_;
  std::int64_t lead_;  // rows of x in one row of the batch
  AlignedBytes packed_;
  std::int64_t packed_bias_columns_ = 0;
};

void emit_affine(OnnxNodeContext& node, const OnnxPlanned& x, std::vector<std::int64_t> shape, std::int64_t inputs,
                 std::int64_t outputs, const std::vector<double>& weights, const std::vector<double>& bias) {
  const OnnxPlanned out = node.make(x.type, std::move(shape), x.batched);
  node.claim_product(out.width() / std::max<std::int64_t>(outputs, 1), inputs, outputs);
  // The packed copy: whole panels of columns.
  const std::int64_t columns = (outputs + dense_kernel::panel_width - 1) / dense_kernel::panel_width;
  node.claim(static_cast<std::size_t>(columns * (inputs + 1) * dense_kernel::panel_width) * size_of(x.type), false);
  const auto emit = [&](auto zero) {
    using T = decltype(zero);
    Affine<T> affine{.inputs = inputs, .outputs = outputs, .weights = {}, .bias = {}};
    for (const double w : weights) affine.weights.push_back(static_cast<T>(w));
    for (const double b : bias) affine.bias.push_back(static_cast<T>(b));
    node.emit(out, std::make_unique<AffineStep<T>>(std::move(affine), x, out));
  };
  if (x.type == OnnxType::float64) {
    emit(double{});
  } else {
    emit(float{});
  }
  node.set_output(0, out);
}

void check_real(const OnnxNodeContext& node, const OnnxPlanned& value, OnnxType type) {
  if (value.type != type || (type != OnnxType::float32 && type != OnnxType::float64)) {
    node.fail("is only known for float32 and float64, with all inputs of one type");
  }
}

void plan_gemm(OnnxNodeContext& node) {
  node.allow_attributes({"alpha", "beta", "transA", "transB"});
  const OnnxPlanned& a = node.input(0);
  const OnnxPlanned& b = node.constant_input(1);
  check_real(node, a, a.type);
  check_real(node, b, a.type);
  if (a.rank() != 2 || b.rank() != 2) node.fail("needs matrices");
  if (node.attribute<std::int64_t>("transA").value_or(0) != 0) node.fail("attribute transA = 1 is not supported");
  const bool transposed = node.attribute<std::int64_t>("transB").value_or(0) != 0;
  const std::int64_t inputs = b.shape[transposed ? 1 : 0];
  const std::int64_t outputs = b.shape[transposed ? 0 : 1];
  if (a.shape.back() != inputs) {
    node.fail("multiplies " + std::to_string(a.shape.back()) + " columns with " + std::to_string(inputs) + " rows");
  }
  const std::vector<double> from = node.reals(1);
  std::vector<double> weights(from.size());
  const double alpha = node.attribute<float>("alpha").value_or(1);
  for (std::int64_t k = 0; k < inputs; ++k) {
    for (std::int64_t j = 0; j < outputs; ++j) {
      weights[static_cast<std::size_t>(k * outputs + j)] =
          alpha * from[static_cast<std::size_t>(transposed ? j * inputs + k : k * outputs + j)];
    }
  }
  std::vector<double> bias(static_cast<std::size_t>(outputs), 0.0);
  if (node.has_input(2)) {
    check_real(node, node.input(2), a.type);
    const std::vector<double> c = node.reals(2);
    const std::vector<std::int64_t>& shape = node.input(2).shape;
    const bool one_row = shape.size() < 2 || (shape.size() == 2 && shape.front() == 1);
    if (!one_row || (c.size() != 1 && c.size() != bias.size())) node.fail("adds a matrix that is not one row");
    const double beta = node.attribute<float>("beta").value_or(1);
    for (std::size_t j = 0; j < bias.size(); ++j) bias[j] = beta * c[c.size() == 1 ? 0 : j];
  }
  std::vector<std::int64_t> shape = a.shape;
  shape.back() = outputs;
  emit_affine(node, a, std::move(shape), inputs, outputs, weights, bias);
}

void plan_matmul(OnnxNodeContext& node) {
  node.allow_attributes({});
  const OnnxPlanned& a = node.input(0);
  const OnnxPlanned& b = node.constant_input(1);
  check_real(node, a, a.type);
  check_real(node, b, a.type);
  if (a.rank() < 2 || b.rank() != 2) node.fail("is only known for a constant matrix on the right");
  const std::int64_t inputs = b.shape[0];
  const std::int64_t outputs = b.shape[1];
  if (a.shape.back() != inputs) {
    node.fail("multiplies " + std::to_string(a.shape.back()) + " columns with " + std::to_string(inputs) + " rows");
  }
  std::vector<std::int64_t> shape = a.shape;
  shape.back() = outputs;
  const std::vector<double> bias(static_cast<std::size_t>(outputs), 0.0);
  emit_affine(node, a, std::move(shape), inputs, outputs, node.reals(1), bias);
}

// out[r, j] = x[r, j] · scale[j] + shift[j]
template <typename T>
class ScaleShiftStep final : public OnnxStep {
 public:
  ScaleShiftStep(std::vector<T> scale, std::vector<T> shift, const OnnxPlanned& x, const OnnxPlanned& out)
      : scale_(std::move(scale)), shift_(std::move(shift)), x_(x.operand), out_(out.operand) {}

  void run(const OnnxFrame& frame) const override {
    const auto width = static_cast<std::int64_t>(scale_.size());
    const T* x = x_.read<T>(frame);
    T* out = out_.write<T>(frame);
    if constexpr (std::is_same_v<T, float>) {
      elementwise_kernel::run_scale_shift(frame.rows, width, x, x_.row_stride, scale_.data(), shift_.data(), out);
    } else {
      for (std::int64_t r = 0; r < frame.rows; ++r) {
        for (std::int64_t j = 0; j < width; ++j) {
          const auto i = static_cast<std::size_t>(j);
          out[r * width + j] = x[r * x_.row_stride + j] * scale_[i] + shift_[i];
        }
      }
    }
  }

 private:
  std::vector<T> scale_;
  std::vector<T> shift_;
  OnnxOperand x_;
  OnnxOperand out_;
};

void plan_batch_normalization(OnnxNodeContext& node) {
  node.allow_attributes({"epsilon", "momentum", "training_mode", "spatial"});
  if (node.attribute<std::int64_t>("training_mode").value_or(0) != 0)
    node.fail("is in training mode; export the model for inference");
  if (node.attribute<std::int64_t>("spatial").value_or(1) != 1) node.fail("attribute spatial = 0 is not supported");
  const OnnxPlanned& x = node.input(0);
  check_real(node, x, x.type);
  if (!x.batched || x.shape.empty()) node.fail("needs a batch of channels");
  const std::vector<double> gamma = node.reals(1);
  const std::vector<double> beta = node.reals(2);
  const std::vector<double> mean = node.reals(3);
  const std::vector<double> variance = node.reals(4);
  const auto channels = static_cast<std::size_t>(x.shape.front());
  for (const auto* values : {&gamma, &beta, &mean, &variance}) {
    if (values->size() != channels) node.fail("has statistics for another number of channels than its input");
  }
  const double epsilon = node.attribute<float>("epsilon").value_or(1e-5F);
  const std::int64_t repeat = x.width() / std::max<std::int64_t>(x.shape.front(), 1);
  const OnnxPlanned out = node.make(x.type, x.shape, true);
  const auto emit = [&](auto zero) {
    using T = decltype(zero);
    std::vector<T> scale;
    std::vector<T> shift;
    for (std::size_t c = 0; c < channels; ++c) {
      const double factor = gamma[c] / std::sqrt(variance[c] + epsilon);
      scale.insert(scale.end(), static_cast<std::size_t>(repeat), static_cast<T>(factor));
      shift.insert(shift.end(), static_cast<std::size_t>(repeat), static_cast<T>(beta[c] - mean[c] * factor));
    }
    node.emit(out, std::make_unique<ScaleShiftStep<T>>(std::move(scale), std::move(shift), x, out));
  };
  if (x.type == OnnxType::float64) {
    emit(double{});
  } else {
    emit(float{});
  }
  node.set_output(0, out);
}

}  // namespace

void append_linear_operators(OnnxOperatorTable& table) {
  table.push_back({"Gemm", {.plan = plan_gemm}});
  table.push_back({"MatMul", {.plan = plan_matmul}});
  table.push_back({"BatchNormalization", {.plan = plan_batch_normalization}});
}

}  // namespace hyperego::detail
