#pragma once

#include <hyperego/imports/table/source_trials.hpp>

#include <filesystem>
#include <string>

namespace hyperego {

/// A file or folder and, of a file, how it begins.
struct TrialSource {
  std::filesystem::path path;
  bool is_folder = false;
  std::string beginning = {};  ///< at most 4096 bytes

  /// A file of this name in the folder.
  [[nodiscard]] bool has(const char* name) const;
};

/// A way in which a program keeps its trials.
struct TrialFormat {
  const char* name;  ///< "an Optuna study in SQLite"
  bool (*recognizes)(const TrialSource& source);
  /// @throws InvalidInput
  SourceTrials (*read)(const TrialSource& source, const std::string& study);
};

// One for each file of formats/. The first that recognizes a source reads it.
extern const TrialFormat run_directory_format;
extern const TrialFormat benchmark_run_format;
extern const TrialFormat deepcave_format;
extern const TrialFormat smac_format;
extern const TrialFormat ray_format;
extern const TrialFormat optuna_sqlite_format;
extern const TrialFormat optuna_journal_format;
extern const TrialFormat json_records_format;
extern const TrialFormat delimited_format;

}  // namespace hyperego
