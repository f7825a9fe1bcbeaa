#include <hyperego/core/configspace_json.hpp>
#include <hyperego/core/error.hpp>
#include <hyperego/core/journal.hpp>
#include <hyperego/imports/trials/imported_study.hpp>
#include <hyperego/study/run_directory.hpp>
#include <hyperego/study/study_history.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace hyperego {
namespace {

namespace fs = std::filesystem;

/// No optimizer has chosen it.
SuggestedEvent imported_event(const ImportedTrials& imported, std::size_t i, const StudySpecification& study) {
  Suggestion suggestion{
      .trial = i, .configuration = imported.trials[i].configuration, .decision = {}, .state = nullptr};
  suggestion.decision.trial = i;
  suggestion.decision.free = study.space->searched();
  suggestion.decision.reason = "imported from " + imported.kind + ", " + imported.places[i];
  SuggestedEvent event = suggested_event(suggestion, *study.space, i, 1);
  nlohmann::ordered_json decision = *event.decision;
  decision["phase"] = "imported";
  event.decision = std::make_shared<const nlohmann::ordered_json>(std::move(decision));
  return event;
}

/// A folder within another one beside `out`, which is renamed to `out` or goes away.
class FolderInTheMaking {
 public:
  explicit FolderInTheMaking(fs::path out) : out_(std::move(out)) {
    std::error_code error;
    const fs::path parent = out_.parent_path().empty() ? fs::path(".") : out_.parent_path();
    fs::create_directories(parent, error);
    std::string name = (parent / ".hyperego-import-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw StoreError(out_.string(), "cannot be made: " + std::generic_category().message(errno));
    outer_ = name;
  }
  ~FolderInTheMaking() {
    std::error_code ignored;
    fs::remove_all(outer_, ignored);
  }
  FolderInTheMaking(const FolderInTheMaking&) = delete;
  FolderInTheMaking& operator=(const FolderInTheMaking&) = delete;

  [[nodiscard]] fs::path path() const { return outer_ / "run"; }

  /// An empty folder at `out` is replaced.
  void finish() const {
    std::error_code error;
    fs::rename(path(), out_, error);
    if (error) throw StoreError(out_.string(), "cannot be made: " + error.message());
  }

 private:
  fs::path out_;
  fs::path outer_;
};

void refuse_what_is_there(const fs::path& out) {
  std::error_code error;
  if (!fs::exists(fs::symlink_status(out, error))) return;
  if (fs::is_directory(fs::symlink_status(out, error)) && fs::is_empty(out, error)) return;
  throw InvalidInput(out.string(), "is there already; choose another directory with --out");
}

}  // namespace

StudySpecification study_of(const ImportedTrials& imported, std::uint64_t further) {
  StudySpecification study;
  study.name = imported.name.empty() ? "imported" : imported.name;
  study.where = imported.where;
  study.space = imported.space;
  study.objectives = imported.objectives;
  study.limits.trials = imported.trials.size() + further;
  study.max_failures.reset();
  study.validate();
  return study;
}

std::vector<StudyEvent> events_of(const ImportedTrials& imported, const StudySpecification& study) {
  std::vector<StudyEvent> events;
  double elapsed = 0;
  for (std::size_t i = 0; i < imported.trials.size(); ++i) {
    const Trial& trial = imported.trials[i];
    events.emplace_back(imported_event(imported, i, study));
    elapsed = imported.ended_at[i] ? std::max(elapsed, *imported.ended_at[i]) : elapsed + trial.outcome.seconds;
    events.emplace_back(EndedEvent{trial, elapsed});
  }
  return events;
}

void write_run_directory(const ImportedTrials& imported, const fs::path& given) {
  const fs::path out = given.filename().empty() ? given.parent_path() : given;
  refuse_what_is_there(out);
  const StudySpecification study = study_of(imported, further_trials);
  FolderInTheMaking folder(out);
  {
    RunDirectory directory(folder.path(), study, OpenMode::start);
    directory.begin();
    StudyHistory history(study);
    for (const StudyEvent& event : events_of(imported, study)) {
      history.apply(event);
      directory.append(event, Durability::with_next);
    }
    directory.flush();
    directory.write_front(history);
    write_file_atomically(folder.path() / "space.json", to_configspace_json(*study.space).dump(2) + "\n");
  }
  folder.finish();
}

}  // namespace hyperego
