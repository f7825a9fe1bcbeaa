#include "unlocked.hpp"

#include <atomic>
#include <chrono>
#include <thread>
#include <unistd.h>

namespace hyperego::python {
namespace {

std::atomic<bool> ending = false;
std::atomic<int> returning = 0;  // threads on their way to the GIL

}  // namespace

Unlocked::~Unlocked() {
  ++returning;
  while (ending && ::gettid() != ::getpid()) {
    --returning;
    std::this_thread::sleep_for(std::chrono::hours(1));
    ++returning;
  }
  PyEval_RestoreThread(state_);
  --returning;
}

void interpreter_ends() {
  ending = true;
  const Unlocked unlocked;  // for those who passed before
  while (returning > 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

}  // namespace hyperego::python
