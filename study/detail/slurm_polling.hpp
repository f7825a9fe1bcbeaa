#pragma once

#include <hyperego/study/detail/slurm_jobs.hpp>
#include <hyperego/study/detail/slurm_task.hpp>

#include <list>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace hyperego::detail {

/// Follows the tasks that Slurm has, or will be offered, until they end: by their result files, and by what Slurm says
/// of those that leave none. Not thread-safe.
class SlurmPolling {
 public:
  void add(SlurmTask task) { tasks_.push_back(std::move(task)); }
  [[nodiscard]] const std::list<SlurmTask>& tasks() const { return tasks_; }
  /// Arrays whose job is not known, in the order of their addresses.
  [[nodiscard]] std::set<std::shared_ptr<SlurmArray>> unanswered() const;
  /// All tasks of the array, or of every array whose job is not known, or all; they are followed no longer.
  [[nodiscard]] std::vector<SlurmTask> removed(const std::shared_ptr<SlurmArray>& array);
  [[nodiscard]] std::vector<SlurmTask> removed_unanswered();
  [[nodiscard]] std::vector<SlurmTask> removed_all();

  void look_soon() { results_.something_happened(); }
  void ask_soon() { queries_.something_happened(); }

  /// Tasks whose result files have appeared; they are followed no longer.
  [[nodiscard]] std::vector<SlurmTask> with_results();
  /// Asks Slurm how they stand, where that is due.
  void ask(SlurmJobs& slurm);
  /// Tasks that Slurm says have ended, or knows no more, and that have left no result; they are followed no longer.
  [[nodiscard]] std::vector<SlurmTask> without_results();

 private:
  template <typename Predicate>
  std::vector<SlurmTask> removed_if(Predicate is_removed);
  [[nodiscard]] bool has_result(SlurmTask& task, const std::vector<std::string>& names);

  std::list<SlurmTask> tasks_;
  BackOff results_{0.2, 5};
  BackOff queries_{1.5, 60};
};

}  // namespace hyperego::detail
