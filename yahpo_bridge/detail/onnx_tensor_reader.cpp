#include <hyperego/yahpo_bridge/detail/onnx_fields.hpp>
#include <hyperego/yahpo_bridge/detail/onnx_tensor_reader.hpp>

#include <bit>
#include <cstring>
#include <iterator>
#include <type_traits>
#include <utility>

namespace hyperego::detail {
namespace {

static_assert(std::endian::native == std::endian::little, "raw tensor data would have to be swapped");

template <typename T>
OnnxTensor::Values elements_of(std::vector<T> stored, std::optional<std::string_view> raw, std::size_t count,
                               const ProtobufField& place, const std::string& what) {
  // Compared before anything is allocated: a damaged shape must not ask for gigabytes.
  if ((raw ? raw->size() : stored.size() * sizeof(T)) != count * sizeof(T)) {
    place.fail(what + " does not hold as many elements as its shape says");
  }
  if (raw) stored.resize(count);
  if (raw && count > 0) std::memcpy(stored.data(), raw->data(), raw->size());
  return stored;
}

}  // namespace

void read_stored_tensor(ProtobufMessage message, StoredTensor& tensor) {
  while (const auto field = message.next()) {
    switch (field->number()) {
      case onnx_fields::tensor::dims:
        field->append_to(tensor.dims);
        break;
      case onnx_fields::tensor::data_type:
        tensor.type = field->integer();
        break;
      case onnx_fields::tensor::float_data:
        field->append_to(tensor.float32);
        break;
      case onnx_fields::tensor::int32_data:
        field->append_to(tensor.int32);
        break;
      case onnx_fields::tensor::int64_data:
        field->append_to(tensor.int64);
        break;
      case onnx_fields::tensor::name:
        tensor.name = field->text();
        break;
      case onnx_fields::tensor::raw_data:
        tensor.raw = field->bytes();
        break;
      case onnx_fields::tensor::double_data:
        field->append_to(tensor.float64);
        break;
      case onnx_fields::tensor::data_location:
        tensor.is_outside_the_file = field->integer() == onnx_fields::tensor::outside_the_file;
        break;
      default:
        break;
    }
  }
}

OnnxTensor tensor_of(StoredTensor stored, const ProtobufField& place, const std::string& what) {
  if (stored.is_outside_the_file) {
    place.fail(what + " is stored outside the file, which is not supported; export the model as one file");
  }
  if (!is_possible_shape(stored.dims)) place.fail(what + " has an impossible shape");
  OnnxTensor tensor{.shape = std::move(stored.dims), .values = {}};
  const auto count = static_cast<std::size_t>(element_count(tensor.shape));
  switch (element_type(stored.type, place, what)) {
    case OnnxType::float32:
      tensor.values = elements_of(std::move(stored.float32), stored.raw, count, place, what);
      break;
    case OnnxType::float64:
      tensor.values = elements_of(std::move(stored.float64), stored.raw, count, place, what);
      break;
    case OnnxType::int32:
      tensor.values = elements_of(std::move(stored.int32), stored.raw, count, place, what);
      break;
    case OnnxType::int64:
      tensor.values = elements_of(std::move(stored.int64), stored.raw, count, place, what);
      break;
  }
  return tensor;
}

OnnxType element_type(std::int64_t type, const ProtobufField& place, const std::string& what) {
  if (const auto known = onnx_type(type)) return *known;
  const auto& names = onnx_fields::tensor::type_names;
  const bool has_name = type >= 0 && type < std::ssize(names);
  place.fail(what + " has element type " + (has_name ? names[type] : std::to_string(type)) +
             "; known are FLOAT, DOUBLE, INT32 and INT64");
}

}  // namespace hyperego::detail
