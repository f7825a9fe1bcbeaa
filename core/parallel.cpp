#include <hyperego/core/parallel.hpp>

#include <omp.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <pthread.h>

namespace hyperego {
namespace {

std::atomic<int> threads_of_process{0};
thread_local int threads_of_this_thread = 0;

std::atomic<bool> is_forked{false};
[[maybe_unused]] const int fork_is_noticed = ::pthread_atfork(nullptr, nullptr, [] { is_forked = true; });

/// The exception of the lowest task that has failed so far.
class FirstFailure {
 public:
  explicit FirstFailure(std::size_t count) : task_(count) {}

  [[nodiscard]] bool is_before(std::size_t task) const { return task_.load(std::memory_order_relaxed) < task; }
  void note(std::size_t task) {
    const std::lock_guard lock(mutex_);
    if (task > task_) return;
    task_ = task;
    exception_ = std::current_exception();
  }
  void rethrow() const {
    if (exception_) std::rethrow_exception(exception_);
  }

 private:
  std::atomic<std::size_t> task_;
  std::mutex mutex_;
  std::exception_ptr exception_;
};

}  // namespace

void in_parallel(std::size_t count, int threads, const std::function<void(std::size_t)>& task) {
  const int wanted = number_of_threads(threads);
  if (wanted == 1 || count < 2) {
    for (std::size_t i = 0; i < count; ++i) task(i);
    return;
  }
  FirstFailure failure(count);
  const auto signed_count = static_cast<std::ptrdiff_t>(count);
#pragma omp parallel for schedule(dynamic) num_threads(wanted)
  for (std::ptrdiff_t k = 0; k < signed_count; ++k) {
    const auto i = static_cast<std::size_t>(k);
    if (failure.is_before(i)) continue;  // lower ones may still have an exception that comes first
    try {
      task(i);
    } catch (...) {
      failure.note(i);
    }
  }
  failure.rethrow();
}

int number_of_threads(int wanted) {
  if (is_forked) return 1;
  for (const int threads : {wanted, threads_of_this_thread, threads_of_process.load()}) {
    if (threads > 0) return threads;
  }
  return omp_get_max_threads();
}

void set_threads(int threads) { threads_of_process = threads; }

void set_threads_of_this_thread(int threads) { threads_of_this_thread = threads; }

}  // namespace hyperego
