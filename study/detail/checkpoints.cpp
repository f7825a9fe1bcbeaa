#include <hyperego/core/error.hpp>
#include <hyperego/study/detail/checkpoints.hpp>

#include <algorithm>
#include <string>
#include <system_error>

namespace hyperego::detail {

namespace fs = std::filesystem;

Checkpoints::Checkpoints(const fs::path& folder) : folder_(fs::absolute(folder).lexically_normal()) {}

fs::path Checkpoints::of(std::uint64_t trial) const { return folder_ / std::to_string(trial); }

Checkpoint Checkpoints::prepared(const PendingTrial& trial) const {
  Checkpoint checkpoint{.to = of(trial.trial)};
  std::error_code error;
  fs::remove_all(checkpoint.to, error);
  fs::create_directories(checkpoint.to, error);
  if (error) throw StoreError(checkpoint.to.string(), "cannot be made for a checkpoint: " + error.message());
  if (trial.continues && fs::is_directory(of(*trial.continues), error)) checkpoint.from = of(*trial.continues);
  return checkpoint;
}

void Checkpoints::remove_spent(const StudyHistory& history, std::uint64_t trial) const {
  const StudyHistory::Record& record = history.records().at(trial);
  const TrialStatus status = record.outcome->status;
  const bool has_left_one =
      status == TrialStatus::completed || status == TrialStatus::stopped || status == TrialStatus::infeasible;
  std::error_code ignored;
  if (!has_left_one || (!record.fidelity && status != TrialStatus::stopped)) fs::remove_all(of(trial), ignored);
  if (!has_left_one || !record.continues) return;
  const bool is_needed = std::any_of(history.pending().begin(), history.pending().end(), [&](std::uint64_t pending) {
    return history.records()[pending].continues == record.continues;
  });
  if (!is_needed) fs::remove_all(of(*record.continues), ignored);
}

void Checkpoints::remove_all() const {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace hyperego::detail
