#pragma once

#include <hyperego/study/study.hpp>
#include <hyperego/study/study_saver.hpp>

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <nanobind/nanobind.h>
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
  /// the GIL, or two threads would wait for each other.
  /// @throws HyperegoError in a process forked from the one that opened the run directory.
  template <typename Function>
  auto use(Function&& function) const {
    const nanobind::gil_scoped_release release;
    const std::lock_guard lock(mutex_);
    refuse_forked();
    return function(*study_, elapsed_s());
  }

  /// front.json and front.csv follow soon; at once where `now`. Within use().
  void told(double elapsed_s, bool now) const;
  /// What ask() gives to Python: [{"trial", "configuration", "seed", "decision"}]. Within use().
  [[nodiscard]] nlohmann::ordered_json trials_json(const std::vector<PendingTrial>& trials) const;
  /// The lines of decisions.jsonl, by trial, also where there is no directory. Within use().
  [[nodiscard]] nlohmann::ordered_json decisions_json() const;

 private:
  [[nodiscard]] double elapsed_s() const;
  void refuse_forked() const;

  std::unique_ptr<Study> study_;
  mutable std::mutex mutex_;
  int process_;
  double elapsed_before_s_;
  mutable StudySaver saver_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  /// Of a study in memory, whose history forgets them.
  mutable std::map<std::uint64_t, std::shared_ptr<const nlohmann::ordered_json>> decisions_;
};

}  // namespace hyperego::python
