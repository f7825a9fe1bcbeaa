#pragma once

#include <atomic>

namespace hyperego {

/// A request to stop, raised once and for all: from a signal handler, another thread, or an observer.
class StopSignal {
 public:
  /// @throws ResourceShortage where the process has no file descriptor left.
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  /// Safe inside a signal handler. `reason` is anything but 0, for instance the signal's number; the first one counts.
  void raise(int reason = -1) noexcept;
  /// 0 until it has been raised.
  [[nodiscard]] int reason() const noexcept { return reason_.load(std::memory_order_acquire); }
  [[nodiscard]] explicit operator bool() const noexcept { return reason() != 0; }
  /// Readable (poll) once it has been raised.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }

 private:
  std::atomic<int> reason_{0};
  int descriptor_ = -1;
};

}  // namespace hyperego
