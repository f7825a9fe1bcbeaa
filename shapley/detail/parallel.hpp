#pragma once

#include <omp.h>

#include <cstddef>
#include <exception>
#include <vector>

namespace hyperego::detail {

/// Calls task(0) … task(count − 1) on `threads` threads (0: OpenMP's choice). Tasks must not depend on each other. Of
/// several exceptions the one of the lowest task is thrown, so that even failures do not depend on the number of
/// threads.
template <typename Task>
void in_parallel(std::size_t count, int threads, const Task& task) {
  const int wanted = threads > 0 ? threads : omp_get_max_threads();
  if (wanted == 1 || count < 2) {
    for (std::size_t i = 0; i < count; ++i) task(i);
    return;
  }
  std::vector<std::exception_ptr> failures(count);
  const auto signed_count = static_cast<std::ptrdiff_t>(count);
#pragma omp parallel for schedule(dynamic) num_threads(wanted)
  for (std::ptrdiff_t i = 0; i < signed_count; ++i) {
    try {
      task(static_cast<std::size_t>(i));
    } catch (...) {
      failures[static_cast<std::size_t>(i)] = std::current_exception();
    }
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace hyperego::detail
