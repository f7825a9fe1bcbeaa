#pragma once

#include <filesystem>

namespace hyperego {

/// What a folder that can be reported holds.
enum class ResultKind {
  study,     ///< a run directory
  benchmark  ///< what `hyperego benchmark` has written
};

/// By the files in it. @throws InvalidInput naming the folder where it is neither, is missing, or is a benchmark
/// without a summary.
[[nodiscard]] ResultKind result_kind(const std::filesystem::path& directory);

}  // namespace hyperego
