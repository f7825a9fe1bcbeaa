#pragma once

#include <hyperego/core/error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <string_view>
#include <unistd.h>
#include <utility>

namespace hyperego::fuzz {

/// The property that every fuzzer checks: what is read gives a result or an Error. Any other exception leaves the
/// fuzzer, which counts it as a crash.
template <typename Read>
int result_or_error(Read&& read) {
  try {
    std::forward<Read>(read)();
  } catch (const Error& error) {
    if (std::string_view(error.what()).empty()) std::abort();
  }
  return 0;
}

/// A property of what was read without complaint.
inline void require(bool holds, std::string_view what) {
  if (holds) return;
  std::cerr << "violated: " << what << '\n';
  std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// A folder of this process's own, where its files are small and many; `scripts/fuzz` removes it.
inline const std::filesystem::path& scratch_directory() {
  static const std::filesystem::path directory = [] {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("hyperego-fuzz-" + std::to_string(::getpid()));
    std::filesystem::create_directories(path);
    return path;
  }();
  return directory;
}

}  // namespace hyperego::fuzz
