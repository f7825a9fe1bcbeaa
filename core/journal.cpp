#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/core/utf8.hpp>

#include <nlohmann/json.hpp>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <optional>
#include <set>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace hyperego {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

[[noreturn]] void fail(const fs::path& file, const std::string& what, int error) {
  throw StoreError(file.string(), what + ": " + std::generic_category().message(error));
}

[[noreturn]] void fail_to_lock(const fs::path& file, int error) {
  const bool has_no_locks = error == ENOLCK || error == EOPNOTSUPP || error == ENOSYS;
  fail(file,
       has_no_locks ? "the file system has no locks (a network without its lock service?), without which two programs "
                      "could write the same journal; choose a directory on another one"
                    : "cannot be locked",
       error);
}

template <typename Call>
auto uninterrupted(Call&& call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

/// Closes on leaving the scope, so that every throw below is safe.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return value_; }
  int release() { return std::exchange(value_, -1); }

 private:
  int value_;
};

int open_file(const fs::path& file, int flags) {
  return uninterrupted([&] { return ::open(file.c_str(), flags | O_CLOEXEC, 0666); });
}

/// Writes all of `text` at `offset`. 0, or the error number.
int write_at(int descriptor, std::string_view text, std::uintmax_t offset) {
  while (!text.empty()) {
    const ssize_t written =
        uninterrupted([&] { return ::pwrite(descriptor, text.data(), text.size(), static_cast<off_t>(offset)); });
    if (written < 0) return errno;
    if (written == 0) return EIO;
    text.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uintmax_t>(written);
  }
  return 0;
}

std::string read_all(int descriptor, const fs::path& file) {
  std::string text;
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && status.st_size > 0) text.reserve(static_cast<std::size_t>(status.st_size));
  char block[1 << 16];
  for (;;) {
    const ssize_t count = uninterrupted([&] { return ::read(descriptor, block, sizeof block); });
    if (count < 0) fail(file, "cannot be read", errno);
    if (count == 0) return text;
    text.append(block, static_cast<std::size_t>(count));
  }
}

/// A rename or a new file is on the disk once its folder is. Some file systems cannot flush folders; they say EINVAL.
void flush_folder(const fs::path& file) {
  const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
  const Descriptor descriptor(open_file(folder, O_RDONLY | O_DIRECTORY));
  if (descriptor.get() < 0) fail(folder, "cannot be opened", errno);
  if (uninterrupted([&] { return ::fsync(descriptor.get()); }) != 0 && errno != EINVAL && errno != EROFS) {
    fail(folder, "cannot be flushed to the disk", errno);
  }
}

/// A new file beside `file`, in nobody's way: what has its name already is left as it is.
int open_temporary(const fs::path& file, fs::path& temporary) {
  constexpr int most_attempts = 1000;
  for (int attempt = 0;; ++attempt) {
    temporary =
        file.string() + ".tmp" + std::to_string(::getpid()) + (attempt == 0 ? "" : "-" + std::to_string(attempt));
    const int descriptor = open_file(temporary, O_WRONLY | O_CREAT | O_EXCL);
    if (descriptor >= 0 || errno != EEXIST || attempt == most_attempts) return descriptor;
  }
}

/// The event on one line; nothing, and the complaint, where the line is damaged.
std::optional<ordered_json> event_from(std::string_view line, std::string& complaint) {
  try {
    ordered_json event = parse_json(line, "");
    if (event.is_object()) return event;
    complaint = "the line is not a JSON object";
  } catch (const InvalidInput& error) {
    complaint = error.what();
  }
  return std::nullopt;
}

JournalContent content_of(std::string_view text, const fs::path& file) {
  JournalContent content;
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t newline = text.find('\n', start);
    content.has_torn_tail = newline == std::string_view::npos;
    if (content.has_torn_tail) break;
    std::string complaint;
    auto event = event_from(text.substr(start, newline - start), complaint);
    if (!event) {
      content.has_torn_tail = newline + 1 == text.size();
      if (content.has_torn_tail) break;
      throw StoreError(
          file.string() + ":" + std::to_string(content.events.size() + 1),
          "the journal is damaged (" + complaint + "); restore the line from a copy, or cut the file before it");
    }
    content.events.push_back(std::move(*event));
    start = newline + 1;
    content.ends.push_back(start);
  }
  return content;
}

/// The locks of this process, by device and inode: to the system they are as foreign as those of another.
class OwnLocks {
 public:
  static OwnLocks& instance() {
    static OwnLocks locks;
    return locks;
  }
  void add(int descriptor) {
    change(descriptor, [this](const Key& key) { held_.insert(key); });
  }
  void remove(int descriptor) {
    change(descriptor, [this](const Key& key) { held_.erase(key); });
  }
  [[nodiscard]] bool contains(int descriptor) {
    bool found = false;
    change(descriptor, [&](const Key& key) { found = held_.count(key) > 0; });
    return found;
  }

 private:
  using Key = std::pair<dev_t, ino_t>;

  template <typename Change>
  void change(int descriptor, Change&& change) {
    struct stat status {};
    if (::fstat(descriptor, &status) != 0) return;
    const std::lock_guard lock(mutex_);
    change(Key{status.st_dev, status.st_ino});
  }

  std::mutex mutex_;
  std::set<Key> held_;
};

}  // namespace

FileLock::FileLock(const fs::path& file, double patience_s) {
  Descriptor descriptor(open_file(file, O_RDWR | O_CREAT));
  if (descriptor.get() < 0) fail(file, "cannot be opened", errno);
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(patience_s);
  while (uninterrupted([&] { return ::flock(descriptor.get(), LOCK_EX | LOCK_NB); }) != 0) {
    if (errno != EWOULDBLOCK) fail_to_lock(file, errno);
    if (std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      continue;
    }
    throw StoreError(
        file.string(),
        OwnLocks::instance().contains(descriptor.get())
            ? "this very process holds the lock already; use the study that has the directory open, or close "
              "it first"
            : "another process holds the lock; wait until it has ended, or stop it");
  }
  OwnLocks::instance().add(descriptor.get());
  descriptor_ = descriptor.release();
}

FileLock::~FileLock() {
  if (descriptor_ < 0) return;
  OwnLocks::instance().remove(descriptor_);
  ::close(descriptor_);
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

bool FileLock::is_held(const fs::path& file) {
  const Descriptor descriptor(open_file(file, O_RDONLY));
  if (descriptor.get() < 0) return false;
  return uninterrupted([&] { return ::flock(descriptor.get(), LOCK_SH | LOCK_NB); }) != 0 && errno == EWOULDBLOCK;
}

Journal::Journal(fs::path file, int descriptor, std::uintmax_t size, bool has_torn_tail)
    : file_(std::move(file)), descriptor_(descriptor), size_(size), flushed_(size), has_torn_tail_(has_torn_tail) {}

Journal::~Journal() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Journal::Journal(Journal&& other) noexcept
    : file_(std::move(other.file_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      flushed_(other.flushed_),
      has_torn_tail_(other.has_torn_tail_) {}

Journal& Journal::operator=(Journal&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  std::swap(flushed_, other.flushed_);
  std::swap(has_torn_tail_, other.has_torn_tail_);
  return *this;
}

std::pair<Journal, JournalContent> Journal::open(const fs::path& file) {
  std::error_code ignored;
  const bool is_new = !fs::exists(file, ignored);
  Descriptor descriptor(open_file(file, O_RDWR | O_CREAT));
  if (descriptor.get() < 0) fail(file, "cannot be opened for writing", errno);
  if (is_new) flush_folder(file);
  JournalContent content = content_of(read_all(descriptor.get(), file), file);
  const std::uintmax_t size = content.ends.empty() ? 0 : content.ends.back();
  Journal journal(file, descriptor.release(), size, content.has_torn_tail);
  return {std::move(journal), std::move(content)};
}

JournalContent Journal::read(const fs::path& file) {
  const Descriptor descriptor(open_file(file, O_RDONLY));
  if (descriptor.get() < 0) fail(file, "cannot be read", errno);
  return content_of(read_all(descriptor.get(), file), file);
}

void Journal::append(const std::vector<ordered_json>& events, Durability durability) {
  if (events.empty()) return;
  if (has_torn_tail_) cut(size_);
  std::string block;
  for (const ordered_json& event : events) {
    // What an evaluated program printed need not be UTF-8; a message is no reason to lose a result.
    block += dump_utf8(event);
    block += '\n';
  }
  if (const int error = write_at(descriptor_, block, size_); error != 0) {
    // The complaint is about the write; should cutting fail as well, the next opening cuts the torn line.
    if (::ftruncate(descriptor_, static_cast<off_t>(size_)) == 0) (void)::fdatasync(descriptor_);
    fail(file_, "cannot be written; nothing of the last event was kept", error);
  }
  size_ += block.size();
  if (durability == Durability::now) flush();
}

void Journal::flush() {
  if (flushed_ == size_) return;
  if (uninterrupted([&] { return ::fdatasync(descriptor_); }) == 0) {
    flushed_ = size_;
    return;
  }
  const int error = errno;
  // After a failed flush nobody knows what of the pages has reached the disk (and a second one may claim success).
  if (::ftruncate(descriptor_, static_cast<off_t>(flushed_)) == 0) (void)::fdatasync(descriptor_);
  size_ = flushed_;
  fail(file_, "cannot be flushed to the disk; nothing of the last events was kept", error);
}

void Journal::cut(std::uintmax_t size) {
  if (uninterrupted([&] { return ::ftruncate(descriptor_, static_cast<off_t>(size)); }) != 0 ||
      uninterrupted([&] { return ::fdatasync(descriptor_); }) != 0) {
    fail(file_, "its end cannot be cut off", errno);
  }
  size_ = flushed_ = size;
  has_torn_tail_ = false;
}

void write_file_atomically(const fs::path& file, std::string_view content) {
  fs::path temporary;
  Descriptor descriptor(open_temporary(file, temporary));
  if (descriptor.get() < 0) fail(file, "cannot be written", errno);
  int error = write_at(descriptor.get(), content, 0);
  if (error == 0 && uninterrupted([&] { return ::fsync(descriptor.get()); }) != 0) error = errno;
  if (error == 0 && ::close(descriptor.release()) != 0) error = errno;
  if (error == 0 && ::rename(temporary.c_str(), file.c_str()) != 0) error = errno;
  if (error != 0) {
    ::unlink(temporary.c_str());
    fail(file, "cannot be written", error);
  }
  flush_folder(file);
}

}  // namespace hyperego
