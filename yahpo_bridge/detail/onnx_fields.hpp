#pragma once

#include <cstdint>

// Numbers of the fields that are read of ONNX's messages, and of its enumerations.
// https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3; numbers never change their meaning there.
namespace hyperego::detail::onnx_fields {

namespace model {
inline constexpr std::uint32_t graph = 7;
inline constexpr std::uint32_t opset_import = 8;
}  // namespace model

namespace operator_set {
inline constexpr std::uint32_t domain = 1;
inline constexpr std::uint32_t version = 2;
}  // namespace operator_set

namespace graph {
inline constexpr std::uint32_t node = 1;
inline constexpr std::uint32_t initializer = 5;
inline constexpr std::uint32_t input = 11;
inline constexpr std::uint32_t output = 12;
inline constexpr std::uint32_t sparse_initializer = 15;
}  // namespace graph

namespace node {
inline constexpr std::uint32_t input = 1;
inline constexpr std::uint32_t output = 2;
inline constexpr std::uint32_t name = 3;
inline constexpr std::uint32_t op_type = 4;
inline constexpr std::uint32_t attribute = 5;
inline constexpr std::uint32_t domain = 7;
}  // namespace node

namespace attribute {
inline constexpr std::uint32_t name = 1;
inline constexpr std::uint32_t f = 2;
inline constexpr std::uint32_t i = 3;
inline constexpr std::uint32_t s = 4;
inline constexpr std::uint32_t t = 5;
inline constexpr std::uint32_t floats = 7;
inline constexpr std::uint32_t ints = 8;
inline constexpr std::uint32_t type = 20;

namespace types {
inline constexpr std::int64_t real = 1;
inline constexpr std::int64_t integer = 2;
inline constexpr std::int64_t string = 3;
inline constexpr std::int64_t tensor = 4;
inline constexpr std::int64_t reals = 6;
inline constexpr std::int64_t integers = 7;
}  // namespace types
}  // namespace attribute

namespace tensor {
inline constexpr std::uint32_t dims = 1;
inline constexpr std::uint32_t data_type = 2;
inline constexpr std::uint32_t float_data = 4;
inline constexpr std::uint32_t int32_data = 5;
inline constexpr std::uint32_t int64_data = 7;
inline constexpr std::uint32_t name = 8;
inline constexpr std::uint32_t raw_data = 9;
inline constexpr std::uint32_t double_data = 10;
inline constexpr std::uint32_t data_location = 14;

/// Names of the element types (TensorProto.DataType) by their numbers.
inline constexpr const char* type_names[] = {"UNDEFINED", "FLOAT",  "UINT8",     "INT8",       "UINT16",  "INT16",
                                             "INT32",     "INT64",  "STRING",    "BOOL",       "FLOAT16", "DOUBLE",
                                             "UINT32",    "UINT64", "COMPLEX64", "COMPLEX128", "BFLOAT16"};
inline constexpr std::int64_t outside_the_file = 1;  // of data_location
}  // namespace tensor

namespace value_info {
inline constexpr std::uint32_t name = 1;
inline constexpr std::uint32_t type = 2;
}  // namespace value_info

namespace type {
inline constexpr std::uint32_t tensor_type = 1;
}  // namespace type

namespace tensor_type {
inline constexpr std::uint32_t elem_type = 1;
inline constexpr std::uint32_t shape = 2;
}  // namespace tensor_type

namespace shape {
inline constexpr std::uint32_t dim = 1;
}  // namespace shape

namespace dimension {
inline constexpr std::uint32_t dim_value = 1;
inline constexpr std::uint32_t dim_param = 2;
}  // namespace dimension

}  // namespace hyperego::detail::onnx_fields
