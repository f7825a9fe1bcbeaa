#pragma once

#include <hyperego/study/detail/process.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace hyperego::detail {

/// What a program writes to stdout or stderr: a pipe, read while the program runs, of which a file keeps no more than
/// `limit` bytes. Of a longer text the file keeps the first quarter and the end, with a line between that says how many
/// bytes were left out. A file that cannot be written does not disturb the program; its end is kept in memory as well.
class OutputCapture {
 public:
  /// Writes to a new `file`, or to none. @throws Error where the file or the pipe cannot be made.
  OutputCapture(const std::optional<std::filesystem::path>& file, std::size_t limit);

  /// Is given every line as it comes, without its end; not one of more than 64 KiB, nor one that is never ended.
  void listen(std::function<void(std::string_view line)> listener) { listener_ = std::move(listener); }

  /// The end of the pipe that the program writes to. Closed by started().
  [[nodiscard]] int program_end() const { return write_.get(); }
  /// Readable when there is something for read().
  [[nodiscard]] int descriptor() const { return is_open_ ? read_.get() : -1; }

  /// The program has its end of the pipe.
  void started() { write_ = OwnedDescriptor(); }
  /// Takes what is there without waiting.
  void read();
  /// The program has ended: takes the rest and completes the file. Whoever still holds the pipe meets its end.
  void finish();

  /// The last part of the text, at least three quarters of `limit` bytes where there are so many.
  [[nodiscard]] const std::string& tail() const { return tail_; }
  /// Whether tail() is the whole text.
  [[nodiscard]] bool is_whole() const { return total_ == tail_.size(); }

 private:
  void keep(const char* bytes, std::size_t count);
  void hear(std::string_view bytes);
  void write(const char* bytes, std::size_t count, std::uint64_t offset) const;

  std::size_t limit_;
  OwnedDescriptor file_;
  OwnedDescriptor read_;
  OwnedDescriptor write_;
  std::string tail_;
  std::function<void(std::string_view line)> listener_;
  std::string line_;      // that has begun
  bool is_long_ = false;  // the line that has begun, too long to be listened to
  std::uint64_t total_ = 0;
  bool is_open_ = true;
};

}  // namespace hyperego::detail
