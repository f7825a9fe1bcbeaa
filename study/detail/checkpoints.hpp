#pragma once

#include <hyperego/study/pending_trial.hpp>
#include <hyperego/study/study_history.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>

namespace hyperego::detail {

/// Where a trial finds what an earlier one has left, and where it leaves its own.
struct Checkpoint {
  std::optional<std::filesystem::path> from = {};  ///< nothing: it begins anew
  std::filesystem::path to = {};                   ///< there and empty
};

/// Folders of trials' checkpoints in a run directory, by trial number. They are kept while a trial may go on from them.
class Checkpoints {
 public:
  explicit Checkpoints(const std::filesystem::path& folder);

  /// A trial that is evaluated again finds its own folder empty. Where the folder to go on from is gone, `from` is
  /// nothing. @throws StoreError where the folder cannot be made.
  [[nodiscard]] Checkpoint prepared(const PendingTrial& trial) const;

  /// After the end of a trial: what it went on from is spent once it has left its own, which is spent when the
  /// configuration is evaluated in full; a trial without a result leaves nothing.
  void remove_spent(const StudyHistory& history, std::uint64_t trial) const;
  void remove_all() const;

 private:
  [[nodiscard]] std::filesystem::path of(std::uint64_t trial) const;
  std::filesystem::path folder_;
};

}  // namespace hyperego::detail
