#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/detail/slurm_waiting.hpp>
#include <hyperego/study/detail/trial_command.hpp>
#include <hyperego/study/evaluators.hpp>

#include <algorithm>

namespace hyperego {
namespace {

/// Holds the reason while there is one.
constexpr auto waiting_file = "waiting";

}  // namespace

namespace detail {

void SlurmWaiting::stands_in_the_way(const std::string& sentence) {
  in_the_way_ = sentence;
  say_once(sentence);
}

void SlurmWaiting::say_once(const std::string& sentence) {
  if (note_ && said_.insert(sentence).second) note_(sentence);
}

std::string SlurmWaiting::reason(const std::list<SlurmTask>& tasks) const {
  if (!in_the_way_.empty() || tasks.empty()) return in_the_way_;
  std::set<std::string> states;
  for (const SlurmTask& task : tasks) {
    if (!task.state || task.result) return {};
    states.insert(task.state->state);
  }
  const bool all_wait = std::all_of(states.begin(), states.end(),
                                    [](const std::string& state) { return state.rfind("PENDING", 0) == 0; });
  if (!all_wait) return {};
  std::string list;
  for (const std::string& state : states) list += (list.empty() ? "" : ", ") + state;
  return "all jobs wait in Slurm's queue: " + list;
}

void SlurmWaiting::publish(const std::list<SlurmTask>& tasks) {
  const std::string now = reason(tasks);
  if (now == published_) return;
  published_ = now;
  try {
    if (now.empty()) {
      std::filesystem::remove(folder_ / waiting_file);
    } else {
      write_file_atomically(folder_ / waiting_file, now + "\n");
    }
  } catch (const std::exception&) {
  }
}

void forget_waiting(const std::filesystem::path& folder) { std::filesystem::remove(folder / waiting_file); }

}  // namespace detail

std::string reason_for_waiting(const std::filesystem::path& jobs) {
  std::error_code ignored;
  if (!std::filesystem::exists(jobs / waiting_file, ignored)) return {};
  try {
    return detail::trimmed(read_text_file(jobs / waiting_file));
  } catch (const InvalidInput&) {
    return {};  // gone in the meantime
  }
}

}  // namespace hyperego
