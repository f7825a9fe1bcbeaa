#pragma once

#include <hyperego/yahpo_bridge/onnx_graph.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace hyperego {

namespace detail {
struct OnnxPlan;
}

/// Evaluates an ONNX graph on batches of rows, natively and on one thread.
///
/// The first dimension of every input is the batch: symbolic, or 1 in every input, which is taken for a graph of one
/// row that is run for each row. Rows must not depend on each other; a graph that mixes them is refused. Everything
/// that does not depend on the inputs is computed once, by the constructor, and weights are packed for the vector units
/// there as well. A row's result is the same to the bit whatever batch it is part of, for one instruction set
/// (core/instruction_set.hpp).
///
/// Immutable and cheap to copy (copies share the plan); run() may be called from many threads at once. It keeps its
/// intermediate results in memory that belongs to the calling thread and grows to a few hundred kilobytes.
class OnnxInterpreter {
 public:
  using Input = std::variant<std::span<const float>, std::span<const double>, std::span<const std::int32_t>,
                             std::span<const std::int64_t>>;
  using Output = std::variant<std::span<float>, std::span<double>, std::span<std::int32_t>, std::span<std::int64_t>>;

  struct Port {
    std::string name;
    OnnxType type = OnnxType::float32;
    std::size_t width = 0;  ///< elements per row
  };

  /// `source` names the model in messages.
  /// @throws InvalidInput naming source, node and operator for an unknown operator or attribute, for shapes or types
  /// that do not fit, for rows that depend on each other, for computed values of more than 64 MiB (inputs and results
  /// for a block of 96 rows, packed weights) and for more than 2^30 multiplications a row.
  explicit OnnxInterpreter(const OnnxGraph& graph, std::string source = "ONNX graph");

  [[nodiscard]] const std::vector<Port>& inputs() const { return inputs_; }
  [[nodiscard]] const std::vector<Port>& outputs() const { return outputs_; }
  /// Operations per block of rows that remained after planning.
  [[nodiscard]] std::size_t step_count() const;

  /// Reads rows × width elements from every input and writes as many to every output, row-major, in the order of the
  /// ports.
  /// @throws InvalidInput where number, types or lengths differ from the ports, and for a table index that a row puts
  /// outside its table. Outputs are then unspecified.
  void run(std::size_t rows, std::span<const Input> inputs, std::span<const Output> outputs) const;

  /// Names of the operators that are known, sorted.
  [[nodiscard]] static std::vector<std::string_view> operators();

 private:
  std::shared_ptr<const detail::OnnxPlan> plan_;
  std::string source_;
  std::vector<Port> inputs_;
  std::vector<Port> outputs_;
};

}  // namespace hyperego
