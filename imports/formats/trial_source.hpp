#pragma once

#include <hyperego/imports/table/source_trials.hpp>

#include <filesystem>
#include <string>

namespace hyperego {

/// Reads what another program has left of its trials, whichever program it was: the content tells, not the name.
///
/// Files: tables with commas, semicolons or tabs; JSON records, JSON lines and what pandas writes by any `orient`; an
/// Optuna storage (SQLite or journal file); SMAC3's runhistory.json. Folders: run directories of this program and
/// single runs of its benchmarks; SMAC3 output (1.x, 2.x); DeepCAVE runs; Ray Tune experiments.
/// @param study names one of several studies of a storage.
/// @throws InvalidInput naming file, line or member, and the remedy: for what is none of these, for damage, and where a
/// source holds several studies and none is named.
[[nodiscard]] SourceTrials read_trials(const std::filesystem::path& source, const std::string& study = {});

}  // namespace hyperego
