#include <hyperego/core/parallel.hpp>

#include <doctest/doctest.h>

#include "forked.hpp"
#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

using namespace hyperego;

namespace {

std::string failure_of(std::size_t count, int threads, const std::function<void(std::size_t)>& task) {
  try {
    in_parallel(count, threads, task);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "none";
}

/// How many threads take part where so many are asked for.
std::size_t threads_seen(int wanted) {
  std::mutex mutex;
  std::set<std::thread::id> seen;
  in_parallel(40, wanted, [&](std::size_t) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    const std::lock_guard lock(mutex);
    seen.insert(std::this_thread::get_id());
  });
  return seen.size();
}

}  // namespace

TEST_CASE("a failed task stops the others") {
  for (const int threads : {1, 2, 4}) {
    CAPTURE(threads);
    std::atomic<int> calls = 0;
    const std::string failure = failure_of(10000, threads, [&](std::size_t i) {
      ++calls;
      if (i == 0) throw std::runtime_error("task 0");
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    });
    CHECK(failure == "task 0");
    // Those under way end; without a stop it would be ten thousand.
    CHECK(calls < 500);
  }
}

TEST_CASE("of several failures that of the lowest task is thrown, whatever the threads") {
  for (const int threads : {1, 2, 4}) {
    for (int repeat = 0; repeat < 20; ++repeat) {
      const std::string failure = failure_of(64, threads, [&](std::size_t i) {
        if (i == 20) std::this_thread::sleep_for(std::chrono::milliseconds(2));  // the later one is there first
        if (i >= 20) throw std::runtime_error("task " + std::to_string(i));
      });
      CHECK(failure == "task 20");
    }
  }
}

TEST_CASE("the default number of threads is the process's, and a thread may have its own") {
  const int by_openmp = number_of_threads(0);
  CHECK(by_openmp >= 1);
  set_threads(3);
  CHECK(number_of_threads(0) == 3);
  CHECK(number_of_threads(2) == 2);
  CHECK(threads_seen(0) == 3);
  std::thread([] {
    CHECK(number_of_threads(0) == 3);
    set_threads_of_this_thread(1);
    CHECK(number_of_threads(0) == 1);
    CHECK(number_of_threads(2) == 2);
  }).join();
  CHECK(number_of_threads(0) == 3);
  set_threads(0);
  CHECK(number_of_threads(0) == by_openmp);
}

TEST_CASE("a forked process does everything on one thread, where waiting for the parent's would never end") {
  const auto sum = [] {
    std::atomic<std::size_t> total = 0;
    in_parallel(100, 2, [&](std::size_t i) { total += i; });
    return total.load();
  };
  REQUIRE(sum() == 4950);  // OpenMP has its pool now
  CHECK(
      test::ends_well_when_forked([&] { return sum() == 4950 && number_of_threads(8) == 1 && threads_seen(4) == 1; }));
  CHECK(threads_seen(2) == 2);  // the parent goes on as before
}
