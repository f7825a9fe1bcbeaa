#pragma once

#include <hyperego/core/error.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace hyperego {

/// How far long work is: `done` of `total` steps of a phase ("game", "model of error"). Steps of different phases are
/// not comparable; `total` is 0 where it is not known.
struct ProgressStep {
  std::string_view phase;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
};

/// Told how far long work is and asked whether it is to go on: where it returns false the work ends with Stopped as
/// soon as the steps under way are done, and nothing of it is kept. Asked between tiles, coalitions, trials and fits, a
/// hundred times a second or more, by any thread at work, by several at the same time, so that `done` may come out of
/// order. What it throws ends the work as well and comes out unchanged. Results do not depend on it.
using ProgressHook = std::function<bool(const ProgressStep&)>;

/// Work was given up because its ProgressHook asked for that.
class Stopped : public Error {
 public:
  Stopped() : Error("", "stopped before it was done; nothing of it was kept") {}
};

/// @throws Stopped where there is a hook that does not want to go on.
void tell(const ProgressHook& hook, const ProgressStep& step);

/// For work that is the steps `begin` … `end` of `total` of a phase: its own steps are told as shares of those, under
/// the name of that phase. Empty where `hook` is.
[[nodiscard]] ProgressHook part_of(const ProgressHook& hook, std::string phase, std::uint64_t begin, std::uint64_t end,
                                   std::uint64_t total);

/// For work with phases of its own, whose names get `title` in front: "importance of error: game". Empty where `hook`
/// is.
[[nodiscard]] ProgressHook titled(const ProgressHook& hook, std::string title);

/// Steps that several threads count together. `hook` must outlive it.
class StepCounter {
 public:
  StepCounter(const ProgressHook& hook, std::string_view phase, std::uint64_t total)
      : hook_(hook), phase_(phase), total_(total) {}

  /// So many more are done. @throws Stopped as tell() does.
  void advance(std::uint64_t steps = 1) {
    if (hook_) tell(hook_, {phase_, done_.fetch_add(steps, std::memory_order_relaxed) + steps, total_});
  }

 private:
  const ProgressHook& hook_;
  std::string_view phase_;
  std::uint64_t total_;
  std::atomic<std::uint64_t> done_{0};
};

}  // namespace hyperego
