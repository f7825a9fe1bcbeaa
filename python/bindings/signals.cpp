#include "signals.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <nanobind/nanobind.h>

namespace nb = nanobind;

namespace hyperego::python {

ProgressHook signals_hook() {
  using Clock = std::chrono::steady_clock;
  const auto last = std::make_shared<std::atomic<Clock::rep>>(Clock::now().time_since_epoch().count());
  return [last](const ProgressStep&) {
    const Clock::rep now = Clock::now().time_since_epoch().count();
    Clock::rep before = last->load(std::memory_order_relaxed);
    if (Clock::duration(now - before) < std::chrono::milliseconds(100)) return true;
    if (!last->compare_exchange_strong(before, now)) return true;  // another thread is at it
    const nb::gil_scoped_acquire acquire;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    return true;
  };
}

}  // namespace hyperego::python
