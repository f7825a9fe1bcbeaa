#include <hyperego/study/detail/marked_processes.hpp>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace hyperego::detail {
namespace {

constexpr std::size_t longest_mark = 64;
/// So many numbers are cheaper to try than all processes are to list.
constexpr pid_t few_processes = 256;

/// A process number as text, without the heap.
struct Digits {
  char text[16] = {};

  explicit Digits(pid_t number) noexcept {
    char reversed[16];
    int count = 0;
    for (auto rest = static_cast<unsigned>(number); count == 0 || rest > 0; rest /= 10)
      reversed[count++] = static_cast<char>('0' + rest % 10);
    for (int i = 0; i < count; ++i) text[i] = reversed[count - 1 - i];
  }
};

bool is_number(const char* name) noexcept {
  return *name != '\0' && std::strspn(name, "0123456789") == std::strlen(name);
}

/// Reads in blocks that overlap by the length of a mark.
bool has_mark(int processes, const char* number, std::string_view mark) noexcept {
  char path[32] = {};
  std::strncpy(path, number, 16);
  std::strcat(path, "/environ");
  const int file = ::openat(processes, path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  char block[4096 + longest_mark];
  std::size_t kept = 0;
  bool found = false;
  for (;;) {
    const ssize_t count = ::read(file, block + kept, sizeof block - kept);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    const std::size_t size = kept + static_cast<std::size_t>(count);
    found = ::memmem(block, size, mark.data(), mark.size()) != nullptr;
    if (found) break;
    kept = std::min(size, mark.size() - 1);
    std::memmove(block, block + size - kept, kept);
  }
  ::close(file);
  return found;
}

/// The number is looked at again once a descriptor holds the process, so that no other one can be met.
bool signal_if_marked(int processes, const char* number, std::string_view mark, int signal) noexcept {
  const pid_t process = std::atoi(number);
  if (process == ::getpid() || !has_mark(processes, number, mark)) return false;
  const int descriptor = static_cast<int>(::syscall(SYS_pidfd_open, process, 0));
  if (descriptor < 0) return errno == ENOSYS && ::kill(process, signal) == 0;
  const bool sent =
      has_mark(processes, number, mark) && ::syscall(SYS_pidfd_send_signal, descriptor, signal, nullptr, 0) == 0;
  ::close(descriptor);
  return sent;
}

struct DirectoryEntry {  // linux_dirent64
  std::uint64_t inode;
  std::int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[1];
};

std::size_t signal_all(int processes, std::string_view mark, int signal) noexcept {
  std::size_t count = 0;
  alignas(DirectoryEntry) char block[8192];
  for (;;) {
    const long size = ::syscall(SYS_getdents64, processes, block, sizeof block);
    if (size <= 0) return count;
    for (long at = 0; at < size;) {
      const auto* entry = reinterpret_cast<const DirectoryEntry*>(block + at);
      at += entry->length;
      if (is_number(entry->name) && signal_if_marked(processes, entry->name, mark, signal)) ++count;
    }
  }
}

/// The process number that was given last, or 0.
pid_t latest_process(int processes) noexcept {
  const int file = ::openat(processes, "loadavg", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char text[128] = {};
  const ssize_t count = ::read(file, text, sizeof text - 1);
  ::close(file);
  const char* last = count > 0 ? std::strrchr(text, ' ') : nullptr;
  return last != nullptr ? std::atoi(last + 1) : 0;
}

int open_processes() noexcept { return ::open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC); }

template <typename Signal>
std::size_t end_all(const Signal& signal) noexcept {
  // One that has its signal shows its environment until it is gone.
  constexpr timespec pause{0, 1'000'000};
  constexpr int rounds = 1000;
  std::size_t most = 0;
  for (int round = 0; round < rounds; ++round) {
    const std::size_t count = signal();
    most = std::max(most, count);
    if (count == 0) break;
    ::nanosleep(&pause, nullptr);
  }
  return most;
}

void collect_descendants(pid_t leader, const std::string& process, int depth, std::vector<OwnedDescriptor>& found) {
  constexpr int deepest = 200;
  std::error_code ignored;
  for (const auto& thread : std::filesystem::directory_iterator("/proc/" + process + "/task", ignored)) {
    std::ifstream children(thread.path() / "children");
    for (std::string child; depth < deepest && children >> child;) {
      const pid_t number = std::atoi(child.c_str());
      OwnedDescriptor descriptor(static_cast<int>(::syscall(SYS_pidfd_open, number, 0)));
      if (::getpgid(number) != leader) found.push_back(std::move(descriptor));
      collect_descendants(leader, child, depth + 1, found);
    }
  }
}

}  // namespace

std::size_t signal_marked(std::string_view mark, int signal) noexcept {
  const int processes = open_processes();
  if (processes < 0) return 0;
  const std::size_t count = signal_all(processes, mark, signal);
  ::close(processes);
  return count;
}

std::size_t signal_marked_since(pid_t first, std::string_view mark, int signal) noexcept {
  const int processes = open_processes();
  if (processes < 0) return 0;
  const pid_t latest = latest_process(processes);
  std::size_t count = 0;
  if (latest < first || latest - first > few_processes) {
    count = signal_all(processes, mark, signal);
  } else {
    for (pid_t process = first + 1; process <= latest; ++process) {
      if (signal_if_marked(processes, Digits(process).text, mark, signal)) ++count;
    }
  }
  ::close(processes);
  return count;
}

std::size_t end_marked(std::string_view mark) noexcept {
  return end_all([mark]() noexcept { return signal_marked(mark, SIGKILL); });
}

std::size_t end_marked_since(pid_t first, std::string_view mark) noexcept {
  return end_all([first, mark]() noexcept { return signal_marked_since(first, mark, SIGKILL); });
}

std::vector<OwnedDescriptor> descendants_outside_group(pid_t leader) {
  std::vector<OwnedDescriptor> found;
  collect_descendants(leader, std::to_string(leader), 0, found);
  return found;
}

void send_signal(const OwnedDescriptor& process, int signal) noexcept {
  if (process.get() >= 0) (void)::syscall(SYS_pidfd_send_signal, process.get(), signal, nullptr, 0);
}

}  // namespace hyperego::detail
