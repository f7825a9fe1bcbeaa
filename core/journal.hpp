#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hyperego {

/// An advisory lock on a file (flock): it dies with its process, so a crash never leaves it behind.
class FileLock {
 public:
  /// Waits up to `patience_s` seconds for a lock that another process holds.
  /// @throws StoreError where it holds it even then, or the file system has no locks.
  explicit FileLock(const std::filesystem::path& file, double patience_s = 0);
  ~FileLock();
  FileLock(FileLock&&) noexcept;
  FileLock& operator=(FileLock&&) noexcept;

  /// Whether some process holds the lock at this moment.
  [[nodiscard]] static bool is_held(const std::filesystem::path& file);

 private:
  int descriptor_ = -1;
};

/// What was found in a journal when it was opened.
struct JournalContent {
  std::vector<nlohmann::ordered_json> events;
  std::vector<std::uintmax_t> ends;  ///< size of the file up to and with each event
  bool has_torn_tail = false;        ///< the last line is incomplete (a crash while writing) and was left out
};

/// When an event is safe from a power failure. From the death of the process it is safe either way.
enum class Durability { now, with_next };

/// An append-only file of one JSON object a line. An event counts once append() has returned: it is then on the disk.
class Journal {
 public:
  /// Opens (or makes) `file` and reads it. A torn last line stays where it is until the first append() or cut(), so
  /// that whoever finds other damage in the content can leave the file alone.
  /// @throws StoreError naming the file and line for damage elsewhere, or where it cannot be opened or read.
  [[nodiscard]] static std::pair<Journal, JournalContent> open(const std::filesystem::path& file);
  /// Reads without changing anything or locking; a torn last line is left out.
  [[nodiscard]] static JournalContent read(const std::filesystem::path& file);

  ~Journal();
  Journal(Journal&&) noexcept;
  Journal& operator=(Journal&&) noexcept;

  /// Writes the events as one block and, unless the next append() is soon to do it, flushes them to the disk
  /// (fdatasync).
  /// @throws StoreError where that fails; the file is then cut back to what was there before, as far as possible.
  void append(const std::vector<nlohmann::ordered_json>& events, Durability durability = Durability::now);

  /// Flushes what was appended with `Durability::with_next`; nothing where all is on the disk.
  /// @throws StoreError where that fails; the file is then cut back to what is known to be on the disk.
  void flush();

  /// Cuts the file to `size` bytes (one of JournalContent::ends, or 0): takes back the beginning of a block that a
  /// crash left incomplete. @throws StoreError where that fails.
  void cut(std::uintmax_t size);

  /// Bytes of the events.
  [[nodiscard]] std::uintmax_t size() const { return size_; }
  /// Whether all of them are on the disk.
  [[nodiscard]] bool is_flushed() const { return flushed_ == size_; }

 private:
  Journal(std::filesystem::path file, int descriptor, std::uintmax_t size, bool has_torn_tail);
  std::filesystem::path file_;
  int descriptor_ = -1;
  std::uintmax_t size_ = 0;
  std::uintmax_t flushed_ = 0;  // what the disk is known to hold
  bool has_torn_tail_ = false;  // there is more in the file than its events
};

/// Replaces `file` by `content` so that a reader, or a crash, sees the old or the new one and nothing between:
/// temporary file in the same folder, fsync, rename, fsync of the folder. @throws StoreError naming the file.
void write_file_atomically(const std::filesystem::path& file, std::string_view content);

}  // namespace hyperego
