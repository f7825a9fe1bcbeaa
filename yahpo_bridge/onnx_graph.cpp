#include <hyperego/yahpo_bridge/onnx_graph.hpp>

#include <functional>
#include <numeric>

namespace hyperego {

std::string_view to_string(OnnxType type) {
  switch (type) {
    case OnnxType::float32:
      return "float32";
    case OnnxType::float64:
      return "float64";
    case OnnxType::int32:
      return "int32";
    case OnnxType::int64:
      return "int64";
  }
  return "unknown";
}

std::optional<OnnxType> onnx_type(std::int64_t data_type) {
  switch (data_type) {
    case 1:
      return OnnxType::float32;
    case 6:
      return OnnxType::int32;
    case 7:
      return OnnxType::int64;
    case 11:
      return OnnxType::float64;
    default:
      return std::nullopt;
  }
}

std::size_t size_of(OnnxType type) { return type == OnnxType::float32 || type == OnnxType::int32 ? 4 : 8; }

std::int64_t element_count(const std::vector<std::int64_t>& shape) {
  return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>{});
}

bool is_possible_shape(const std::vector<std::int64_t>& shape) {
  constexpr std::int64_t limit = std::int64_t{1} << 28;  // far above any surrogate, far below overflow
  std::int64_t count = 1;
  for (const std::int64_t dimension : shape) {
    if (dimension < 0 || (dimension > 0 && count > limit / dimension)) return false;
    if (dimension > 0) count *= dimension;
  }
  return true;
}

}  // namespace hyperego
