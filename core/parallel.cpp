#include <hyperego/core/parallel.hpp>

#include <omp.h>

#include <exception>
#include <vector>

namespace hyperego {

void in_parallel(std::size_t count, int threads, const std::function<void(std::size_t)>& task) {
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

}  // namespace hyperego
