#pragma once

#include <hyperego/study/stop_signal.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace hyperego::detail {

class OutputCapture;

/// An owned file descriptor.
class OwnedDescriptor {
 public:
  explicit OwnedDescriptor(int value = -1) : value_(value) {}
  ~OwnedDescriptor();
  OwnedDescriptor(OwnedDescriptor&& other) noexcept : value_(other.value_) { other.value_ = -1; }
  OwnedDescriptor& operator=(OwnedDescriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  [[nodiscard]] int get() const { return value_; }

 private:
  int value_;
};

/// A new file for output, or one in memory where no path is given. @throws Error.
[[nodiscard]] OwnedDescriptor output_file(const std::optional<std::filesystem::path>& file);

struct ProcessRequest {
  std::vector<std::string> arguments;    ///< the program first, looked up in PATH
  std::vector<std::string> environment;  ///< NAME=value, complete
  std::filesystem::path directory;       ///< where it starts
  std::string input;                     ///< what it reads on stdin
  int output = -1;                       ///< descriptors that stdout and stderr go to
  int errors = -1;
  OutputCapture* output_capture = nullptr;  ///< they go there instead where these are given
  OutputCapture* error_capture = nullptr;
  std::optional<double> timeout_s;
  double grace_s = 5;  ///< between SIGTERM and SIGKILL
  /// Bytes of private memory that each process may ask for (RLIMIT_DATA), set before the program begins.
  std::optional<std::uint64_t> memory_limit;
  const StopSignal* stop = nullptr;
  const StopSignal* own_stop = nullptr;  ///< of this program alone
  /// What its environment holds to tell its processes from all others (detail/marked_processes.hpp); empty for none.
  std::string mark = {};
};

struct ProcessResult {
  enum class End {
    exited,       ///< `code` is the exit status
    signalled,    ///< `code` is the signal
    timed_out,    ///< ended by us after timeout_s
    stopped,      ///< ended by us because of the stop signal
    cut_short,    ///< ended by us because of its own stop signal
    not_started,  ///< it could not be started at all: `message`
    no_resources  ///< the machine had no room for another process: `message`; trying again may help
  } end = End::exited;
  int code = 0;
  std::string message = {};
  double processor_seconds = 0;  ///< of it and the children that it waited for
  double peak_memory_mb = 0;     ///< MiB: largest resident size among them
};

/// Runs a program in a process group of its own and waits for its end. On a time-out and on the stop signal the whole
/// group gets SIGTERM, after the grace SIGKILL; whatever the program leaves behind in its group gets SIGKILL when it
/// ends.
/// What carries its mark meets the same wherever it went; on a time-out and the stop signal its descendants too.
/// Other children and the SIGCHLD handler of this process are not touched.
[[nodiscard]] ProcessResult run_process(const ProcessRequest& request);

}  // namespace hyperego::detail
