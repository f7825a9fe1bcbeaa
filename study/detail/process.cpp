#include <hyperego/core/error.hpp>
#include <hyperego/study/detail/marked_processes.hpp>
#include <hyperego/study/detail/output_capture.hpp>
#include <hyperego/study/detail/process.hpp>
#include <hyperego/study/resource_shortage.hpp>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace hyperego::detail {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
}

std::string words_of(int error) { return std::generic_category().message(error); }

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

/// A file in memory instead of a pipe: the program may read its input late or never without anybody blocking.
OwnedDescriptor input_file(const std::string& text) {
  OwnedDescriptor descriptor(::memfd_create("input", MFD_CLOEXEC));
  if (descriptor.get() < 0) fail_to_get("input", "no memory for the input of a program", errno);
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t count = ::pwrite(descriptor.get(), text.data() + done, text.size() - done, static_cast<off_t>(done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw Error("input", "no memory for the input of a program: " + words_of(errno));
    done += static_cast<std::size_t>(count);
  }
  return descriptor;
}

constexpr int reset_signals[] = {SIGINT, SIGTERM, SIGPIPE, SIGQUIT, SIGHUP, SIGXFSZ};

int output_of(const ProcessRequest& request) {
  return request.output_capture != nullptr ? request.output_capture->program_end() : request.output;
}
int errors_of(const ProcessRequest& request) {
  return request.error_capture != nullptr ? request.error_capture->program_end() : request.errors;
}

/// Releases what posix_spawn needs.
struct SpawnSettings {
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};

  SpawnSettings(const ProcessRequest& request, int input) {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_adddup2(&actions, input, 0);
    posix_spawn_file_actions_adddup2(&actions, output_of(request), 1);
    posix_spawn_file_actions_adddup2(&actions, errors_of(request), 2);
    if (!request.directory.empty()) posix_spawn_file_actions_addchdir_np(&actions, request.directory.c_str());
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    for (const int signal : reset_signals) sigaddset(&signals, signal);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
};

constexpr Clock::time_point never = Clock::time_point::max();

int milliseconds_until(Clock::time_point deadline) {
  if (deadline == never) return -1;
  const double left = Seconds(deadline - Clock::now()).count() * 1e3;
  return static_cast<int>(std::ceil(std::clamp(left, 0.0, 1e9)));
}

Clock::time_point after(double seconds) {
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(Seconds(std::min(seconds, 1e9)));
}

/// Starts the program; 0 or the error number.
int spawn(const ProcessRequest& request, int input, char* const* arguments, char* const* environment, pid_t& pid) {
  const SpawnSettings settings(request, input);
  return ::posix_spawnp(&pid, arguments[0], &settings.actions, &settings.attributes, arguments, environment);
}

/// The same with a limit on memory, for which posix_spawn has no word. A limit of our own that the child inherits, or
/// one set from outside once it runs, would hold for other children too or come too late. Between fork and exec only
/// what is safe among threads is called; a pipe that closes on exec brings back why exec failed.
int fork_with_limit(const ProcessRequest& request, int input, char* const* arguments, char* const* environment,
                    pid_t& pid) {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) return errno;
  const OwnedDescriptor read_end(ends[0]);
  OwnedDescriptor write_end(ends[1]);
  const rlimit limit{*request.memory_limit, *request.memory_limit};
  const int output = output_of(request);
  const int errors = errors_of(request);
  const char* directory = request.directory.c_str();
  // A signal handler of ours must not run in the child before its signals are reset.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  pid = ::fork();
  if (pid == 0) {
    struct sigaction usual {};
    usual.sa_handler = SIG_DFL;
    for (const int signal : reset_signals) ::sigaction(signal, &usual, nullptr);
    sigset_t none;
    sigemptyset(&none);
    ::setpgid(0, 0);
    const bool ready = ::dup2(input, 0) >= 0 && ::dup2(output, 1) >= 0 && ::dup2(errors, 2) >= 0 &&
                       (*directory == '\0' || ::chdir(directory) == 0) && ::setrlimit(RLIMIT_DATA, &limit) == 0;
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
    if (ready) ::execvpe(arguments[0], arguments, environment);
    const int error = errno;
    (void)!::write(ends[1], &error, sizeof error);
    ::_exit(127);
  }
  const int fork_error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (pid < 0) return fork_error;
  write_end = OwnedDescriptor();
  int error = 0;
  ssize_t count = 0;
  do count = ::read(read_end.get(), &error, sizeof error);
  while (count < 0 && errno == EINTR);
  if (count != static_cast<ssize_t>(sizeof error)) return 0;
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
  return error;
}

/// For want of a descriptor to watch: whether the program has ended. It stays a zombie.
bool has_ended(pid_t pid) {
  siginfo_t information{};
  return ::waitid(P_PID, static_cast<id_t>(pid), &information, WEXITED | WNOHANG | WNOWAIT) != 0 ||
         information.si_pid == pid;
}

/// All the processes of a program, for signals.
class ProcessTree {
 public:
  ProcessTree(pid_t program, std::string mark) : program_(program), mark_(std::move(mark)) {}

  /// While the program runs: the end that it is given.
  void terminate() {
    if (!mark_.empty()) descendants_ = descendants_outside_group(program_);
    signal(SIGTERM);
  }
  void kill() { signal(SIGKILL); }
  /// Once the program is a zombie: SIGKILL to what it leaves behind.
  void clear() {
    ::kill(-program_, SIGKILL);
    for (const OwnedDescriptor& process : descendants_) send_signal(process, SIGKILL);
    if (mark_.empty()) return;
    // Numbers may have come round in a longer time.
    constexpr double short_s = 10;
    if (Seconds(Clock::now() - start_).count() < short_s) {
      (void)end_marked_since(program_, mark_);
    } else {
      (void)end_marked(mark_);
    }
  }

 private:
  void signal(int number) {
    ::kill(-program_, number);
    for (const OwnedDescriptor& process : descendants_) send_signal(process, number);
    if (!mark_.empty() && number == SIGKILL) (void)signal_marked(mark_, number);
  }

  pid_t program_;
  std::string mark_;
  Clock::time_point start_ = Clock::now();
  std::vector<OwnedDescriptor> descendants_;
};

/// Waits until the program ends, taking its output and sending signals where it must. Says why if it was us who ended
/// it.
std::optional<ProcessResult::End> wait_for_end(pid_t pid, int process, const ProcessRequest& request,
                                               ProcessTree& tree) {
  std::optional<ProcessResult::End> ended_by_us;
  Clock::time_point deadline = request.timeout_s ? after(*request.timeout_s) : never;
  bool killed = false;
  constexpr int blind_interval_ms = 20;
  const auto descriptor_of = [](const OutputCapture* capture) {
    return capture != nullptr ? capture->descriptor() : -1;
  };
  for (;;) {
    const bool heeds_stop = request.stop != nullptr && !ended_by_us;
    const bool heeds_own_stop = request.own_stop != nullptr && !ended_by_us;
    pollfd watched[5] = {{process, POLLIN, 0},
                         {heeds_stop ? request.stop->descriptor() : -1, POLLIN, 0},
                         {descriptor_of(request.output_capture), POLLIN, 0},
                         {descriptor_of(request.error_capture), POLLIN, 0},
                         {heeds_own_stop ? request.own_stop->descriptor() : -1, POLLIN, 0}};
    int timeout = milliseconds_until(deadline);
    if (process < 0 && (timeout < 0 || timeout > blind_interval_ms)) timeout = blind_interval_ms;
    const int ready = ::poll(watched, 5, timeout);
    if (ready < 0 && errno != EINTR && errno != ENOMEM && errno != EAGAIN) return ended_by_us;
    if (ready < 0) continue;
    if (watched[2].revents != 0) request.output_capture->read();
    if (watched[3].revents != 0) request.error_capture->read();
    if (watched[0].revents != 0 || (process < 0 && has_ended(pid))) return ended_by_us;
    const bool late = Clock::now() >= deadline;
    const bool stop = watched[1].revents != 0;
    const bool own_stop = watched[4].revents != 0;
    if (!late && !stop && !own_stop) continue;
    if (!ended_by_us) {
      ended_by_us = stop       ? ProcessResult::End::stopped
                    : own_stop ? ProcessResult::End::cut_short
                               : ProcessResult::End::timed_out;
      tree.terminate();
      deadline = after(request.grace_s);
    } else if (!killed) {
      tree.kill();
      killed = true;
      deadline = never;
    }
  }
}

}  // namespace

OwnedDescriptor::~OwnedDescriptor() {
  if (value_ >= 0) ::close(value_);
}

OwnedDescriptor output_file(const std::optional<std::filesystem::path>& file) {
  if (!file) {
    OwnedDescriptor descriptor(::memfd_create("output", MFD_CLOEXEC));
    if (descriptor.get() < 0) fail_to_get("output", "no memory for the output of a program", errno);
    return descriptor;
  }
  ::unlink(file->c_str());  // a program left over from a crash may still write to the old one
  OwnedDescriptor descriptor(::open(file->c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (descriptor.get() < 0) fail_to_get(file->string(), "cannot be written", errno);
  return descriptor;
}

ProcessResult run_process(const ProcessRequest& request) {
  const OwnedDescriptor input = input_file(request.input);
  const auto arguments = pointers_to(request.arguments);
  const auto environment = pointers_to(request.environment);
  pid_t pid = -1;
  const int error = request.memory_limit
                        ? fork_with_limit(request, input.get(), arguments.data(), environment.data(), pid)
                        : spawn(request, input.get(), arguments.data(), environment.data(), pid);
  for (OutputCapture* capture : {request.output_capture, request.error_capture}) {
    if (capture != nullptr) capture->started();
  }
  if (error != 0) {
    // Too little memory may be the doing of memory_mb.
    const bool scarce = is_shortage(error) && !(error == ENOMEM && request.memory_limit);
    return {.end = scarce ? ProcessResult::End::no_resources : ProcessResult::End::not_started,
            .code = error,
            .message = "\"" + request.arguments[0] + "\" cannot be started: " + words_of(error)};
  }
  // The process stays a zombie until waitpid(), so neither its number nor its group can become somebody else's.
  const OwnedDescriptor process(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  ProcessTree tree(pid, request.mark);
  const auto ended_by_us = wait_for_end(pid, process.get(), request, tree);
  tree.clear();
  int status = 0;
  rusage usage{};
  while (::wait4(pid, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  for (OutputCapture* capture : {request.output_capture, request.error_capture}) {
    if (capture != nullptr) capture->finish();
  }
  ProcessResult result{.processor_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime),
                       .peak_memory_mb = static_cast<double>(usage.ru_maxrss) / 1024};
  if (ended_by_us) {
    result.end = *ended_by_us;
  } else if (WIFSIGNALED(status)) {
    result.end = ProcessResult::End::signalled;
    result.code = WTERMSIG(status);
  } else {
    result.code = WEXITSTATUS(status);
  }
  return result;
}

}  // namespace hyperego::detail
