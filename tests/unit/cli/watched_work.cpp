#include "cli/watched_work.hpp"

#include <hyperego/study/resource_shortage.hpp>

#include <doctest/doctest.h>

#include "cli/memory_remedy.hpp"
#include <chrono>
#include <csignal>
#include <new>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace hyperego;
using namespace hyperego::cli;

TEST_CASE("the time left follows the rate of the later half") {
  RemainingTime even;
  CHECK_FALSE(even.seconds_left().has_value());
  for (int t = 0; t <= 20; ++t) even.note(t, 0.01 * t);
  CHECK(*even.seconds_left() == doctest::Approx(80));
  CHECK(even.share() == doctest::Approx(0.2));

  RemainingTime jumping;  // half of it at once, the rest slowly
  for (int t = 0; t <= 20; ++t) jumping.note(t, t == 0 ? 0 : 0.5 + 0.01 * t);
  CHECK(*jumping.seconds_left() == doctest::Approx(30));

  RemainingTime stalled;  // nothing new in the later half: the rate of all
  for (int t = 0; t <= 20; ++t) stalled.note(t, t < 5 ? 0.02 * t : 0.1);
  CHECK(*stalled.seconds_left() == doctest::Approx(180));

  RemainingTime untidy;  // threads tell out of order
  untidy.note(0, 0);
  untidy.note(1, 0.2);
  untidy.note(2, 0.1);
  untidy.note(1, 0.9);
  CHECK(untidy.share() == doctest::Approx(0.2));
  CHECK(*untidy.seconds_left() == doctest::Approx(4));
}

TEST_CASE("the exit code of work is that of the signal that stopped it") {
  const auto nothing = [](const std::string&) { return std::string(); };
  CHECK(watched("", nothing, [](const ProgressHook& hook) { tell(hook, {"game", 1, 2}); }) == 0);
  int steps = 0;
  const int code = watched("", nothing, [&](const ProgressHook& hook) {
    for (;; ++steps) {
      if (steps == 3) ::raise(SIGTERM);
      tell(hook, {"game", 1, 2});
    }
  });
  CHECK(code == 128 + SIGTERM);
  CHECK(steps == 3);
}

TEST_CASE("a signal waits until files are written") {
  bool is_written = false;
  CHECK(undisturbed([&] {
          ::raise(SIGINT);
          is_written = true;
        }) == 128 + SIGINT);
  CHECK(is_written);
  CHECK(undisturbed([] {}) == 0);
}

TEST_CASE("work that does not end soon after a signal ends with the program") {
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    const int code = watched(
        "", [](const std::string&) { return std::string(); },
        [](const ProgressHook& hook) {
          tell(hook, {"one large factorisation", 0, 1});
          ::raise(SIGINT);
          std::this_thread::sleep_for(std::chrono::seconds(20));
        });
    ::_exit(code == 128 + SIGINT ? 1 : 2);  // too late
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 128 + SIGINT);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(5));
}

TEST_CASE("a shortage of memory names the phase, what it takes and the options that take less") {
  const WorkSize size{.trials = 20000, .hyperparameters = 10, .samples = 1000000, .is_process = true};
  const auto message_in = [&](const char* phase) -> std::string {
    try {
      (void)watched(
          "", [&](const std::string& where) { return memory_remedy(where, size); },
          [&](const ProgressHook& hook) {
            tell(hook, {phase, 0, 1});
            throw std::bad_alloc();
          });
    } catch (const ResourceShortage& shortage) {
      return shortage.what();
    }
    return "none";
  };
  CHECK(
      message_in("model of error") ==
      "out of memory in \"model of error\": a Gaussian process of 20000 trials takes at least 6.0 GiB; use --surrogate "
      "forest, or fewer trials");
  CHECK(message_in("game") ==
        "out of memory in \"game\": 1000000 samples take at least 115 MiB; take fewer --samples, a smaller --budget or "
        "fewer --threads");
}
