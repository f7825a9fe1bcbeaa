#pragma once

#include <hyperego/imports/trials/import_trials.hpp>
#include <hyperego/study/study_history.hpp>

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hyperego {

/// What the journal of a run directory says, with what StudyHistory does not keep: decisions, games and times.
struct StudyRecord {
  struct Entry {
    std::shared_ptr<const nlohmann::ordered_json> decision;  ///< as in decisions.jsonl
    std::shared_ptr<const nlohmann::ordered_json> game;      ///< as in games.jsonl, or null
    double elapsed_s = 0;  ///< running time of the study when the trial ended; 0 while it is pending
  };

  StudyHistory history;
  std::vector<Entry> entries;                                   ///< by trial
  std::vector<std::uint64_t> ended;                             ///< trials in the order in which they ended
  std::shared_ptr<const nlohmann::ordered_json> specification;  ///< study.json
  std::string version;                                          ///< of the program that made the directory
  std::string instruction_set;
  double last_event = 0;                ///< when the last event was written, seconds since 1970
  bool running = false;                 ///< whether a process is at work on it
  std::vector<std::string> notes = {};  ///< what was inferred or left out where trials were imported
};

/// Reads a run directory, finished or in use, without locking or changing it.
/// @throws as RunDirectory::read_history().
[[nodiscard]] StudyRecord read_study_record(const std::filesystem::path& directory);

/// The same of trials that are in no run directory.
/// @throws InvalidInput as study_of().
[[nodiscard]] StudyRecord study_record_of(const ImportedTrials& imported);

}  // namespace hyperego
