#include <hyperego/core/journal.hpp>
#include <hyperego/core/json_reader.hpp>
#include <hyperego/study/detail/slurm_folder.hpp>
#include <hyperego/study/detail/trial_command.hpp>

#include <nlohmann/json.hpp>

namespace hyperego::detail {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

SlurmFolder::SlurmFolder(const StudySpecification& study, CommandEvaluation evaluation, const fs::path& path,
                         std::optional<fs::path> logs, const std::optional<fs::path>& checkpoints)
    : study_(study),
      evaluation_(std::move(evaluation)),
      path_(fs::absolute(path)),
      logs_(std::move(logs)),
      name_prefix_("hyperego-" + digest(identity(study_) + fs::weakly_canonical(path_).string()) + "-") {
  if (checkpoints && continues_training(study)) checkpoints_.emplace(*checkpoints);
}

SlurmFolder::Key SlurmFolder::key_of(const SlurmTicket& ticket) const {
  return {ticket.trial, study_.space->to_json(ticket.configuration).dump()};
}

void SlurmFolder::recover() {
  fs::create_directories(path_);
  std::map<std::uint64_t, fs::path> folders;
  for (const auto& entry : fs::directory_iterator(path_)) {
    const std::string name = entry.path().filename().string();
    if (name.empty() || name.size() > 15 || name.find_first_not_of("0123456789") != std::string::npos) continue;
    folders[std::stoull(name)] = entry.path();
  }
  for (const auto& [number, folder] : folders) {
    next_ = number + 1;
    if (fs::exists(folder / "manifest.json")) recover_array(folder);  // else sbatch was never called
  }
}

void SlurmFolder::recover_array(const fs::path& folder) {
  const ordered_json manifest = read_json_file(folder / "manifest.json");
  const auto array = std::make_shared<SlurmArray>();
  array->folder = folder;
  array->name = manifest.at("name").get<std::string>();
  array->count = manifest.at("trials").size();
  array->is_unsure = true;
  const Submission submitted = SlurmJobs::recorded(array->answer());
  array->job = submitted.job;
  array->cluster = submitted.cluster;
  const bool was_cancelled = fs::exists(folder / "cancelled");
  int index = 0;
  for (const ordered_json& trial : manifest.at("trials")) {
    const bool has_result = fs::exists(folder / (std::to_string(index) + ".result"));
    const Key key{trial.at("trial").get<std::uint64_t>(), trial.at("configuration").dump()};
    if (!was_cancelled || has_result) {
      earlier_[key] = {array, index};
    } else {
      earlier_.erase(key);
    }
    ++index;
  }
}

std::optional<SlurmTask> SlurmFolder::recovered(const std::shared_ptr<SlurmTicket>& ticket) {
  const auto found = earlier_.find(key_of(*ticket));
  if (found == earlier_.end()) return std::nullopt;
  SlurmTask task{.ticket = ticket, .array = found->second.first, .index = found->second.second};
  earlier_.erase(found);
  return task;
}

std::vector<SlurmTask> SlurmFolder::write(const std::vector<std::shared_ptr<SlurmTicket>>& tickets) {
  const std::string number = std::to_string(next_++);
  const auto array = std::make_shared<SlurmArray>(
      SlurmArray{.folder = path_ / number, .name = name_prefix_ + number, .count = tickets.size()});
  fs::create_directories(array->folder);
  ordered_json trials = ordered_json::array();
  std::vector<SlurmTask> tasks;
  for (const auto& ticket : tickets) {
    const int index = static_cast<int>(tasks.size());
    write_task(*ticket, *array, index);
    trials.push_back({{"trial", ticket->trial}, {"configuration", study_.space->to_json(ticket->configuration)}});
    tasks.push_back({.ticket = ticket, .array = array, .index = index});
  }
  write_file_atomically(array->script(), "#!/bin/sh\nexec /bin/sh " + shell_quoted(array->folder.string()) +
                                             "/\"$SLURM_ARRAY_TASK_ID\".sh\n");
  write_file_atomically(array->folder / "manifest.json",
                        ordered_json{{"name", array->name}, {"trials", trials}}.dump() + "\n");
  return tasks;
}

void SlurmFolder::write_task(const SlurmTicket& ticket, const SlurmArray& array, int index) const {
  const PendingTrial trial{.trial = ticket.trial,
                           .configuration = ticket.configuration,
                           .seed = ticket.seed,
                           .fidelity = ticket.fidelity,
                           .continues = ticket.continues};
  const auto checkpoint = checkpoints_ ? std::optional(checkpoints_->prepared(trial)) : std::nullopt;
  const TrialCommand command(evaluation_, study_, trial, checkpoint);
  const std::string stem = std::to_string(index);
  const fs::path log = logs_ ? fs::absolute(*logs_) / std::to_string(ticket.trial) : array.folder / stem;
  const TaskFiles files{.input = array.folder / (stem + ".input"),
                        .output = log.string() + ".out",
                        .errors = log.string() + ".err",
                        .result = array.folder / (stem + ".result")};
  write_file_atomically(files.input, command.input());
  write_file_atomically(array.folder / (stem + ".sh"), task_script(evaluation_, command, files));
}

void SlurmFolder::withdraw(const std::shared_ptr<SlurmArray>& array) {
  bool has_results = false;
  for (auto entry = earlier_.begin(); entry != earlier_.end();) {
    const auto current = entry++;
    if (current->second.first != array) continue;
    if (fs::exists(array->folder / (std::to_string(current->second.second) + ".result"))) {
      has_results = true;
    } else {
      earlier_.erase(current);
    }
  }
  if (has_results) return;
  fs::remove(array->folder / "manifest.json");
  std::error_code ignored;
  fs::remove_all(array->folder, ignored);
}

}  // namespace hyperego::detail
