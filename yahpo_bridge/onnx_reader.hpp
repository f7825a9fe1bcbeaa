#pragma once

#include <hyperego/yahpo_bridge/onnx_graph.hpp>

#include <filesystem>
#include <string>
#include <string_view>

namespace hyperego {

/// Reads an ONNX model file (IR version ≤ 8, default operator domain), up to 1 GiB.
///
/// Only what OnnxGraph can hold is accepted: dense tensors of float32, float64, int32 and int64 stored inside the file.
/// @throws InvalidInput naming the file where it is missing, damaged, truncated or outside that.
[[nodiscard]] OnnxGraph read_onnx(const std::filesystem::path& file);

/// The same from memory. `source` names the model in messages.
[[nodiscard]] OnnxGraph parse_onnx(std::string_view bytes, const std::string& source);

}  // namespace hyperego
