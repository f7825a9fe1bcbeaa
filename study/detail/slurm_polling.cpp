#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/detail/slurm_polling.hpp>

#include <algorithm>
#include <map>

namespace hyperego::detail {
namespace {

namespace fs = std::filesystem;

/// A result may show up on this machine after Slurm says that its task has ended (network file systems).
constexpr double patience_after_completion_s = 30;
constexpr double patience_after_failure_s = 2;
/// Answers in a row that do not mention a job before it is taken for gone.
constexpr int most_missing = 3;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) names.push_back(entry.path().filename().string());
  return names;
}

}  // namespace

/// All are judged before any is removed, so that a failure in between loses none.
template <typename Predicate>
std::vector<SlurmTask> SlurmPolling::removed_if(Predicate is_removed) {
  std::vector<std::list<SlurmTask>::iterator> chosen;
  for (auto task = tasks_.begin(); task != tasks_.end(); ++task) {
    if (is_removed(*task)) chosen.push_back(task);
  }
  std::vector<SlurmTask> removed;
  for (const auto task : chosen) {
    removed.push_back(std::move(*task));
    tasks_.erase(task);
  }
  return removed;
}

std::set<std::shared_ptr<SlurmArray>> SlurmPolling::unanswered() const {
  std::set<std::shared_ptr<SlurmArray>> arrays;
  for (const SlurmTask& task : tasks_) {
    if (task.array->job.empty()) arrays.insert(task.array);
  }
  return arrays;
}

std::vector<SlurmTask> SlurmPolling::removed(const std::shared_ptr<SlurmArray>& array) {
  return removed_if([&](const SlurmTask& task) { return task.array == array; });
}

std::vector<SlurmTask> SlurmPolling::removed_unanswered() {
  return removed_if([](const SlurmTask& task) { return task.array->job.empty(); });
}

std::vector<SlurmTask> SlurmPolling::removed_all() {
  return removed_if([](const SlurmTask&) { return true; });
}

std::vector<SlurmTask> SlurmPolling::with_results() {
  if (!results_.is_due() || tasks_.empty()) return {};
  results_.wait_longer();
  std::map<fs::path, std::vector<std::string>> listed;  // one look at each folder, however many tasks are in it
  return removed_if([&](SlurmTask& task) {
    if (task.result) return false;
    auto& names = listed[task.array->folder];
    if (names.empty()) names = names_in(task.array->folder);
    return has_result(task, names);
  });
}

bool SlurmPolling::has_result(SlurmTask& task, const std::vector<std::string>& names) {
  const std::string name = std::to_string(task.index) + ".result";
  if (std::find(names.begin(), names.end(), name) == names.end()) return false;
  auto result = parse_task_result(read_text_file(task.array->folder / name));
  if (!result) result = TaskResult{.status = 1, .output = {}};
  results_.something_happened();
  // A killed program may be Slurm's doing, and the script merely the last to know.
  const bool may_be_slurm = result->status > 128;
  task.result = std::move(*result);
  if (!may_be_slurm || (task.state && task.state->fate != SlurmFate::active)) return true;
  queries_.something_happened();
  return false;
}

void SlurmPolling::ask(SlurmJobs& slurm) {
  if (!queries_.is_due()) return;
  std::map<std::string, std::vector<std::string>> jobs;  // by cluster
  for (const SlurmTask& task : tasks_) {
    if (task.array->job.empty()) continue;
    auto& list = jobs[task.array->cluster];
    if (std::find(list.begin(), list.end(), task.array->job) == list.end()) list.push_back(task.array->job);
  }
  if (jobs.empty()) return;
  queries_.wait_longer();
  for (const auto& [cluster, list] : jobs) {
    const auto states = slurm.states(list, cluster);
    if (!states) continue;
    for (SlurmTask& task : tasks_) {
      if (task.array->job.empty() || task.array->cluster != cluster) continue;
      const auto found = states->find({task.array->name, task.index});
      if (found == states->end()) {
        ++task.missing;
        continue;
      }
      task.missing = 0;
      if (!task.state || task.state->state != found->second.state) queries_.something_happened();
      task.state = found->second;
    }
  }
}

std::vector<SlurmTask> SlurmPolling::without_results() {
  return removed_if([&](SlurmTask& task) {
    const bool is_gone = task.missing >= most_missing;
    const bool has_ended = task.state && task.state->fate != SlurmFate::active;
    if (!is_gone && !has_ended) {
      task.ended.reset();
      return false;
    }
    const auto now = BackOff::Clock::now();
    if (!task.ended) task.ended = now;
    const bool completed = has_ended && task.state->fate == SlurmFate::completed;
    const double patience = task.result ? 0 : completed ? patience_after_completion_s : patience_after_failure_s;
    results_.something_happened();
    return now - *task.ended >= BackOff::duration(patience);
  });
}

}  // namespace hyperego::detail
