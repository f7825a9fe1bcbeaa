#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace hyperego::detail {

/// The file to which an evaluated program may write its result instead of printing it. Vanishes in the end.
class ResultFile {
 public:
  /// `NAME.result` in `directory`, or in a folder made among the temporary files.
  /// @throws Error where that cannot be made.
  ResultFile(const std::optional<std::filesystem::path>& directory, const std::string& name);
  ~ResultFile();
  ResultFile(const ResultFile&) = delete;
  ResultFile& operator=(const ResultFile&) = delete;

  /// Absolute. Nothing is there at first.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// At most `limit` + 1 bytes of its text; nothing where there is no regular file or nothing but white space in it.
  [[nodiscard]] std::optional<std::string> read(std::size_t limit) const;

 private:
  std::filesystem::path folder_;  // empty where it is not ours
  std::filesystem::path path_;
};

}  // namespace hyperego::detail
