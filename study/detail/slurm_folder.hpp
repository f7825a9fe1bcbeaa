#pragma once

#include <hyperego/study/detail/checkpoints.hpp>
#include <hyperego/study/detail/slurm_task.hpp>
#include <hyperego/study/specification.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace hyperego::detail {

/// The job arrays of a study on disk. Each has a folder with the scripts, manifest.json (written last, before sbatch is
/// called), the answer of sbatch, and one file per result. A process that takes over finds the array by its answer or,
/// where sbatch was cut off, by the name that no other array has.
class SlurmFolder {
 public:
  /// Arrays go to `path`, logs to `logs` and checkpoints to `checkpoints` where given. @throws StoreError where files
  /// cannot be written, as write().
  SlurmFolder(const StudySpecification& study, CommandEvaluation evaluation, const std::filesystem::path& path,
              std::optional<std::filesystem::path> logs, const std::optional<std::filesystem::path>& checkpoints);

  /// Finds what an earlier process has submitted. To be called first, once.
  void recover();
  /// The task of an earlier process that evaluates this trial, the latest where there are several; given once, for
  /// should it be lost, the next attempt is a new one.
  [[nodiscard]] std::optional<SlurmTask> recovered(const std::shared_ptr<SlurmTicket>& ticket);
  /// A new array of one task for each ticket.
  [[nodiscard]] std::vector<SlurmTask> write(const std::vector<std::shared_ptr<SlurmTicket>>& tickets);
  /// Removes an array that Slurm does not have, unless there are results in it that are still to be asked for.
  void withdraw(const std::shared_ptr<SlurmArray>& array);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  using Key = std::pair<std::uint64_t, std::string>;  // trial and configuration
  [[nodiscard]] Key key_of(const SlurmTicket& ticket) const;
  void recover_array(const std::filesystem::path& folder);
  void write_task(const SlurmTicket& ticket, const SlurmArray& array, int index) const;

  StudySpecification study_;
  CommandEvaluation evaluation_;
  std::filesystem::path path_;
  std::optional<std::filesystem::path> logs_;
  std::optional<Checkpoints> checkpoints_;
  std::string name_prefix_;
  std::map<Key, std::pair<std::shared_ptr<SlurmArray>, int>> earlier_;
  std::uint64_t next_ = 0;
};

}  // namespace hyperego::detail
