#include "watched_work.hpp"

#include <hyperego/study/resource_shortage.hpp>

#include <fmt/format.h>

#include "interruption.hpp"
#include "output.hpp"
#include "progress.hpp"
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <new>
#include <poll.h>

namespace hyperego::cli {
namespace {

using namespace std::chrono_literals;

constexpr auto silence = 2s;
constexpr auto tick = 100ms;
constexpr auto patience = 500ms;
constexpr double long_seconds = 60;

double seconds(std::chrono::steady_clock::duration duration) { return std::chrono::duration<double>(duration).count(); }

std::string duration_text(double seconds) {
  if (seconds < 5400) return fmt::format("{:.0f} minutes", std::max(2.0, std::ceil(seconds / 60)));
  return fmt::format("{:.0f} hours", std::max(2.0, std::ceil(seconds / 3600)));
}

/// The line of one piece of work, from the moment at which it is made.
struct Display {
  using Clock = std::chrono::steady_clock;

  TerminalLine& line;
  const std::string& shorter;
  Clock::time_point start = Clock::now();
  std::string phase = {};
  Clock::time_point start_of_phase = start;
  RemainingTime remaining = {};
  bool is_announced = false;

  void show(const std::string& now_in, double share) {
    const Clock::time_point now = Clock::now();
    if (now_in != phase) {
      phase = now_in;
      start_of_phase = now;
      remaining = {};
    }
    const double spent = seconds(now - start_of_phase);
    remaining.note(spent, share);
    if (now - start < silence || phase.empty()) return;
    const auto left = remaining.seconds_left();
    if (!left) return line.show({phase, clock_text(spent) + " so far"});
    if (*left > long_seconds && now - start_of_phase > silence && !is_announced) {
      is_announced = true;
      line.erase();
      note(fmt::format("{}: about {} left; shorter: {}", phase, duration_text(*left), shorter));
    }
    line.show({phase, fmt::format("{:.0f} %", std::floor(100 * remaining.share())), clock_text(*left) + " left"});
  }
};

}  // namespace

void RemainingTime::note(double seconds, double share) {
  if (!samples_.empty() && (seconds <= samples_.back().first || share < samples_.back().second)) return;
  samples_.emplace_back(seconds, std::min(share, 1.0));
}

std::optional<double> RemainingTime::seconds_left() const {
  if (samples_.size() < 2) return std::nullopt;
  const auto [now, share] = samples_.back();
  const double middle = 0.5 * (samples_.front().first + now);
  const auto later = std::lower_bound(samples_.begin(), samples_.end() - 1, std::pair(middle, 0.0));
  for (const auto from : {later, samples_.begin()}) {
    if (from->second < share) return (1 - share) * (now - from->first) / (share - from->second);
  }
  return std::nullopt;
}

WatchedWork::WatchedWork(const StopSignal& stop, std::string shorter, Overdue overdue)
    : stop_(stop), shorter_(std::move(shorter)), overdue_(overdue), thread_([this] { watch(); }) {}

WatchedWork::~WatchedWork() {
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  ended_changed_.notify_all();
  thread_.join();
}

ProgressHook WatchedWork::hook() {
  return [this](const ProgressStep& step) {
    const double share = step.total == 0 ? 0 : static_cast<double>(step.done) / static_cast<double>(step.total);
    {
      const std::lock_guard lock(mutex_);
      if (state_.phase != step.phase) state_ = {.phase = std::string(step.phase)};
      state_.share = std::max(state_.share, share);
    }
    return !stop_;
  };
}

std::string WatchedWork::phase() const {
  const std::lock_guard lock(mutex_);
  return state_.phase;
}

void WatchedWork::end_program() {
  std::unique_lock lock(mutex_);
  if (ended_changed_.wait_for(lock, patience, [this] { return ended_; })) return;
  note("stopped; nothing was written");
  std::_Exit(128 + stop_.reason());
}

void WatchedWork::watch() {
  TerminalLine line;
  Display display{line, shorter_};
  std::unique_lock lock(mutex_);
  while (!ended_changed_.wait_for(lock, tick, [this] { return ended_; })) {
    if (stop_ && overdue_ == Overdue::ends_the_program) {
      line.erase();
      lock.unlock();
      return end_program();
    }
    try {
      display.show(state_.phase, state_.share);
    } catch (const std::bad_alloc&) {
      // The work has taken all memory and will say so itself.
    }
  }
}

int watched(const std::string& shorter, const std::function<std::string(const std::string&)>& needed,
            const std::function<void(const ProgressHook&)>& work) {
  StopSignal stop;
  const Interruption interruption(stop);
  {
    WatchedWork watch(stop, shorter, Overdue::ends_the_program);
    try {
      work(watch.hook());
    } catch (const Stopped&) {
    } catch (const std::bad_alloc&) {
      throw ResourceShortage("", "out of memory in \"" + watch.phase() + "\": " + needed(watch.phase()));
    }
  }
  if (!stop) return 0;
  note("stopped; nothing was written");
  return 128 + stop.reason();
}

int undisturbed(const std::function<void()>& write) {
  StopSignal stop;
  const Interruption interruption(stop);
  write();
  return stop ? 128 + stop.reason() : 0;
}

}  // namespace hyperego::cli
