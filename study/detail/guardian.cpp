#include <hyperego/study/detail/guardian.hpp>
#include <hyperego/study/detail/marked_processes.hpp>
#include <hyperego/study/resource_shortage.hpp>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hyperego::detail {
namespace {

void close_from(int first) noexcept {
  if (::syscall(SYS_close_range, static_cast<unsigned>(first), ~0U, 0U) == 0) return;
  constexpr int most = 1 << 16;
  for (int descriptor = first; descriptor < most; ++descriptor) ::close(descriptor);
}

/// Runs in the child of a process with threads: only what is safe there.
[[noreturn]] void watch(int leash, int watched, const std::string& mark) noexcept {
  ::setsid();
  ::prctl(PR_SET_NAME, "trial-guardian");
  for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE}) ::signal(signal, SIG_IGN);
  (void)!::chdir("/");
  // Either may be 0 or 1 where the caller has closed its own.
  const int high_leash = ::fcntl(leash, F_DUPFD, 3);
  const int high_watched = ::fcntl(watched >= 0 ? watched : leash, F_DUPFD, 3);
  ::dup2(high_leash, 0);
  ::dup2(high_watched, 1);
  close_from(2);
  // A fork of the watched process may hold the other end of the leash, so that only the process itself tells its end.
  pollfd ends[2] = {{0, POLLIN, 0}, {1, POLLIN, 0}};
  while (::poll(ends, 2, -1) < 0 && errno == EINTR) {
  }
  char farewell = 0;
  if (ends[0].revents != 0 && ::read(0, &farewell, 1) == 1) ::_exit(0);
  (void)end_marked(mark);
  ::_exit(0);
}

}  // namespace

Guardian::Guardian(const std::string& mark) {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
    fail_to_get("guardian", "no connection to the guardian of the programs", errno);
  }
  const OwnedDescriptor read_end(ends[0]);
  leash_ = OwnedDescriptor(ends[1]);
  const OwnedDescriptor self(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
  // A signal handler of ours must not run in the child.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  process_ = ::fork();
  if (process_ == 0) {
    // Signals stay blocked: nothing but SIGKILL ends it.
    watch(read_end.get(), self.get(), mark);
  }
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (process_ < 0) fail_to_get("guardian", "no process to guard the programs", error);
}

Guardian::~Guardian() {
  const char farewell = 'q';
  (void)::send(leash_.get(), &farewell, 1, MSG_NOSIGNAL);
  while (::waitpid(process_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace hyperego::detail
