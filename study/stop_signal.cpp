#include <hyperego/study/resource_shortage.hpp>
#include <hyperego/study/stop_signal.hpp>

#include <cerrno>
#include <cstdint>
#include <sys/eventfd.h>
#include <unistd.h>

namespace hyperego {

StopSignal::StopSignal() : descriptor_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (descriptor_ < 0) fail_to_get("stop signal", "no file descriptor is left", errno);
}

StopSignal::~StopSignal() { ::close(descriptor_); }

void StopSignal::raise(int reason) noexcept {
  const int saved = errno;  // a signal handler must not change it
  int none = 0;
  reason_.compare_exchange_strong(none, reason, std::memory_order_acq_rel);
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(descriptor_, &one, sizeof one);
  errno = saved;
}

}  // namespace hyperego
