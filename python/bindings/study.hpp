#pragma once

#include <hyperego/core/error.hpp>
#include <hyperego/study/study.hpp>
#include <hyperego/study/study_saver.hpp>

#include <nlohmann/json_fwd.hpp>

#include "unlocked.hpp"
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <nanobind/nanobind.h>
#include <thread>
#include <vector>

namespace hyperego::python {

/// A study that several threads of Python may use: what hyperego._core.Study holds.
class BoundStudy {
 public:
  explicit BoundStudy(std::unique_ptr<Study> study);
  /// The fronts on the disk are then those of the journal.
  ~BoundStudy();
  BoundStudy(const BoundStudy&) = delete;
  BoundStudy& operator=(const BoundStudy&) = delete;

  /// Calls function(study, running time in seconds over all runs) without the GIL and alone. The function must not need
  /// the GIL for long, as another thread may hold it and wait here: signals_hook() alone takes it.
  /// @throws HyperegoError in a process forked from the one that opened the run directory, and in a signal handler that
  /// has interrupted another use.
  template <typename Function>
  auto use(Function&& function) const {
    const Unlocked unlocked;
    refuse_reentry();
    const std::lock_guard lock(mutex_);
    const User user(user_);
    refuse_forked();
    return function(*study_, elapsed_s());
  }

  /// front.json and front.csv follow soon; at once where `now`. Within use().
  void told(double elapsed_s, bool now) const;
  /// What ask() gives to Python: [{"trial", "configuration", "seed", "decision", "state"}]. Within use().
  [[nodiscard]] nlohmann::ordered_json trials_json(const std::vector<PendingTrial>& trials) const;
  /// The lines of decisions.jsonl, by trial, also where there is no directory. Within use().
  [[nodiscard]] nlohmann::ordered_json decisions_json() const;

 private:
  /// The thread that uses the study now.
  struct User {
    explicit User(std::atomic<std::thread::id>& at) : id(at) { id = std::this_thread::get_id(); }
    ~User() { id = std::thread::id(); }
    User(const User&) = delete;
    User& operator=(const User&) = delete;
    std::atomic<std::thread::id>& id;
  };

  [[nodiscard]] double elapsed_s() const;
  void refuse_forked() const;
  void refuse_reentry() const;

  std::unique_ptr<Study> study_;
  mutable std::mutex mutex_;
  mutable std::atomic<std::thread::id> user_ = {};
  int process_;
  double elapsed_before_s_;
  mutable StudySaver saver_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  /// Of a study in memory, whose history forgets them.
  mutable std::map<std::uint64_t, std::shared_ptr<const nlohmann::ordered_json>> decisions_;
};

}  // namespace hyperego::python
