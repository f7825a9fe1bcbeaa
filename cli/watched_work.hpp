#pragma once

#include <hyperego/core/progress.hpp>
#include <hyperego/study/stop_signal.hpp>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hyperego::cli {

/// Share done over time, and the time that is left by the rate of the later half of it: work is not even, and what has
/// just been done says more than the beginning.
class RemainingTime {
 public:
  /// `share` in [0, 1], at most once for each moment; smaller ones than before are passed over.
  void note(double seconds, double share);
  [[nodiscard]] double share() const { return samples_.empty() ? 0 : samples_.back().second; }
  /// Nothing before something is done.
  [[nodiscard]] std::optional<double> seconds_left() const;

 private:
  std::vector<std::pair<double, double>> samples_;
};

/// What becomes of work that does not end soon after it was asked to.
enum class Overdue { waits, ends_the_program };

/// Looks after long work of the library from a thread of its own. Beyond two seconds it shows on a terminal which phase
/// is under way, how much of it is done and how long it will take; where that is more than a minute it says so once, in
/// a line that stays. A raised stop signal is handed on through hook(); where the work is still there half a second
/// later, a large factorisation say, the program ends with exit code 128 + N, as nothing has been written yet.
class WatchedWork {
 public:
  /// @param shorter what makes it shorter, to be read after "shorter: ".
  WatchedWork(const StopSignal& stop, std::string shorter, Overdue overdue);
  ~WatchedWork();
  WatchedWork(const WatchedWork&) = delete;
  WatchedWork& operator=(const WatchedWork&) = delete;

  /// Refers to this object.
  [[nodiscard]] ProgressHook hook();
  /// The one under way, or the last.
  [[nodiscard]] std::string phase() const;

 private:
  struct State {
    std::string phase;
    double share = 0;
  };

  void watch();
  void end_program();

  const StopSignal& stop_;
  std::string shorter_;
  Overdue overdue_;
  mutable std::mutex mutex_;
  std::condition_variable ended_changed_;
  State state_;
  bool ended_ = false;
  std::thread thread_;
};

/// Does the work under watch, SIGINT and its kin raising the stop signal. 0, or the exit code of a program that was
/// stopped. @throws ResourceShortage for std::bad_alloc, with what `needed` says of the phase in which it happened.
[[nodiscard]] int watched(const std::string& shorter, const std::function<std::string(const std::string&)>& needed,
                          const std::function<void(const ProgressHook&)>& work);

/// Writes what the work has given; SIGINT and its kin wait until that is done, so that no file is left half written. 0,
/// or the exit code of a program that was stopped.
[[nodiscard]] int undisturbed(const std::function<void()>& write);

}  // namespace hyperego::cli
