#include "signals.hpp"

#include <chrono>
#include <nanobind/nanobind.h>
#include <unistd.h>

namespace nb = nanobind;

namespace hyperego::python {

ProgressHook signals_hook() {
  using Clock = std::chrono::steady_clock;
  return [last = Clock::now()](const ProgressStep&) mutable {
    // Python's handlers run on the main thread alone; others need not wait for the GIL, nor meet the interpreter's end.
    if (::gettid() != ::getpid()) return true;
    const Clock::time_point now = Clock::now();
    if (now - last < std::chrono::milliseconds(100)) return true;
    last = now;
    const nb::gil_scoped_acquire acquire;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    return true;
  };
}

}  // namespace hyperego::python
