#include <hyperego/core/error.hpp>
#include <hyperego/report/record/study_record.hpp>

#include <nlohmann/json.hpp>

#include "signals.hpp"
#include "study.hpp"
#include <exception>
#include <unistd.h>
#include <utility>

namespace hyperego::python {

using nlohmann::ordered_json;

BoundStudy::BoundStudy(std::unique_ptr<Study> study)
    : study_(std::move(study)),
      process_(::getpid()),
      elapsed_before_s_(study_->history().elapsed_s()),
      saver_(*study_, elapsed_before_s_) {
  study_->set_progress(signals_hook());
}

BoundStudy::~BoundStudy() {
  if (::getpid() != process_) return;
  try {
    saver_.save(elapsed_s());
  } catch (const std::exception&) {
    // The journal has it all; whoever opens the directory next makes the fronts from it.
  }
}

void BoundStudy::told(double elapsed_s, bool now) const {
  saver_.told();
  now ? saver_.save(elapsed_s) : saver_.save_if_due(elapsed_s);
}

double BoundStudy::elapsed_s() const {
  return elapsed_before_s_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

/// Ctrl-C runs Python's handlers in the midst of an ask.
void BoundStudy::refuse_reentry() const {
  if (user_.load() != std::this_thread::get_id()) return;
  throw Error("study", "is at work in this very thread; a signal handler may call stop(), and nothing else of it");
}

void BoundStudy::refuse_forked() const {
  if (study_->directory() == nullptr || ::getpid() == process_) return;
  throw Error(study_->directory()->path().string(),
              "belongs to the process that opened it, not to one forked from it; ask and tell there");
}

ordered_json BoundStudy::trials_json(const std::vector<PendingTrial>& trials) const {
  ordered_json json = ordered_json::array();
  for (const PendingTrial& trial : trials) {
    if (study_->directory() == nullptr && trial.decision) decisions_[trial.trial] = trial.decision;
    json.push_back(to_json(trial, study_->specification()));
    json.back()["decision"] = trial.decision ? *trial.decision : ordered_json(nullptr);
    json.back()["state"] = trial.state ? *trial.state : ordered_json(nullptr);
  }
  return json;
}

ordered_json BoundStudy::decisions_json() const {
  ordered_json json = ordered_json::array();
  if (study_->directory() == nullptr) {
    for (const auto& [trial, decision] : decisions_) json.push_back(*decision);
    return json;
  }
  const StudyRecord record = read_study_record(study_->directory()->path());
  for (const StudyRecord::Entry& entry : record.entries) {
    if (entry.decision) json.push_back(*entry.decision);
  }
  return json;
}

}  // namespace hyperego::python
