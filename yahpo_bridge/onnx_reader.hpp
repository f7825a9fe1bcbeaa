#pragma once

#include <hyperego/yahpo_bridge/onnx_graph.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace hyperego {

/// Reads an ONNX model file of up to 1 GiB: the few fields of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3
/// that OnnxGraph can hold. O(bytes) time; memory is a small multiple of the file's size, whatever the file says.
///
/// Only dense tensors of float32, float64, int32 and int64 stored inside the file are accepted. Documentation, metadata
/// and fields of later versions are skipped.
/// @throws InvalidInput naming the file and the byte where it is damaged, truncated or outside that, and for a missing
/// file.
[[nodiscard]] OnnxGraph read_onnx(const std::filesystem::path& file);

/// The same from memory. `source` names the model in messages.
[[nodiscard]] OnnxGraph parse_onnx(std::string_view bytes, const std::string& source);

}  // namespace hyperego
